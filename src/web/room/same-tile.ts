import type { ParticipantView } from '../../contract/rest.ts';

/** What of a participant is seen on a tile, and nothing else. */
const SEEN = ['id', 'kind', 'name', 'muted', 'poorLine', 'hasVideo', 'chair'] as const;

/** Whether both look the same on a tile: a new roster comes with every word that is spoken. */
export function isSameOnTile(before: ParticipantView, after: ParticipantView): boolean {
  if (before === after) return true;
  const { alarms } = after;
  return (
    SEEN.every(field => before[field] === after[field]) &&
    before.alarms.length === alarms.length &&
    before.alarms.every((alarm, at) => alarm === alarms[at])
  );
}
