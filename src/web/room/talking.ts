/** Who is heard to talk, and who of the others is large in the speaker view. Knows no React. */
import { withMember } from './set-of.ts';
import { HOLD_MS, isHeard, nextSpeaker, type SpeakerChoice } from './speaker.ts';
import type { RoomState, RoomStore } from './state.ts';

type Heard = Pick<RoomState, 'participants' | 'talking' | 'selfId'>;

/** Of laptops the room server tells sooner than the roster; of halls only the roster does. */
export class Talking {
  readonly #store: RoomStore;
  readonly #unwatch: () => void;
  #looked: Heard | undefined;
  /** Who is heard, those who began last at the end. */
  #heard: ReadonlySet<string> = new Set();
  #speaker: SpeakerChoice = { speakerId: undefined, sinceMs: 0 };
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(store: RoomStore) {
    this.#store = store;
    this.#unwatch = store.subscribe(() => this.#look());
    this.#look();
  }

  /** The room server tells that somebody talks, or does not any more. */
  changed(id: string, isTalking: boolean): void {
    this.#store.set({ talking: withMember(this.#store.get().talking, id, isTalking) });
  }

  close(): void {
    this.#unwatch();
    clearTimeout(this.#timer);
  }

  #look(): void {
    const now = this.#store.get();
    const before = this.#looked;
    const isSame = (['participants', 'talking', 'selfId'] as const).every(
      key => now[key] === before?.[key],
    );
    if (isSame) return;
    this.#looked = now;
    const { participants, talking } = now;
    const heard = participants.filter(one => isHeard(one, talking)).map(({ id }) => id);
    this.#heard = new Set([...[...this.#heard].filter(id => heard.includes(id)), ...heard]);
    this.#choose();
  }

  /** Looks again when somebody who has just begun may have the place. */
  #choose(): void {
    clearTimeout(this.#timer);
    const nowMs = Date.now();
    this.#speaker = nextSpeaker(this.#speaker, this.#heard, this.#store.get().selfId, nowMs);
    const { speakerId, sinceMs } = this.#speaker;
    const waitMs = sinceMs + HOLD_MS - nowMs;
    if (waitMs > 0 && this.#heard.size > 1) this.#timer = setTimeout(() => this.#choose(), waitMs);
    if (speakerId !== this.#store.get().speakerId) this.#store.set({ speakerId });
  }
}
