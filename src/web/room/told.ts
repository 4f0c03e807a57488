/** What the gateway tells a visit, into the store. Knows no React. */
import type { WaitReason } from '../../contract/chair.ts';
import type { ChatLine } from '../../contract/chat.ts';
import type { EventsListener, Notice } from './events.ts';
import type { OwnFloor } from './own-floor.ts';
import type { Sharing } from './sharing.ts';
import type { RoomStore, WaitStep } from './state.ts';

type Told = Omit<EventsListener, 'onAdmitted' | 'onEnded' | 'onLost'>;

/** Takes all but what ends a connection or a wait. */
export function toldTo(store: RoomStore, floor: OwnFloor, sharing: Sharing): Told {
  let timesAsked = 0;
  return {
    onRoster: participants => store.set({ participants }),
    onNotice: ({ heldMuted, message = '', askedToUnmute }: Notice) => {
      const isAsked = askedToUnmute > timesAsked && store.get().muted;
      timesAsked = askedToUnmute;
      store.set({ heldMuted, message, ...(isAsked && { isAskedToUnmute: true }) });
    },
    onOrder: order => floor.changed(order),
    onChat: lines => store.set({ chat: withLines(store.get().chat, lines) }),
    onContentFloor: content => sharing.onFloor(content),
    onChair: chair => store.set({ chair, isChair: true }),
    onRoll: roll => store.set({ roll }),
    onRecord: recordTicket => store.set({ recordTicket }),
    onWaiting: reason => void showWait(store, 'waits', reason),
  };
}

/** False when we do not wait, and no reason to is given. */
export function showWait(store: RoomStore, step: WaitStep, newReason?: WaitReason): boolean {
  const { phase } = store.get();
  const reason = newReason ?? (phase.name === 'waiting' ? phase.reason : undefined);
  if (reason) store.set({ phase: { name: 'waiting', reason, step } });
  return reason !== undefined;
}

/** What is known already is not taken twice: all lines come again over a new connection. */
function withLines(known: readonly ChatLine[], lines: readonly ChatLine[]): readonly ChatLine[] {
  const news = lines.filter(({ id }) => known.every(line => line.id !== id));
  return news.length === 0 ? known : [...known, ...news];
}
