/** Keeps an eye on one visit's connection, and the store true about it. Knows no React. */
import type { RoomStore } from '../state.ts';
import { hasSlept, livenessOf } from './liveness.ts';
import { type ConnectionFacts, type LossCause, troubleOf } from './trouble.ts';

/** The part of `window` that is needed. */
export interface NetworkEvents {
  readonly navigator: { readonly onLine: boolean };
  addEventListener(name: 'online' | 'offline', listener: () => void): void;
  removeEventListener(name: 'online' | 'offline', listener: () => void): void;
}

export interface ConnectionWatchOptions {
  /** The server has not answered for too long. */
  readonly onDead: () => void;
  /** This computer has a network again, or another one. */
  readonly onOnline: () => void;
}

/** What says when the server was last heard. */
export interface HeardServer {
  readonly heardAtMs: number;
}

const TICK_MS = 1_000;

export class ConnectionWatch {
  readonly #store: RoomStore;
  readonly #browser: NetworkEvents;
  readonly #options: ConnectionWatchOptions;
  readonly #troubled = new Set<string>();
  readonly #ticker: ReturnType<typeof setInterval>;
  #server: HeardServer | undefined;
  #facts: ConnectionFacts;
  #wokeAtMs: number | undefined;
  #tickedAtMs = Date.now();

  constructor(store: RoomStore, browser: NetworkEvents, options: ConnectionWatchOptions) {
    this.#store = store;
    this.#browser = browser;
    this.#options = options;
    this.#facts = {
      isOnline: browser.navigator.onLine,
      isConnected: true,
      isSilent: false,
      troubledMedia: 0,
      retry: undefined,
    };
    this.#ticker = setInterval(() => this.#tick(), TICK_MS);
    browser.addEventListener('online', this.#onOnline);
    browser.addEventListener('offline', this.#onOffline);
  }

  /** A connection stands. */
  connected(server: HeardServer): void {
    this.#server = server;
    this.#wokeAtMs = undefined;
    this.#troubled.clear();
    this.#learn({ isConnected: true, isSilent: false, troubledMedia: 0, retry: undefined });
  }

  /** The connection is gone, or an attempt to get another begins. */
  disconnected(): void {
    this.#server = undefined;
    this.#troubled.clear();
    this.#learn({ isConnected: false, isSilent: false, troubledMedia: 0, retry: undefined });
  }

  willRetry(cause: LossCause, atMs: number): void {
    this.#learn({ retry: { cause, atMs } });
  }

  /** Media of one kind does not get through, or does again. */
  media(name: string, isTroubled: boolean): void {
    if (isTroubled) this.#troubled.add(name);
    else this.#troubled.delete(name);
    this.#learn({ troubledMedia: this.#troubled.size });
  }

  close(): void {
    clearInterval(this.#ticker);
    this.#browser.removeEventListener('online', this.#onOnline);
    this.#browser.removeEventListener('offline', this.#onOffline);
    this.#store.set({ trouble: undefined });
  }

  #tick(): void {
    const nowMs = Date.now();
    if (hasSlept(this.#tickedAtMs, nowMs)) this.#wokeAtMs = nowMs;
    this.#tickedAtMs = nowMs;
    if (!this.#server) return;
    const liveness = livenessOf(
      { heardAtMs: this.#server.heardAtMs, wokeAtMs: this.#wokeAtMs },
      nowMs,
    );
    this.#learn({ isSilent: liveness !== 'alive' });
    if (liveness === 'dead') this.#options.onDead();
  }

  /** Another network: what stands is in doubt as after sleep. */
  readonly #onOnline = (): void => {
    this.#wokeAtMs = Date.now();
    this.#learn({ isOnline: true });
    this.#options.onOnline();
  };

  readonly #onOffline = (): void => this.#learn({ isOnline: false });

  #learn(news: Partial<ConnectionFacts>): void {
    this.#facts = { ...this.#facts, ...news };
    const trouble = troubleOf(this.#facts);
    if (!isSame(trouble, this.#store.get().trouble)) this.#store.set({ trouble });
  }
}

function isSame(a: object | undefined, b: object | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
