import type { Clock } from '../calls/ports.ts';
import type { ConferenceId } from '../domain/ids.ts';
import type { MeetingRooms } from './ports.ts';

interface AdHocRules {
  readonly isLocked: boolean;
  readonly message?: { readonly text: string; readonly untilMs?: number };
  readonly over: AbortController;
}

/**
 * What a chair said in a conference that people simply came into, without a meeting that was
 * started: it holds until the last has left.
 */
export class AdHoc {
  readonly #rooms: Pick<MeetingRooms, 'govern'>;
  readonly #clock: Clock;
  readonly #rules = new Map<ConferenceId, AdHocRules>();

  constructor(rooms: Pick<MeetingRooms, 'govern'>, clock: Clock) {
    this.#rooms = rooms;
    this.#clock = clock;
  }

  find(id: ConferenceId): Pick<AdHocRules, 'isLocked' | 'message'> | undefined {
    return this.#rules.get(id);
  }

  lock(id: ConferenceId, isLocked: boolean): void {
    this.#set(id, { ...this.#of(id), isLocked });
  }

  /** @param text undefined takes it away */
  say(id: ConferenceId, text: string | undefined, forSec: number): void {
    const { isLocked, over: before } = this.#of(id);
    before.abort(new Error('another message'));
    const over = new AbortController();
    const forMs = forSec * 1000;
    const message = text === undefined ? undefined : { text, untilMs: this.#clock.now() + forMs };
    this.#set(id, { isLocked, over, ...(message && { message }) });
    if (message)
      this.#clock.sleep(forMs, over.signal).then(
        () => this.say(id, undefined, 0),
        () => undefined, // another message, or over
      );
  }

  /** A meeting was started, or everybody has left. */
  forget(id: ConferenceId): void {
    const rules = this.#rules.get(id);
    rules?.over.abort(new Error('over'));
    this.#rules.delete(id);
  }

  close(): void {
    for (const id of [...this.#rules.keys()]) this.forget(id);
  }

  #of(id: ConferenceId): AdHocRules {
    return this.#rules.get(id) ?? { isLocked: false, over: new AbortController() };
  }

  #set(id: ConferenceId, rules: AdHocRules): void {
    this.#rules.set(id, rules);
    const { isLocked, message } = rules;
    this.#rooms.govern(id, {
      isLocked,
      ...(message && { message: message.text }),
    });
  }
}
