import type { EngineHealth } from '../calls/ports.ts';
import { GatewayError } from '../domain/errors.ts';
import { sleep } from '../util/abort.ts';
import { JanusConnection, type JanusOptions } from './janus-connection.ts';

export interface LinkHooks {
  /** Puts a new connection in order before anybody uses it; a throw gives it up. */
  readonly prepare: (connection: JanusConnection) => Promise<void>;
  /** The connection, and with it everything at Janus, is gone; not told of `close`. */
  readonly onLost: () => void;
}

const RECONNECT_INTERVAL_MS = 1_000;

/** Keeps a connection to Janus: makes a new one after each loss, and tells how it stands. */
export class JanusLink {
  readonly #options: JanusOptions;
  readonly #hooks: LinkHooks;
  readonly #stopping = new AbortController();
  #connection: JanusConnection | undefined;
  #health: EngineHealth = { ok: false, detail: 'not connected yet' };

  constructor(options: JanusOptions, hooks: LinkHooks) {
    this.#options = options;
    this.#hooks = hooks;
  }

  /** Connects, and again whenever the connection is lost, until `close`. */
  async start(): Promise<void> {
    await this.#connect();
    void this.#stayConnected();
  }

  /** The connection that stands. @throws GatewayError `room-server-down` */
  get connection(): JanusConnection {
    if (this.#connection) return this.#connection;
    const details = { engine: 'janus' };
    throw new GatewayError('room-server-down', 'Janus does not answer', { details });
  }

  get health(): EngineHealth {
    return this.#health;
  }

  close(): void {
    this.#stopping.abort(new Error('closed'));
    this.#connection?.close();
  }

  async #stayConnected(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        await sleep(RECONNECT_INTERVAL_MS, signal);
      } catch {
        return; // closed
      }
      if (!this.#connection) await this.#connect();
    }
  }

  async #connect(): Promise<void> {
    try {
      const connection = await JanusConnection.open(this.#options);
      await this.#prepare(connection);
      if (this.#stopping.signal.aborted) return connection.close();
      this.#connection = connection;
      this.#health = { ok: true };
      this.#options.log.info({ engine: 'janus' }, 'room server connected');
      connection.closed.addEventListener('abort', () => this.#onClosed(), { once: true });
    } catch (err) {
      if (this.#health.detail !== 'not reachable')
        this.#options.log.warn({ err, engine: 'janus' }, 'room server not reachable');
      this.#health = { ok: false, detail: 'not reachable' };
    }
  }

  async #prepare(connection: JanusConnection): Promise<void> {
    try {
      await this.#hooks.prepare(connection);
      connection.closed.throwIfAborted();
    } catch (err) {
      connection.close();
      throw err;
    }
  }

  #onClosed(): void {
    this.#connection = undefined;
    this.#health = { ok: false, detail: 'connection lost' };
    if (this.#stopping.signal.aborted) return;
    this.#options.log.error({ engine: 'janus' }, 'room server lost');
    this.#hooks.onLost();
  }
}
