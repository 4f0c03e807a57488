/** What a change of the meeting is in words, for those who listen to the page. Knows no React. */
import { floorHolder, placeInQueue, queueOf } from './speaking-order.ts';
import { type RoomState, rosterChange } from './state.ts';

/** A key of the words, and what is filled in. */
export interface Announcement {
  readonly key: string;
  readonly name?: string;
}

export type Heard = Pick<RoomState, 'participants' | 'order' | 'chat' | 'selfId' | 'openPanel'>;

export function announcements(before: Heard, after: Heard): readonly Announcement[] {
  const { joined, left } = rosterChange(before.participants, after.participants);
  return [
    ...joined.map(name => ({ key: 'room.joined', name })),
    ...left.map(name => ({ key: 'room.left', name })),
    // What was before we came is no news.
    ...(before.order ? [...handNews(before, after), ...floorNews(before, after)] : []),
    ...(before.participants.length > 0 ? chatNews(before, after) : []),
  ];
}

function handNews(before: Heard, after: Heard): Announcement[] {
  const raised = queueOf(after).filter(
    ({ id }) => id !== after.selfId && placeInQueue(before, id) === undefined,
  );
  const place = placeInQueue(after, after.selfId);
  const isNext = place === 1 && placeInQueue(before, before.selfId) !== 1;
  return [
    ...raised.map(({ name }) => ({ key: 'hands.raised', name })),
    ...(isNext ? [{ key: 'hands.youAreNext' }] : []),
  ];
}

/** Our own floor has a banner that is read. */
function floorNews(before: Heard, after: Heard): Announcement[] {
  const wasId = before.order?.floor?.participantId;
  const isId = after.order?.floor?.participantId;
  const holder = floorHolder(after);
  if (holder && isId !== wasId && isId !== after.selfId)
    return [{ key: 'floor.has', name: holder.name }];
  if (before.order?.mode === 'ordered' && after.order?.mode === 'free')
    return [{ key: 'order.freeNow' }];
  return wasId !== undefined && isId === undefined ? [{ key: 'floor.nobody' }] : [];
}

function chatNews(before: Heard, after: Heard): Announcement[] {
  if (after.openPanel === 'chat') return []; // the log reads itself
  const news = after.chat.slice(before.chat.length);
  const names = news.filter(line => line.participantId !== after.selfId).map(line => line.name);
  return [...new Set(names)].map(name => ({ key: 'chat.newFrom', name }));
}
