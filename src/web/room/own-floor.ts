/**
 * What the floor does to our own microphone: it opens by itself for who had asked to speak, and
 * closes again with the end of that. Who is called without having asked opens it themselves.
 * Knows no React.
 */
import type { SpeakingOrderView } from '../../contract/speaking-order.ts';
import { hasOwnFloor, isHandUp } from './speaking-order.ts';
import type { RoomStore } from './state.ts';

export class OwnFloor {
  readonly #store: RoomStore;
  readonly #setMuted: (muted: boolean) => void;

  constructor(store: RoomStore, setMuted: (muted: boolean) => void) {
    this.#store = store;
    this.#setMuted = setMuted;
  }

  /** Takes a new order into the store. */
  changed(order: SpeakingOrderView): void {
    const before = this.#store.get();
    const hadFloor = hasOwnFloor(before);
    const hadAsked = isHandUp(before);
    this.#store.set({ order, clockAheadMs: order.nowMs - Date.now() });
    const hasFloor = hasOwnFloor(this.#store.get());
    if (hasFloor && !hadFloor) this.#got(hadAsked);
    if (hadFloor && !hasFloor) this.#lost();
  }

  #got(hadAsked: boolean): void {
    const { muted, microphone } = this.#store.get();
    const opens = hadAsked && muted && microphone !== undefined;
    // The gateway lets the microphone go as well, and says so a moment later.
    this.#store.set({ heldMuted: false, isOpenForFloor: opens, isAskedToUnmute: false });
    if (opens) this.#setMuted(false);
  }

  #lost(): void {
    const { isOpenForFloor, muted } = this.#store.get();
    this.#store.set({ isOpenForFloor: false });
    if (isOpenForFloor && !muted) this.#setMuted(true);
  }
}
