import type { Logger } from 'pino';
import type { EngineHealth } from '../calls/ports.ts';
import { sleep } from '../util/abort.ts';

export interface HealthWatchOptions {
  readonly intervalMs: number;
  /** The same while it does not answer. */
  readonly retryMs: number;
  readonly log: Logger;
  /** Resolves with undefined while all is well, with what is wrong when the calls are lost; rejects when there is no answer. */
  readonly look: () => Promise<string | undefined>;
  /** It had been answering, and now its calls are lost. */
  readonly onLost: (detail: string) => void;
  /** It answers again after it was lost. */
  readonly onRestored: () => void;
}

const NOT_ASKED = 'not asked yet';

/** Looks at an engine again and again, and tells once each time it goes. */
export class HealthWatch {
  readonly #options: HealthWatchOptions;
  readonly #stopping = new AbortController();
  #isLost = false;
  #health: EngineHealth = { ok: false, detail: NOT_ASKED };

  constructor(options: HealthWatchOptions) {
    this.#options = options;
  }

  get health(): EngineHealth {
    return this.#health;
  }

  /** Resolves after the first look; goes on looking until `stop`. */
  async start(): Promise<void> {
    await this.#look();
    void this.#goOn();
  }

  stop(): void {
    this.#stopping.abort(new Error('stopped'));
  }

  async #goOn(): Promise<void> {
    const { signal } = this.#stopping;
    const { intervalMs, retryMs } = this.#options;
    for (;;) {
      try {
        await sleep(this.#health.ok ? intervalMs : retryMs, signal);
      } catch {
        return; // stopped
      }
      await this.#look();
    }
  }

  async #look(): Promise<void> {
    try {
      const loss = await this.#options.look();
      if (this.#stopping.signal.aborted) return;
      if (loss !== undefined) this.#lost(loss);
      if (!this.#health.ok) this.#options.log.info('media relay answers');
      this.#health = { ok: true };
      this.#tellRestored();
    } catch (err) {
      if (this.#stopping.signal.aborted) return;
      if (this.#health.ok) this.#lost('does not answer', err);
      else this.#missed(err);
    }
  }

  #tellRestored(): void {
    if (!this.#isLost) return;
    this.#isLost = false;
    this.#options.onRestored();
  }

  #missed(err: unknown): void {
    const isNews = this.#health.detail === NOT_ASKED;
    if (isNews) this.#options.log.warn({ err }, 'media relay not reachable');
    this.#health = { ok: false, detail: 'does not answer' };
  }

  #lost(detail: string, err?: unknown): void {
    this.#health = { ok: false, detail };
    this.#isLost = true;
    this.#options.log.error({ err, detail }, 'media relay lost');
    this.#options.onLost(detail);
  }
}
