import { useTranslation } from 'react-i18next';
import { useStore } from '../../../shared/store.ts';
import type { RollActs } from '../../roll-acts.ts';

interface RollFilesProps {
  readonly signed: { readonly name: string; readonly atMs: number };
  readonly acts: RollActs;
}

/** Who signed; the record as files, and the way to put it right. */
export function RollFiles({ signed, acts }: RollFilesProps) {
  const { t, i18n } = useTranslation();
  const { running } = useStore(acts);
  const language = i18n.language.startsWith('vi') ? 'vi' : 'en';
  const when = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'short', timeStyle: 'short' });
  return (
    <section className="roll-end">
      <p role="status">
        {t('rollCall.signed', { name: signed.name, at: when.format(signed.atMs) })}
      </p>
      <div className="row">
        {(['pdf', 'csv'] as const).map(format => (
          <button
            key={format}
            type="button"
            className="primary"
            disabled={running > 0}
            onClick={() => void acts.download(format, language)}
          >
            {t(`rollCall.save.${format}`)}
          </button>
        ))}
      </div>
      <p className="mark">{t('rollCall.correctHint')}</p>
      <button type="button" disabled={running > 0} onClick={() => void acts.start()}>
        {t('rollCall.correct')}
      </button>
    </section>
  );
}
