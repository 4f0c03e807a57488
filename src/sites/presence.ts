/**
 * Whether each endpoint can be reached, since when and why not: what registrations,
 * wrong passwords and our own questions (OPTIONS) tell, in one place. Every change
 * goes into the endpoint's history.
 */
import type { Logger } from 'pino';
import type { CallTarget, Clock } from '../calls/ports.ts';
import type { EndpointId } from '../domain/ids.ts';
import type { Endpoint } from '../domain/site.ts';
import { TypedEmitter } from '../util/typed-emitter.ts';
import type { EndpointEvent, EndpointEventKind } from './endpoint-events.ts';
import { endpointTarget } from './endpoint-target.ts';
import type { EndpointEventStore, ProbeResult, SiteStore } from './ports.ts';
import type { Registrar } from './registrar.ts';

export type EndpointState =
  | 'registered'
  /** Not registered, but it answers at its fixed address. */
  | 'reachable'
  /** Registered or at a fixed address, but it does not answer. */
  | 'unreachable'
  | 'unregistered'
  | 'never-seen';

/** How an endpoint is now. */
export interface EndpointStatus {
  readonly state: EndpointState;
  /** Epoch, ms; undefined for `never-seen`. */
  readonly sinceMs: number | undefined;
  /** The last thing that happened to it. */
  readonly last: EndpointEvent | undefined;
  /** Of the last OPTIONS that was answered. */
  readonly roundTripMs: number | undefined;
}

export interface PresenceDeps {
  readonly sites: SiteStore;
  readonly events: EndpointEventStore;
  readonly registrar: Registrar;
  readonly clock: Clock;
  readonly log: Logger;
}

interface Known {
  last: EndpointEvent | undefined;
  missed: number;
  roundTripMs: number | undefined;
}

const KEPT_EVENTS = 200;
/** An endpoint that misses one question is asked again before it is called unreachable. */
const MISSES_TO_BE_UNREACHABLE = 2;
/** A device with a wrong password tries every few seconds: one line an hour is enough. */
const WRONG_PASSWORD_EVERY_MS = 3_600_000;

export class Presence {
  readonly #deps: PresenceDeps;
  readonly #known = new Map<EndpointId, Known>();
  readonly #emitter: TypedEmitter<{ changed: EndpointId }>;

  private constructor(deps: PresenceDeps) {
    this.#deps = deps;
    const { registrar, log } = deps;
    this.#emitter = new TypedEmitter((_, err) => log.error({ err }, 'listener failed'));
    registrar.on('registered', ({ sipUsername, binding }) => {
      const detail = `${binding.sourceAddr} ${binding.sipTransport} ${binding.userAgent}`.trim();
      this.#happenedTo(sipUsername, 'registered', detail);
    });
    registrar.on('gone', ({ sipUsername, why }) => this.#happenedTo(sipUsername, why, ''));
  }

  /** Begins with what was known before a restart. @throws GatewayError `store-unavailable` */
  static async open(deps: PresenceDeps): Promise<Presence> {
    const presence = new Presence(deps);
    for (const event of await deps.events.lastEndpointEvents())
      presence.#of(event.endpointId).last = event;
    return presence;
  }

  status({ id, sipUsername }: Pick<Endpoint, 'id' | 'sipUsername'>): EndpointStatus {
    const { last, missed, roundTripMs } = this.#of(id);
    const isRegistered = this.#deps.registrar.bindings(sipUsername).length > 0;
    const state = stateOf(isRegistered, missed >= MISSES_TO_BE_UNREACHABLE, last);
    return { state, sinceMs: last?.atMs, last, roundTripMs };
  }

  /** Told after each change of what `status` says of an endpoint; returns its own undo. */
  onChange(listener: (id: EndpointId) => void): () => void {
    return this.#emitter.on('changed', listener);
  }

  history(id: EndpointId): Promise<readonly EndpointEvent[]> {
    return this.#deps.events.listEndpointEvents(id, KEPT_EVENTS);
  }

  /** An endpoint's account was claimed with a wrong password. */
  wrongPassword(sipUsername: string, sourceAddr: string): void {
    this.#happenedTo(sipUsername, 'wrong-password', sourceAddr);
  }

  /** An endpoint has another account or password from now on, and is not registered any more. */
  accountChanged(id: EndpointId): void {
    this.#happened(id, 'account-changed', '');
  }

  /** Where an endpoint can be called, or asked whether it is there; undefined when nowhere. */
  targetOf(endpoint: Endpoint): CallTarget | undefined {
    return endpointTarget(endpoint, this.#deps.registrar.bindings(endpoint.sipUsername));
  }

  /** What came of asking. */
  probed(id: EndpointId, result: ProbeResult): void {
    if (result.kind === 'not-asked') return;
    const known = this.#of(id);
    if (result.kind === 'answered') {
      known.roundTripMs = result.roundTripMs;
      const wasMissed = known.missed >= MISSES_TO_BE_UNREACHABLE;
      known.missed = 0;
      if (wasMissed || !known.last) this.#happened(id, 'reachable', '');
      else this.#emitter.emit('changed', id);
      return;
    }
    known.missed += 1;
    known.roundTripMs = undefined;
    if (known.missed === MISSES_TO_BE_UNREACHABLE) this.#happened(id, result.kind, '');
  }

  /** Forgets an endpoint that was deleted. */
  forget(id: EndpointId): void {
    this.#known.delete(id);
  }

  #of(id: EndpointId): Known {
    const known = this.#known.get(id) ?? { last: undefined, missed: 0, roundTripMs: undefined };
    this.#known.set(id, known);
    return known;
  }

  #happenedTo(sipUsername: string, kind: EndpointEventKind, detail: string): void {
    this.#deps.sites
      .findEndpoint(sipUsername)
      .then(found => found && this.#happened(found.endpoint.id, kind, detail))
      .catch(err => this.#deps.log.warn({ err, kind }, 'endpoint event not kept'));
  }

  #happened(endpointId: EndpointId, kind: EndpointEventKind, detail: string): void {
    const { clock, events, log } = this.#deps;
    const known = this.#of(endpointId);
    const atMs = clock.now();
    const { last } = known;
    const isAgain = kind === 'wrong-password' && last?.kind === kind;
    if (isAgain && atMs - last.atMs < WRONG_PASSWORD_EVERY_MS) return;
    if (kind === 'registered') known.missed = 0;
    const event = { endpointId, atMs, kind, detail };
    known.last = event;
    log.info({ endpointId, kind, detail }, 'endpoint');
    this.#emitter.emit('changed', endpointId);
    events
      .addEndpointEvent(event, KEPT_EVENTS)
      .catch(err => log.warn({ err, kind }, 'endpoint event not kept'));
  }
}

function stateOf(
  isRegistered: boolean,
  isMissed: boolean,
  last: EndpointEvent | undefined,
): EndpointState {
  if (isMissed && (isRegistered || last?.kind === 'no-answer')) return 'unreachable';
  if (isRegistered) return 'registered';
  if (!last) return 'never-seen';
  if (last.kind === 'reachable') return 'reachable';
  return 'unregistered';
}
