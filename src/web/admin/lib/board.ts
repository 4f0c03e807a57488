import type { MeetingSiteState, MeetingSiteView, MeetingView } from '../../../contract/meetings.ts';
import type { ParticipantDetailView } from '../../../contract/rest.ts';
import type { IconName } from '../parts/Icon.tsx';
import type { Tone } from '../parts/Status.tsx';

/** A tile of the board: a site that should be there, somebody who is, or both. */
export interface BoardTile {
  readonly key: string;
  readonly name: string;
  readonly state: MeetingSiteState;
  readonly site: MeetingSiteView | undefined;
  readonly participant: ParticipantDetailView | undefined;
  /** Large for everybody, whoever put it there. */
  readonly isLarge: boolean;
}

export const STATE_LOOKS: Record<
  MeetingSiteState,
  { readonly tone: Tone; readonly icon?: IconName }
> = {
  waiting: { tone: 'idle', icon: 'clock' },
  dialling: { tone: 'busy' },
  ringing: { tone: 'busy' },
  connected: { tone: 'good' },
  'retry-at': { tone: 'warn', icon: 'clock' },
  failed: { tone: 'bad' },
  left: { tone: 'warn', icon: 'minus' },
  'not-called': { tone: 'idle' },
};

export type BoardFilter = 'all' | 'missing' | 'trouble' | 'connected';

/** Tiles in the order of the meeting's sites, the one that leads first; then the others. */
export function tilesOf(
  meeting: MeetingView | undefined,
  participants: readonly ParticipantDetailView[],
): BoardTile[] {
  const sites = (meeting?.sites ?? []).toSorted(
    (a, b) => Number(b.role === 'hq') - Number(a.role === 'hq'),
  );
  const isSpotlit = (one: ParticipantDetailView | undefined) =>
    one !== undefined && one.id === meeting?.spotlightId;
  const taken = new Set<string>();
  const ofSites = sites.map((site): BoardTile => {
    const participant = participants.find(
      ({ id, siteId }) => id === site.participantId || siteId === site.siteId,
    );
    if (participant) taken.add(participant.id);
    const state = participant ? 'connected' : site.state;
    const isLarge = isSpotlit(participant);
    return { key: site.siteId, name: site.name, state, site, participant, isLarge };
  });
  const others = participants
    .filter(({ id }) => !taken.has(id))
    .map(
      (participant): BoardTile => ({
        ...{ key: participant.id, name: participant.name, participant },
        ...{ state: 'connected', site: undefined, isLarge: isSpotlit(participant) },
      }),
    );
  return [...ofSites, ...others];
}

const MISSING: readonly MeetingSiteState[] = [
  'failed',
  'left',
  'retry-at',
  'not-called',
  'waiting',
];

export function isMissing({ state }: BoardTile): boolean {
  return MISSING.includes(state);
}

/** Whether somebody should look: not there, a poor line, or nothing seen or heard of it. */
export function isInTrouble({ state, participant }: BoardTile): boolean {
  if (participant) return participant.away || participant.poorLine || participant.alarms.length > 0;
  return state === 'failed' || state === 'retry-at' || state === 'left';
}

export function filtered(tiles: readonly BoardTile[], filter: BoardFilter): readonly BoardTile[] {
  switch (filter) {
    case 'all':
      return tiles;
    case 'missing':
      return tiles.filter(isMissing);
    case 'trouble':
      return tiles.filter(isInTrouble);
    case 'connected':
      return tiles.filter(({ state }) => state === 'connected');
  }
}

/** How far the calling is; undefined when nobody is being called. */
export function diallingOf(meeting: MeetingView): { done: number; total: number } | undefined {
  const states = meeting.sites.map(({ state }) => state);
  const isUnderWay = states.some(state =>
    ['waiting', 'dialling', 'ringing', 'retry-at'].includes(state),
  );
  const called = states.filter(state => state !== 'not-called');
  const done = called.filter(state => ['connected', 'failed', 'left'].includes(state)).length;
  return isUnderWay ? { done, total: called.length } : undefined;
}
