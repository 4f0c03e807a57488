import { type Call, type EndReason, type LegEvent, nextLegState } from '../domain/call.ts';
import { GatewayError } from '../domain/errors.ts';
import type { CallId, ConferenceId, ParticipantId } from '../domain/ids.ts';
import type { FoundEndpoint } from '../domain/site.ts';

/** What runs; whoever changes `call` tells it by that. */
class Entry {
  readonly end = new AbortController();
  readonly #changed: (call: Call) => void;
  #call: Call;

  constructor(call: Call, changed: (call: Call) => void) {
    this.#call = call;
    this.#changed = changed;
  }

  get call(): Call {
    return this.#call;
  }

  set call(call: Call) {
    this.#call = call;
    this.#changed(call);
  }
}

type Peer = Pick<Call, 'sipTransport' | 'remoteAddr' | 'userAgent'>;

/** A call's own hold on its entry in the list. */
export interface CallEntry {
  /** As the list shows it now. */
  readonly call: Call;
  /** Fires with an `EndReason` as reason when somebody else wants the call to end. */
  readonly endRequested: AbortSignal;
  /** Moves the call's state; an event that means nothing now is our bug. */
  advance(event: LegEvent): void;
  /** The call's place in a conference, from now on. */
  enter(place: {
    readonly conferenceId: ConferenceId;
    readonly participantId: ParticipantId;
  }): void;
  /** What the endpoint has said of itself, of a call that we began. */
  met(peer: Peer): void;
  /** Takes the call off the list; safe to call twice. */
  remove(): void;
}

/** What the endpoint has said of itself so far. */
export function peerOf({ sipTransport, remoteAddr, userAgent }: Peer): Peer {
  return { sipTransport, remoteAddr, userAgent };
}

/** A call at its beginning, whichever side began it. */
export function offeredCall(
  call: Pick<Call, 'callId' | 'direction' | 'startedAtMs'>,
  { endpoint, site }: FoundEndpoint,
  leg: Peer,
): Call {
  return {
    ...call,
    siteId: endpoint.siteId,
    endpointId: endpoint.id,
    siteName: site.name,
    state: 'offered',
    ...peerOf(leg),
  };
}

/** The calls that run now; an entry lives as long as its story. */
export class CallList {
  readonly #entries = new Map<CallId, Entry>();
  readonly #listeners = new Set<(call: Call) => void>();

  list(): Call[] {
    return [...this.#entries.values()].map(entry => entry.call);
  }

  add(call: Call): CallEntry {
    const entry = new Entry(call, changed => this.#tell(changed));
    this.#entries.set(call.callId, entry);
    this.#tell(call);
    return {
      get call() {
        return entry.call;
      },
      endRequested: entry.end.signal,
      advance: event => {
        const state = nextLegState(entry.call.state, event);
        if (!state)
          throw new GatewayError('invalid-state', `call cannot ${event} in ${entry.call.state}`);
        entry.call = { ...entry.call, state };
      },
      enter: ({ conferenceId, participantId }) => {
        entry.call = { ...entry.call, conferenceId, participantId };
      },
      met: peer => {
        entry.call = { ...entry.call, ...peer };
      },
      remove: () => {
        if (this.#entries.delete(call.callId)) this.#tell(entry.call);
      },
    };
  }

  /** Told of each call that came, changed or went, as it is then; returns its own undo. */
  onChange(listener: (call: Call) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Asks one call to end; false when there is none. */
  requestEnd(callId: CallId, reason: EndReason): boolean {
    const entry = this.#entries.get(callId);
    entry?.end.abort(reason);
    return entry !== undefined;
  }

  requestEndOfAll(reason: EndReason): void {
    for (const { end } of this.#entries.values()) end.abort(reason);
  }

  #tell(call: Call): void {
    for (const listener of [...this.#listeners]) listener(call);
  }
}
