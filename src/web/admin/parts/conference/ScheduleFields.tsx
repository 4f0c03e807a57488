import { useTranslation } from 'react-i18next';
import type { ConferenceForm } from '../../lib/conference-form.ts';
import { TextInput, Toggle } from '../Fields.tsx';
import { RecurrenceFields } from './RecurrenceFields.tsx';

export interface ScheduleFieldsProps {
  readonly form: ConferenceForm;
  readonly errorOf: (path: string) => string | undefined;
  readonly isDisabled: boolean;
  readonly onChange: (change: Partial<ConferenceForm>) => void;
}

/** When it takes place. */
export function ScheduleFields({ form, errorOf, isDisabled, onChange }: ScheduleFieldsProps) {
  const { t } = useTranslation();
  const text = (field: 'startsAt' | 'durationMin' | 'timeZone') => ({
    label: t(`conferences.fields.${field}`),
    value: form[field],
    error: errorOf(`schedule.${field}`),
    isDisabled,
    onChange: (value: string) => onChange({ [field]: value }),
  });
  return (
    <fieldset className="fields">
      <legend>{t('conferences.when')}</legend>
      <Toggle
        label={t('conferences.fields.isScheduled')}
        hint={t('conferences.hints.isScheduled')}
        isOn={form.isScheduled}
        isDisabled={isDisabled}
        onChange={isScheduled => onChange({ isScheduled })}
      />
      {form.isScheduled && (
        <>
          <TextInput {...text('startsAt')} type="datetime-local" isRequired />
          <TextInput {...text('durationMin')} type="number" min={5} max={1440} isRequired />
          <TextInput {...text('timeZone')} />
          {form.startsAt && (
            <RecurrenceFields
              startsAt={form.startsAt}
              timeZone={form.timeZone}
              rrule={form.rrule}
              error={errorOf('schedule.rrule')}
              isDisabled={isDisabled}
              onChange={rrule => onChange({ rrule })}
            />
          )}
        </>
      )}
    </fieldset>
  );
}
