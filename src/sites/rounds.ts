import type { Logger } from 'pino';
import type { Clock } from '../calls/ports.ts';
import type { EndpointId } from '../domain/ids.ts';
import type { Endpoint } from '../domain/site.ts';
import type { EndpointProbe, SiteStore } from './ports.ts';
import type { Presence } from './presence.ts';
import type { Registrar } from './registrar.ts';

export interface RoundsDeps {
  readonly presence: Presence;
  readonly sites: SiteStore;
  readonly registrar: Registrar;
  readonly probe: EndpointProbe;
  readonly clock: Clock;
  /** Between two questions to the same endpoint; one that did not answer is asked again sooner. */
  readonly intervalMs: number;
  readonly log: Logger;
}

const LOOK_INTERVAL_MS = 1_000;
const MAX_IN_FLIGHT = 10;
/** A fresh registration is asked soon, so that its round trip is known. */
const FIRST_AFTER_MS = 1_000;
/** Share of the interval by which each wait differs, so that endpoints do not fall into step. */
const JITTER = 0.2;
const AGAIN_SHARE = 0.25;

/** Goes round all endpoints and asks each whether it is there; also drops registrations that ran out. */
export class Rounds {
  readonly #deps: RoundsDeps;
  readonly #dueAtMs = new Map<EndpointId, number>();
  readonly #stop = new AbortController();
  #inFlight = 0;

  constructor(deps: RoundsDeps) {
    this.#deps = deps;
  }

  /** Goes on until `close`. */
  start(): void {
    void this.#go();
  }

  close(): void {
    this.#stop.abort(new Error('closed'));
  }

  async #go(): Promise<void> {
    const { clock, registrar, log } = this.#deps;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        registrar.sweep();
        await this.#look();
      } catch (err) {
        log.warn({ err }, 'endpoints not asked');
      }
      await clock.sleep(LOOK_INTERVAL_MS, signal).catch(() => undefined); // closed: the loop ends
    }
  }

  async #look(): Promise<void> {
    const nowMs = this.#deps.clock.now();
    const endpoints = (await this.#deps.sites.listSites()).flatMap(site => site.endpoints);
    const present = new Set(endpoints.map(({ id }) => id));
    for (const id of this.#dueAtMs.keys()) if (!present.has(id)) this.#dueAtMs.delete(id);
    for (const endpoint of endpoints) this.#consider(endpoint, nowMs);
  }

  #consider(endpoint: Endpoint, nowMs: number): void {
    const target = this.#deps.presence.targetOf(endpoint);
    if (!target) {
      this.#dueAtMs.delete(endpoint.id);
      return;
    }
    const dueAtMs = this.#dueAtMs.get(endpoint.id);
    if (dueAtMs === undefined) {
      this.#dueAtMs.set(endpoint.id, nowMs + FIRST_AFTER_MS);
      return;
    }
    if (dueAtMs > nowMs || this.#inFlight >= MAX_IN_FLIGHT) return;
    this.#inFlight += 1;
    this.#dueAtMs.set(endpoint.id, Number.POSITIVE_INFINITY);
    void this.#deps.probe.probe(target).then(result => {
      this.#inFlight -= 1;
      const isFine = result.kind === 'answered';
      this.#dueAtMs.set(endpoint.id, this.#deps.clock.now() + this.#waitMs(isFine));
      this.#deps.presence.probed(endpoint.id, result);
    });
  }

  #waitMs(isFine: boolean): number {
    const share = (isFine ? 1 : AGAIN_SHARE) * (1 + (Math.random() - 0.5) * JITTER);
    return this.#deps.intervalMs * share;
  }
}
