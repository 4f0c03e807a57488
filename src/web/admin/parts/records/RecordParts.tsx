import { useTranslation } from 'react-i18next';
import type { ChatLine } from '../../../../contract/chat.ts';
import type { Presence, RollMark, RollRow } from '../../../../contract/records.ts';
import { clockTime } from '../../lib/format.ts';
import { Status, type Tone } from '../Status.tsx';
import { type Column, Table } from '../Table.tsx';

const TONES: Readonly<Record<RollMark, Tone>> = {
  present: 'good',
  late: 'warn',
  absent: 'bad',
  unmarked: 'idle',
};

interface RollProps {
  readonly rows: readonly RollRow[];
  /** Else it says who connected. */
  readonly isCalled: boolean;
}

/** Who was there, as the roll says. */
export function Roll({ rows, isCalled }: RollProps) {
  const { t, i18n } = useTranslation();
  const columns: Column<RollRow>[] = [
    { key: 'name', label: t('records.who'), isRoomy: true, cell: ({ name }) => name },
    {
      key: 'mark',
      label: t('records.mark'),
      cell: ({ mark }) => (
        <Status tone={TONES[mark]}>{t(`records.${isCalled ? 'marks' : 'seen'}.${mark}`)}</Status>
      ),
    },
    {
      key: 'arrived',
      label: t('records.cameAt'),
      cell: ({ arrivedAtMs }) =>
        arrivedAtMs === undefined ? '—' : clockTime(arrivedAtMs, i18n.language),
    },
    {
      key: 'headcount',
      label: t('records.people'),
      isNumber: true,
      cell: ({ headcount }) => headcount ?? '—',
    },
    { key: 'note', label: t('records.note'), cell: ({ note }) => note ?? '—' },
  ];
  return (
    <section className="record-part">
      <h3>{t('records.roll')}</h3>
      <Table label={t('records.roll')} columns={columns} rows={rows} keyOf={({ id }) => id} />
    </section>
  );
}

/** Who came and when they went. */
export function Comings({ attendance }: { readonly attendance: readonly Presence[] }) {
  const { t, i18n } = useTranslation();
  if (attendance.length === 0) return null;
  const columns: Column<Presence>[] = [
    { key: 'name', label: t('records.who'), isRoomy: true, cell: ({ name }) => name },
    { key: 'kind', label: t('records.kind'), cell: ({ kind }) => t(`records.kinds.${kind}`) },
    {
      key: 'came',
      label: t('records.cameAt'),
      cell: ({ cameAtMs }) => clockTime(cameAtMs, i18n.language),
    },
    {
      key: 'went',
      label: t('records.wentAt'),
      cell: ({ wentAtMs }) =>
        wentAtMs === undefined ? t('records.stillThere') : clockTime(wentAtMs, i18n.language),
    },
  ];
  return (
    <section className="record-part">
      <h3>{t('records.attendance')}</h3>
      <Table
        label={t('records.attendance')}
        columns={columns}
        rows={attendance}
        keyOf={({ id, cameAtMs }) => `${id} ${cameAtMs}`}
      />
    </section>
  );
}

/** What people wrote to each other. */
export function Written({ chat }: { readonly chat: readonly ChatLine[] }) {
  const { t, i18n } = useTranslation();
  return (
    <section className="record-part">
      <h3>{t('records.chat')}</h3>
      {chat.length === 0 ? (
        <p className="hint">{t('records.noChat')}</p>
      ) : (
        <ol className="written">
          {chat.map(({ id, atMs, name, text }) => (
            <li key={id}>
              <p className="hint">
                <strong>{name}</strong> {clockTime(atMs, i18n.language)}
              </p>
              <p>{text}</p>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
