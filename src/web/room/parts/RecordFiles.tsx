import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type RecordFormat, TICKET_HOURS } from '../../../contract/records.ts';
import { saveFile } from '../../shared/save-file.ts';
import { ActError } from '../events.ts';
import { recordFile } from '../roll-api.ts';
import { Problem } from './Problem.tsx';

interface RecordFilesProps {
  readonly ticket: string;
  /** Of a meeting before the one that this page is about. */
  readonly conferenceName?: string;
}

/** The record of the meeting as files, for a chair, and for how long they are there. */
export function RecordFiles({ ticket, conferenceName: name }: RecordFilesProps) {
  const { t, i18n } = useTranslation();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const language = i18n.language.startsWith('vi') ? 'vi' : 'en';
  const save = async (format: RecordFormat) => {
    setBusy(true);
    setProblem(undefined);
    try {
      saveFile(await recordFile(ticket, format, language));
    } catch (err) {
      setProblem(err instanceof ActError ? err.code : 'unknown');
    } finally {
      setBusy(false);
    }
  };
  return (
    <section className="record-files" aria-labelledby="record-title">
      <h2 id="record-title">{name ? t('record.of', { name }) : t('record.title')}</h2>
      <p>{t('record.intro')}</p>
      <div className="row">
        {(['pdf', 'csv'] as const).map(format => (
          <button key={format} type="button" disabled={isBusy} onClick={() => void save(format)}>
            {t(`record.save.${format}`)}
          </button>
        ))}
      </div>
      <p className="mark">{t('record.until', { hours: TICKET_HOURS })}</p>
      <Problem code={problem} ours="record.problems" />
    </section>
  );
}
