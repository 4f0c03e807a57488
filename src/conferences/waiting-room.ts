/** Browsers before the door: who waits, and how the wait ends. */
import { randomUUID } from 'node:crypto';
import type { WaitingPerson, WaitReason } from '../contract/chair.ts';
import type { ConferenceId } from '../domain/ids.ts';
import { hashOf, randomToken } from '../util/random-token.ts';

/** How a wait ended; `gone` went away by itself. */
export type WaitEnd = 'admitted' | 'turned-away' | 'gone' | 'shutdown';

export interface WaitingRoomOptions {
  /** How long a wait without a socket lasts. */
  readonly graceMs: number;
  /** Who waits in a conference has changed. */
  readonly onChange: (id: ConferenceId) => void;
}

/** One browser's wait; its token proves it, and is its pass when it was admitted. */
export class Wait {
  readonly id = randomUUID();
  readonly token = randomToken();
  readonly conferenceId: ConferenceId;
  readonly name: string;
  readonly sinceMs: number;
  readonly reason: WaitReason;
  readonly #listeners = new Set<(end: WaitEnd) => void>();
  readonly #graceMs: number;
  readonly #onGone: () => void;
  #sockets = 0;
  #graceTimer: NodeJS.Timeout | undefined;
  #end: WaitEnd | undefined;

  constructor(
    who: Pick<Wait, 'conferenceId' | 'name' | 'sinceMs' | 'reason'>,
    { graceMs, onGone }: { readonly graceMs: number; readonly onGone: () => void },
  ) {
    this.conferenceId = who.conferenceId;
    this.name = who.name;
    this.sinceMs = who.sinceMs;
    this.reason = who.reason;
    this.#graceMs = graceMs;
    this.#onGone = onGone;
    this.#startGrace();
  }

  /** Told how it ends, at once when it has. Returns its own undo. */
  onEnded(listener: (end: WaitEnd) => void): () => void {
    if (this.#end) listener(this.#end);
    else this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A socket of this browser opened. */
  attached(): void {
    this.#sockets += 1;
    clearTimeout(this.#graceTimer);
  }

  /** A socket of this browser closed; the last one starts the grace. */
  detached(): void {
    this.#sockets -= 1;
    if (this.#sockets <= 0 && !this.#end) this.#startGrace();
  }

  /** Safe to call twice. */
  end(how: WaitEnd): void {
    if (this.#end) return;
    this.#end = how;
    clearTimeout(this.#graceTimer);
    for (const listener of [...this.#listeners]) listener(how);
    this.#listeners.clear();
  }

  #startGrace(): void {
    clearTimeout(this.#graceTimer);
    this.#graceTimer = setTimeout(this.#onGone, this.#graceMs);
    this.#graceTimer.unref();
  }
}

/** All who wait at this gateway. */
export class WaitingRoom {
  readonly #options: WaitingRoomOptions;
  readonly #byTokenHash = new Map<string, Wait>();

  constructor(options: WaitingRoomOptions) {
    this.#options = options;
  }

  /** Lets somebody wait. */
  enter(who: Pick<Wait, 'conferenceId' | 'name' | 'sinceMs' | 'reason'>): Wait {
    const wait: Wait = new Wait(who, {
      graceMs: this.#options.graceMs,
      onGone: () => this.#finish(wait, 'gone'),
    });
    this.#byTokenHash.set(hashOf(wait.token), wait);
    this.#options.onChange(who.conferenceId);
    return wait;
  }

  find(token: string): Wait | undefined {
    return this.#byTokenHash.get(hashOf(token));
  }

  /** Who waits for a conference, the longest first. */
  list(id: ConferenceId): readonly WaitingPerson[] {
    return this.#of(id).map(({ id: waitId, name, sinceMs }) => ({ id: waitId, name, sinceMs }));
  }

  /** Ends these waits, or all for the same reason; gives those it ended. */
  settle(
    id: ConferenceId,
    how: WaitEnd,
    which: {
      readonly ids?: readonly string[];
      readonly reason?: WaitReason;
      /** Done with each before it is told. */
      readonly before?: (wait: Wait) => void;
    } = {},
  ): readonly Wait[] {
    const chosen = this.#of(id).filter(
      wait =>
        (which.ids === undefined || which.ids.includes(wait.id)) &&
        (which.reason === undefined || which.reason === wait.reason),
    );
    for (const wait of chosen) {
      which.before?.(wait);
      this.#finish(wait, how);
    }
    return chosen;
  }

  close(): void {
    for (const wait of [...this.#byTokenHash.values()]) this.#finish(wait, 'shutdown');
  }

  #of(id: ConferenceId): Wait[] {
    return [...this.#byTokenHash.values()].filter(wait => wait.conferenceId === id);
  }

  #finish(wait: Wait, how: WaitEnd): void {
    if (!this.#byTokenHash.delete(hashOf(wait.token))) return;
    wait.end(how);
    this.#options.onChange(wait.conferenceId);
  }
}
