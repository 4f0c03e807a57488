import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { operations } from '../../../../contract/operations.ts';
import { recordName } from '../../../../contract/record-name.ts';
import { type RecordDetailView, RecordFormat } from '../../../../contract/records.ts';
import { saveFile } from '../../../shared/save-file.ts';
import { dateTime } from '../../lib/format.ts';
import { useAct, useAnswer, useApp } from '../../lib/hooks.ts';
import { Fact, FactsList } from '../FactsList.tsx';
import { Link } from '../Link.tsx';
import { Panel } from '../Panel.tsx';
import { Answered } from '../States.tsx';
import { Comings, Roll, Written } from './RecordParts.tsx';
import { RecordState } from './RecordState.tsx';

interface RecordPanelProps {
  readonly recordId: string;
  readonly onClose: () => void;
}

/** A record at the side, with its files. */
export function RecordPanel({ recordId, onClose }: RecordPanelProps) {
  const { t, i18n } = useTranslation();
  const record = useAnswer(operations.getRecord, { params: { id: recordId } }, [
    'record',
    'meeting',
  ]);
  const { title, startedAtMs } = record.data ?? {};
  const at = startedAtMs !== undefined && dateTime(startedAtMs, i18n.language);
  return (
    <Panel
      title={at ? t('records.titleAt', { title, at }) : t('records.one')}
      size="wide"
      onClose={onClose}
      footer={record.data && <Files record={record.data} />}
    >
      <Answered answer={record}>
        {shown => (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a keyboard scrolls it
          <section className="record" tabIndex={0} aria-label={shown.title}>
            <p>
              <RecordState record={shown} />
            </p>
            <Facts record={shown} />
            <Roll rows={shown.rows} isCalled={shown.ledBy !== undefined} />
            <Comings attendance={shown.attendance} />
            <Written chat={shown.chat} />
          </section>
        )}
      </Answered>
    </Panel>
  );
}

function Files({ record }: { readonly record: RecordDetailView }) {
  const { client } = useApp();
  const { t, i18n } = useTranslation();
  const [isBusy, act] = useAct();
  const { id } = record;
  const language = i18n.language === 'vi' ? 'vi' : 'en';
  const save = (format: RecordFormat) =>
    act(async () => {
      const query = { format, language } as const;
      const content = await client.download(operations.getRecordFile, { params: { id }, query });
      saveFile({ content, name: `${recordName(record)}.${format}` });
    });
  return (
    <>
      {RecordFormat.options.toReversed().map(format => (
        <Button
          key={format}
          className={format === 'pdf' ? 'primary' : 'button'}
          isDisabled={isBusy}
          onPress={() => void save(format)}
        >
          {t(`records.save.${format}`)}
        </Button>
      ))}
    </>
  );
}

function Facts({ record }: { readonly record: RecordDetailView }) {
  const { t, i18n } = useTranslation();
  const { counts, signed, corrects, endedAtMs } = record;
  const at = (atMs: number) => dateTime(atMs, i18n.language);
  return (
    <FactsList>
      <Fact label={t('records.startedAt')}>{at(record.startedAtMs)}</Fact>
      <Fact label={t('records.endedAt')}>
        {endedAtMs === undefined ? undefined : at(endedAtMs)}
      </Fact>
      <Fact label={t('records.present')}>{t('records.presentOf', { ...counts })}</Fact>
      <Fact label={t('records.headcount')}>
        {counts.headcount > 0 ? String(counts.headcount) : undefined}
      </Fact>
      <Fact label={t('records.ledBy')}>{record.ledBy ?? t('records.nobody')}</Fact>
      <Fact label={t('records.signedBy')}>
        {signed && t('records.nameAt', { name: signed.name, at: at(signed.atMs) })}
      </Fact>
      <Fact label={t('records.corrects')}>
        {corrects && <Link to={`/records/${corrects}`}>{t('records.before')}</Link>}
      </Fact>
    </FactsList>
  );
}
