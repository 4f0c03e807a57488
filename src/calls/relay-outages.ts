import type { Logger } from 'pino';
import type { EndReason } from '../domain/call.ts';
import { toGatewayError } from '../domain/errors.ts';
import type { Clock, MediaRelay } from './ports.ts';

/** A relay that is away for longer ends its calls: nobody waits in silence for more. */
const PATIENCE_MS = 15_000;

export interface RelayOutagesDeps {
  readonly relay: MediaRelay;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What a call does about its relay. */
export interface RelayedCall {
  /** The relay is away: lets go of what would be missed. */
  readonly close: () => Promise<void>;
  /** It is back and empty: opens all of it there anew. */
  readonly reopen: () => Promise<void>;
}

/** Takes one call through the deaths of the media relay; whoever made it closes it. */
export class RelayOutages {
  /** Resolves when the call cannot go on. */
  readonly ending: Promise<EndReason>;
  readonly #deps: RelayOutagesDeps;
  readonly #call: RelayedCall;
  readonly #undo: readonly (() => void)[];
  #patience: AbortController | undefined;
  #reopening = 0;
  #end: (reason: EndReason) => void = () => undefined;

  constructor(deps: RelayOutagesDeps, call: RelayedCall) {
    this.#deps = deps;
    this.#call = call;
    this.ending = new Promise(resolve => {
      this.#end = resolve;
    });
    const { relay } = deps;
    this.#undo = [relay.onLost(() => this.#lost()), relay.onRestored(() => this.#restored())];
  }

  /** While this is so nothing can be heard of the endpoint, and it is no fault of its own. */
  get isUnderWay(): boolean {
    return this.#patience !== undefined || this.#reopening > 0;
  }

  close(): void {
    for (const undo of this.#undo) undo();
    this.#patience?.abort(new Error('call over'));
  }

  #lost(): void {
    const patience = new AbortController();
    this.#patience = patience;
    this.#deps.clock.sleep(PATIENCE_MS, patience.signal).then(
      () => this.#end('media-relay-down'),
      () => undefined, // it came back, or the call is over
    );
    this.#call.close().catch(err => this.#deps.log.warn({ err }, 'feed not closed'));
  }

  #restored(): void {
    this.#patience?.abort(new Error('relay is back'));
    this.#patience = undefined;
    void this.#reopen();
  }

  async #reopen(): Promise<void> {
    const { relay, clock, log } = this.#deps;
    const startedAtMs = clock.now();
    this.#reopening += 1;
    try {
      await this.#call.reopen();
      log.info({ tookMs: clock.now() - startedAtMs }, 'call opened anew at the media relay');
    } catch (err) {
      const { code } = toGatewayError(err);
      log.warn({ err, code }, 'call not opened anew at the media relay');
      if (relay.health().ok) this.#end('media-relay-down'); // else it is lost again, and waited for
    } finally {
      this.#reopening -= 1;
    }
  }
}
