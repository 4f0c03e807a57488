/** What is to be said of sharing a screen, one thing at a time. Knows no React. */
import type { RoomState } from './state.ts';

/** Its words are `sharing.<name>`. */
export interface SharingNews {
  readonly name:
    | 'now'
    | 'nowWithSound'
    | 'wants'
    | 'granted'
    | 'asked'
    | 'denied'
    | 'taken'
    | 'revoked'
    | 'failed';
  /** Whom it is about: who shares, or asks to. */
  readonly person: string;
  readonly isUrgent: boolean;
}

type Seen = Pick<RoomState, 'sharing' | 'contentFloor' | 'selfId'>;

export function sharingNews({ sharing, contentFloor, selfId }: Seen): SharingNews | undefined {
  const asks = contentFloor?.requests[0];
  if (sharing.name === 'on') {
    if (asks) return { name: 'wants', person: asks.name, isUrgent: true };
    const name = sharing.screen.sound ? 'nowWithSound' : 'now';
    return { name, person: '', isUrgent: false };
  }
  if (sharing.name === 'starting') return undefined;
  const { holder, request = 'none' } = contentFloor ?? {};
  if (request === 'granted') return { name: 'granted', person: '', isUrgent: true };
  const other = holder?.participantId === selfId ? undefined : holder;
  if (request === 'requested') return { name: 'asked', person: other?.name ?? '', isUrgent: false };
  if (request === 'denied') return { name: 'denied', person: other?.name ?? '', isUrgent: true };
  if (sharing.problem === undefined) return undefined;
  if (sharing.problem !== 'taken') return { name: sharing.problem, person: '', isUrgent: true };
  const isOver = contentFloor !== undefined && other === undefined;
  return isOver ? undefined : { name: 'taken', person: sharing.by, isUrgent: true };
}
