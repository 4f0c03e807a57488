/**
 * Which feeds are subscribed to, and which should be. Changes come in bursts
 * while a negotiation is under way; only one runs at a time, and the next makes
 * up for all that changed meanwhile.
 */

/** A feed's camera as the room server names it. */
export interface FeedStream {
  readonly feed: string;
  readonly mid: string;
}

export interface SubscriptionChange {
  readonly subscribe: readonly FeedStream[];
  readonly unsubscribe: readonly FeedStream[];
}

/** Carries one change out; resolves when the negotiation is over, with false when it was refused. */
export type Negotiate = (change: SubscriptionChange) => Promise<boolean>;

export class Subscriptions {
  readonly #negotiate: Negotiate;
  readonly #onError: (err: unknown) => void;
  readonly #wanted = new Map<string, FeedStream>();
  readonly #standing = new Map<string, FeedStream>();
  #running = false;

  constructor(negotiate: Negotiate, onError: (err: unknown) => void) {
    this.#negotiate = negotiate;
    this.#onError = onError;
  }

  /** Told again of the same stream it changes nothing; after a `drop` it is another stream. */
  want(stream: FeedStream): void {
    if (this.#wanted.get(stream.feed)?.mid === stream.mid) return;
    this.#wanted.set(stream.feed, stream);
    void this.#settle();
  }

  drop(feed: string): void {
    if (this.#wanted.delete(feed)) void this.#settle();
  }

  async #settle(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    await Promise.resolve(); // what comes in one message goes in one negotiation
    try {
      for (let change = this.#change(); change; change = this.#change()) {
        await this.#carryOut(change);
        for (const { feed } of change.unsubscribe) this.#standing.delete(feed);
        for (const stream of change.subscribe) this.#standing.set(stream.feed, stream);
      }
    } catch (err) {
      this.#onError(err);
    } finally {
      this.#running = false;
    }
  }

  /** The room server refuses a change as a whole for one feed that has just gone; the others are for the asking. */
  async #carryOut(change: SubscriptionChange): Promise<void> {
    const { subscribe, unsubscribe } = change;
    if ((await this.#negotiate(change)) || subscribe.length + unsubscribe.length < 2) return;
    if (unsubscribe.length > 0) await this.#negotiate({ subscribe: [], unsubscribe });
    for (const stream of subscribe) await this.#negotiate({ subscribe: [stream], unsubscribe: [] });
  }

  /** A feed is unsubscribed by its id alone, so one that is replaced goes first and comes with the next change. */
  #change(): SubscriptionChange | undefined {
    const unsubscribe = [...this.#standing.values()].filter(
      stream => this.#wanted.get(stream.feed) !== stream,
    );
    const subscribe = [...this.#wanted.values()].filter(({ feed }) => !this.#standing.has(feed));
    if (subscribe.length === 0 && unsubscribe.length === 0) return undefined;
    return { subscribe, unsubscribe };
  }
}
