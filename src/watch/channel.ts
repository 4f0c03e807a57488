import type { Logger } from 'pino';
import type { Principal } from '../domain/actor.ts';
import type { Feed, Told } from './feed.ts';

/** Somebody who watches. */
export interface Watcher {
  readonly who: Principal;
  /** Has not read what it was sent: it is sent nothing until it has. */
  readonly isBehind: boolean;
  /** @param text an `AdminUpdate` as JSON, shared with others: not to be changed */
  send(text: Buffer): void;
}

/** What changes in one go is told in one go. */
const GATHER_MS = 100;

/**
 * One feed and everybody who watches it. Each update is written once for all who see the same.
 * Who falls behind misses updates, and is told all anew when it has caught up.
 */
export class Channel {
  readonly #feed: Feed;
  readonly #log: Logger;
  /** Whether each is owed all there is. */
  readonly #owed = new Map<Watcher, boolean>();
  #stopFeed: (() => void) | undefined;
  #isOpen = false;
  #isClosed = false;
  #timer: NodeJS.Timeout | undefined;
  #toldAtMs = 0;

  constructor(feed: Feed, log: Logger) {
    this.#feed = feed;
    this.#log = log;
    this.#open().catch(err => log.warn({ err }, 'cannot be watched'));
  }

  get isEmpty(): boolean {
    return this.#owed.size === 0;
  }

  add(watcher: Watcher): void {
    this.#owed.set(watcher, true);
    if (this.#isOpen) this.#tell([]);
  }

  remove(watcher: Watcher): void {
    this.#owed.delete(watcher);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#stopFeed?.();
  }

  async #open(): Promise<void> {
    const stop = await this.#feed.open(() => this.#plan(0));
    if (this.#isClosed) return stop();
    this.#stopFeed = stop;
    this.#isOpen = true;
    this.#tell([]);
  }

  #plan(leastMs: number): void {
    if (this.#timer || this.#isClosed) return;
    const sinceMs = performance.now() - this.#toldAtMs;
    const waitMs = Math.max(GATHER_MS, this.#feed.gapMs - sinceMs, leastMs);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#toldAtMs = performance.now();
      if (this.#isOpen) this.#tell(this.#feed.changes());
    }, waitMs);
    this.#timer.unref();
  }

  #tell(changes: readonly Told[]): void {
    try {
      const [changed, whole] = [new Texts(this.#feed, changes), new Texts(this.#feed, undefined)];
      for (const [watcher, isOwed] of this.#owed) {
        if (watcher.isBehind) this.#owed.set(watcher, true);
        else {
          for (const text of (isOwed ? whole : changed).of(watcher.who)) watcher.send(text);
          this.#owed.set(watcher, false);
        }
      }
    } catch (err) {
      this.#log.error({ err }, 'watchers not told');
    }
    // Who is behind is looked at again although nothing changes.
    if ([...this.#owed.values()].includes(true)) this.#plan(this.#feed.gapMs);
  }
}

/** Updates as JSON, made once for each audience. */
class Texts {
  readonly #feed: Feed;
  readonly #made = new Map<string, readonly Buffer[]>();
  #told: readonly Told[] | undefined;

  /** @param told all there is when undefined */
  constructor(feed: Feed, told: readonly Told[] | undefined) {
    this.#feed = feed;
    this.#told = told;
  }

  of(who: Principal): readonly Buffer[] {
    const audience = this.#feed.audienceOf(who);
    if (audience === undefined) return [];
    const made = this.#made.get(audience) ?? this.#make(who);
    this.#made.set(audience, made);
    return made;
  }

  #make(who: Principal): Buffer[] {
    this.#told ??= this.#feed.whole();
    const updates = this.#told.map(told => told(who));
    return updates
      .filter(update => update !== undefined)
      .map(update => Buffer.from(JSON.stringify(update)));
  }
}
