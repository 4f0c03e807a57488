import { parseAddress, parseSipUri } from '../message/address.ts';
import { headerList, headerOf, type SipRequest } from '../message/message.ts';
import type { Flow } from './flow.ts';
import { canonicalHost } from './host.ts';

/** What the application granted in its 200 to a REGISTER. */
export interface Granted {
  readonly contacts: readonly string[];
  readonly expires: string | undefined;
}

interface Entry {
  readonly flow: Flow;
  readonly timer: NodeJS.Timeout;
}

const DEFAULT_LIFETIME_SEC = 3_600;
const MAX_LIFETIME_SEC = 86_400;
const MAX_CONTACTS = 8;

/**
 * The connection each TCP or TLS device registered over. Behind NAT it cannot be
 * reached any other way, so what is sent to its Contact goes back along that
 * connection. An entry ends with its connection or its registration.
 */
export class RegisteredFlows {
  readonly #entries = new Map<string, Entry>();
  readonly #watched = new WeakSet<Flow>();

  get size(): number {
    return this.#entries.size;
  }

  /** Takes note of a REGISTER that the application granted. */
  learn(request: SipRequest, flow: Flow, granted: Granted): void {
    if (flow.protocol === 'udp') return;
    for (const value of headerList(request, 'contact').slice(0, MAX_CONTACTS)) {
      const key = keyOf(parseAddress(value)?.uri ?? '');
      if (key === undefined) continue;
      const seconds = lifetimeSec(key, value, request, granted);
      if (seconds > 0) this.#set(key, flow, seconds);
      else this.#delete(key);
    }
  }

  /** The connection behind a URI; undefined when nobody registered it over one that still stands. */
  flowFor(uri: string): Flow | undefined {
    const key = keyOf(uri);
    const entry = key === undefined ? undefined : this.#entries.get(key);
    return entry?.flow.isOpen ? entry.flow : undefined;
  }

  clear(): void {
    for (const key of [...this.#entries.keys()]) this.#delete(key);
  }

  #set(key: string, flow: Flow, seconds: number): void {
    this.#delete(key);
    const timer = setTimeout(() => this.#delete(key), seconds * 1_000);
    this.#entries.set(key, { flow, timer });
    if (this.#watched.has(flow)) return;
    this.#watched.add(flow);
    flow.onceClosed(() => this.#forget(flow));
  }

  #forget(flow: Flow): void {
    for (const [key, entry] of [...this.#entries]) if (entry.flow === flow) this.#delete(key);
  }

  #delete(key: string): void {
    clearTimeout(this.#entries.get(key)?.timer);
    this.#entries.delete(key);
  }
}

/** Granted lifetime before the asked one; 0 takes the contact away. RFC 3261 §10.2.1.1. */
function lifetimeSec(key: string, value: string, request: SipRequest, granted: Granted): number {
  const grant = granted.contacts.find(other => keyOf(parseAddress(other)?.uri ?? '') === key);
  const candidates = [
    parseAddress(grant ?? '')?.params.get('expires'),
    parseAddress(value)?.params.get('expires'),
    granted.expires,
    headerOf(request, 'expires'),
  ];
  const given = candidates.find(text => text !== undefined && /^\d{1,9}$/.test(text));
  return Math.min(given === undefined ? DEFAULT_LIFETIME_SEC : Number(given), MAX_LIFETIME_SEC);
}

function keyOf(uri: string): string | undefined {
  const parsed = parseSipUri(uri);
  return parsed && `${parsed.user ?? ''}@${canonicalHost(parsed.host)}:${parsed.port ?? ''}`;
}
