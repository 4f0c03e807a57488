import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from '../../shared/store.ts';
import { keepLastRecord } from '../last-record.ts';
import type { FinalReason, RoomStore } from '../state.ts';
import { RecordFiles } from './RecordFiles.tsx';

interface EndedProps {
  readonly alias: string;
  readonly reason: FinalReason;
  readonly store: RoomStore;
}

/** After the meeting: why it is over, its record for who led it, and the way back. */
export function Ended({ alias, reason, store }: EndedProps) {
  const { t } = useTranslation();
  const { conferenceName, recordTicket } = useStore(store);
  const mayKeep = reason === 'left' || reason === 'conference-closed';
  const ticket = mayKeep ? recordTicket : undefined;
  useEffect(() => {
    if (ticket !== undefined) keepLastRecord(alias, { ticket, conferenceName, atMs: Date.now() });
  }, [alias, ticket, conferenceName]);
  return (
    <main className="card ended">
      {conferenceName && <h1>{conferenceName}</h1>}
      <p role="status">{t(`ended.${reason}`)}</p>
      {ticket !== undefined && <RecordFiles ticket={ticket} />}
      <button type="button" className="primary" onClick={() => location.reload()}>
        {t('ended.again')}
      </button>
    </main>
  );
}
