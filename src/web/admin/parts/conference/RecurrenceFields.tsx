import { Label, ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import {
  describeRecurrence,
  type Nth,
  type Recurrence,
  readRule,
  WEEKDAYS,
  type Weekday,
  weekdayOf,
  writeRule,
} from '../../lib/recurrence.ts';
import { Choice, TextInput } from '../Fields.tsx';

export interface RecurrenceFieldsProps {
  /** The first start, like `2026-12-01T07:30`. */
  readonly startsAt: string;
  readonly timeZone: string;
  readonly rrule: string;
  readonly error: string | undefined;
  readonly isDisabled: boolean;
  readonly onChange: (rrule: string) => void;
}

type Kind = 'once' | Recurrence['kind'] | 'own';
const KINDS: readonly Kind[] = ['once', 'daily', 'weekly', 'month-weekday', 'month-day', 'own'];
const ENDS = ['never', 'count', 'until'] as const;

/** Builds the rule of a recurrence, and says it in words. */
export function RecurrenceFields(props: RecurrenceFieldsProps) {
  const { startsAt, timeZone, rrule, error, isDisabled, onChange } = props;
  const { t, i18n } = useTranslation();
  const recurrence = rrule ? safely(rrule, timeZone) : undefined;
  const kind: Kind = rrule === '' ? 'once' : (recurrence?.kind ?? 'own');
  const change = (to: Recurrence) => onChange(writeRule(to, timeZone));
  const choose = (to: Kind) => {
    if (to === 'once') onChange('');
    else if (to !== 'own') change(usual(to, startsAt, recurrence));
  };
  return (
    <div className="recurrence">
      <Choice
        label={t('recurrence.title')}
        value={kind}
        isDisabled={isDisabled}
        options={KINDS.filter(one => one !== 'own' || kind === 'own').map(one => ({
          value: one,
          label: t(`recurrence.kinds.${one}`),
        }))}
        onChange={choose}
      />
      {kind === 'own' && (
        <TextInput
          label={t('recurrence.rule')}
          value={rrule}
          error={error}
          isDisabled={isDisabled}
          onChange={onChange}
        />
      )}
      {recurrence && (
        <>
          <TextInput
            label={t(`recurrence.interval.${recurrence.kind}`)}
            type="number"
            min={1}
            value={String(recurrence.interval)}
            isDisabled={isDisabled}
            onChange={typed => change({ ...recurrence, interval: Math.max(1, Number(typed) || 1) })}
          />
          <Pattern recurrence={recurrence} isDisabled={isDisabled} onChange={change} />
          <End recurrence={recurrence} isDisabled={isDisabled} onChange={change} />
          <p className="in-words" aria-live="polite">
            {describeRecurrence(recurrence, t, i18n.language)}
          </p>
        </>
      )}
    </div>
  );
}

interface PartProps {
  readonly recurrence: Recurrence;
  readonly isDisabled: boolean;
  readonly onChange: (recurrence: Recurrence) => void;
}

function Pattern({ recurrence, isDisabled, onChange }: PartProps) {
  const { t } = useTranslation();
  if (recurrence.kind === 'weekly')
    return (
      <div className="field">
        <Label id="weekdays">{t('recurrence.days')}</Label>
        <ToggleButtonGroup
          className="days"
          aria-labelledby="weekdays"
          selectionMode="multiple"
          isDisabled={isDisabled}
          selectedKeys={recurrence.days}
          onSelectionChange={keys => onChange({ ...recurrence, days: [...keys] as Weekday[] })}
        >
          {WEEKDAYS.map(day => (
            <ToggleButton key={day} id={day} aria-label={t(`weekdays.${day}`)}>
              {t(`weekdaysShort.${day}`)}
            </ToggleButton>
          ))}
        </ToggleButtonGroup>
      </div>
    );
  if (recurrence.kind === 'month-day')
    return (
      <TextInput
        label={t('recurrence.dayOfMonth')}
        type="number"
        min={1}
        max={31}
        value={String(recurrence.day)}
        isDisabled={isDisabled}
        onChange={typed =>
          onChange({ ...recurrence, day: Math.min(31, Math.max(1, Number(typed) || 1)) })
        }
      />
    );
  if (recurrence.kind !== 'month-weekday') return null;
  return (
    <>
      <Choice
        label={t('recurrence.which')}
        value={String(recurrence.nth)}
        isDisabled={isDisabled}
        options={['1', '2', '3', '4', '-1'].map(one => ({
          value: one,
          label: t(`recurrence.nth.${one}`),
        }))}
        onChange={nth => onChange({ ...recurrence, nth: Number(nth) as Nth })}
      />
      <Choice
        label={t('recurrence.weekday')}
        value={recurrence.day}
        isDisabled={isDisabled}
        options={WEEKDAYS.map(day => ({ value: day, label: t(`weekdays.${day}`) }))}
        onChange={day => onChange({ ...recurrence, day })}
      />
    </>
  );
}

function End({ recurrence, isDisabled, onChange }: PartProps) {
  const { t } = useTranslation();
  const { end } = recurrence;
  const choose = (kind: (typeof ENDS)[number]) => {
    if (kind === 'never') onChange({ ...recurrence, end: { kind } });
    if (kind === 'count') onChange({ ...recurrence, end: { kind, count: 10 } });
    if (kind === 'until') onChange({ ...recurrence, end: { kind, date: endOfYear() } });
  };
  return (
    <>
      <Choice
        label={t('recurrence.ends')}
        value={end.kind}
        isDisabled={isDisabled}
        options={ENDS.map(one => ({ value: one, label: t(`recurrence.end.${one}`) }))}
        onChange={choose}
      />
      {end.kind === 'count' && (
        <TextInput
          label={t('recurrence.count')}
          type="number"
          min={1}
          value={String(end.count)}
          isDisabled={isDisabled}
          onChange={typed =>
            onChange({ ...recurrence, end: { ...end, count: Math.max(1, Number(typed) || 1) } })
          }
        />
      )}
      {end.kind === 'until' && (
        <TextInput
          label={t('recurrence.until')}
          type="date"
          value={end.date}
          isDisabled={isDisabled}
          onChange={date => date && onChange({ ...recurrence, end: { ...end, date } })}
        />
      )}
    </>
  );
}

/** What one begins with when another kind is chosen. */
function usual(
  kind: Recurrence['kind'],
  startsAt: string,
  before: Recurrence | undefined,
): Recurrence {
  const kept = {
    interval: before?.interval ?? 1,
    end: before?.end ?? ({ kind: 'never' } as const),
  };
  const date = Number(startsAt.slice(8, 10));
  const day = weekdayOf(startsAt);
  switch (kind) {
    case 'daily':
      return { kind, ...kept };
    case 'weekly':
      return { kind, days: [day], ...kept };
    case 'month-day':
      return { kind, day: date, ...kept };
    case 'month-weekday':
      return { kind, nth: (date > 28 ? -1 : Math.ceil(date / 7)) as Nth, day, ...kept };
  }
}

/** While a zone is being typed it is none. */
function safely(rrule: string, timeZone: string): Recurrence | undefined {
  try {
    return readRule(rrule, timeZone);
  } catch {
    return readRule(rrule, 'UTC');
  }
}

function endOfYear(): string {
  return `${new Date().getFullYear()}-12-31`;
}
