import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { JoinError } from '../api.ts';
import { timeOf } from '../time-of.ts';
import type { Visit } from '../visit.ts';
import { PinField } from './PinField.tsx';

/** Who knows the PIN of the chair leads from now on, without leaving. */
export function LeadByPin({ visit }: { readonly visit: Visit | undefined }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  if (isOpen) return <PinForm visit={visit} />;
  return (
    <button type="button" className="small" onClick={() => setOpen(true)}>
      {t('lead.open')}
    </button>
  );
}

function PinForm({ visit }: { readonly visit: Visit | undefined }) {
  const { t, i18n } = useTranslation();
  const [isWorking, setWorking] = useState(false);
  const [problem, setProblem] = useState<JoinError>();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const submit = async (form: FormData) => {
    setWorking(true);
    setProblem(undefined);
    try {
      await visit?.lead(String(form.get('pin') ?? '').trim());
    } catch (err) {
      setProblem(err instanceof JoinError ? err : new JoinError('unknown'));
    } finally {
      setWorking(false);
    }
  };
  const code = problem?.code === 'pin-wrong' ? 'lead-pin-wrong' : problem?.code;
  return (
    <form
      className="lead-by-pin"
      onSubmit={event => {
        event.preventDefault();
        void submit(new FormData(event.currentTarget));
      }}
    >
      <PinField className="field" label={t('preview.chairPin')} inputRef={field} />
      {code !== undefined && (
        <p role="alert" className="problem">
          {t(`errors.${code}`, { time: timeOf(problem?.retryAtMs ?? 0, i18n.language) })}
        </p>
      )}
      <button type="submit" className="primary" disabled={isWorking}>
        {t('lead.submit')}
      </button>
    </form>
  );
}
