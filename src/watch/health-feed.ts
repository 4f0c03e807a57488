import type { HealthView } from '../contract/rest.ts';
import type { Principal } from '../domain/actor.ts';
import type { Feed, Told } from './feed.ts';
import type { HealthSource } from './ports.ts';

const LOOK_EVERY_MS = 2_000;

/** How the engines are: they are asked every few seconds while somebody watches, and told of when it changes. */
export class HealthFeed implements Feed {
  readonly gapMs = 1_000;
  readonly #source: HealthSource;
  readonly #onError: (err: unknown) => void;
  #now: HealthView | undefined;
  #lastText = '';

  constructor(source: HealthSource, onError: (err: unknown) => void) {
    this.#source = source;
    this.#onError = onError;
  }

  audienceOf(who: Principal): string | undefined {
    return who.permissions.has('system.read') ? '' : undefined;
  }

  async open(changed: () => void): Promise<() => void> {
    this.#now = await this.#source.health();
    this.#lastText = JSON.stringify(this.#now);
    const look = async () => {
      this.#now = await this.#source.health();
      if (JSON.stringify(this.#now) !== this.#lastText) changed();
    };
    const timer = setInterval(() => void look().catch(this.#onError), LOOK_EVERY_MS);
    timer.unref();
    return () => clearInterval(timer);
  }

  whole(): readonly Told[] {
    const health = this.#now;
    return health ? [() => ({ type: 'health', health })] : [];
  }

  changes(): readonly Told[] {
    const text = JSON.stringify(this.#now);
    if (text === this.#lastText) return [];
    this.#lastText = text;
    return this.whole();
  }
}
