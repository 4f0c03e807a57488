/**
 * The registrar, RFC 3261 §10.3: which endpoint is where now. It knows accounts
 * and contacts, not SIP messages; `sip/` parses those and proves who sends them.
 */
import type { Clock } from '../calls/ports.ts';
import { GatewayError } from '../domain/errors.ts';
import type { Binding } from '../domain/site.ts';

export interface RegistrarRules {
  /** A shorter expiry is refused, 423. */
  readonly minExpiresSec: number;
  /** A longer expiry is shortened to this. */
  readonly maxExpiresSec: number;
}

/** What one REGISTER asks for. */
export interface RegisterRequest {
  readonly sipUsername: string;
  /** `*` removes all; an empty list only asks. */
  readonly contacts: '*' | readonly { readonly uri: string; readonly expiresSec?: number }[];
  /** The Expires header. */
  readonly expiresSec?: number;
  readonly sipCallId: string;
  readonly cseq: number;
  readonly sourceAddr: string;
  readonly sipTransport: string;
  readonly userAgent: string;
}

/** Outcome of a REGISTER: the bindings that stand, or why it was refused. */
export type RegisterResult =
  | { readonly kind: 'bound'; readonly bindings: readonly Binding[] }
  | { readonly kind: 'too-brief'; readonly minExpiresSec: number };

/** An account keeps at most this many contacts; the oldest goes first. */
const MAX_BINDINGS_PER_ACCOUNT = 10;

export class Registrar {
  readonly #rules: RegistrarRules;
  readonly #clock: Clock;
  readonly #bindings = new Map<string, readonly Binding[]>();

  constructor(rules: RegistrarRules, clock: Clock) {
    this.#rules = rules;
    this.#clock = clock;
  }

  /**
   * Adds, refreshes and removes bindings as one REGISTER asks; all of it or nothing.
   *
   * @throws GatewayError `bad-message` for `Contact: *` with a non-zero expiry,
   *   and for a REGISTER older than what it wants to change, RFC 3261 §10.3 (7)
   */
  register(request: RegisterRequest): RegisterResult {
    const current = this.bindings(request.sipUsername);
    if (request.contacts === '*') return this.#removeAll(request, current);
    const wanted = request.contacts.map(contact => ({
      uri: contact.uri,
      expiresSec: contact.expiresSec ?? request.expiresSec ?? this.#rules.maxExpiresSec,
    }));
    if (wanted.some(c => c.expiresSec > 0 && c.expiresSec < this.#rules.minExpiresSec))
      return { kind: 'too-brief', minExpiresSec: this.#rules.minExpiresSec };
    for (const contact of wanted) refuseStale(request, find(current, contact.uri));
    return this.#store(request.sipUsername, this.#merge(request, current, wanted));
  }

  /** The live bindings of an account. */
  bindings(sipUsername: string): readonly Binding[] {
    const nowMs = this.#clock.now();
    const all = this.#bindings.get(sipUsername) ?? [];
    return all.filter(binding => binding.expiresAtMs > nowMs);
  }

  /** Whether this account registered from this socket: who calls from there is known without a challenge. */
  isBoundTo(sipUsername: string, sourceAddr: string, sipTransport: string): boolean {
    return this.bindings(sipUsername).some(
      binding => binding.sourceAddr === sourceAddr && binding.sipTransport === sipTransport,
    );
  }

  /** Forgets an account whose endpoint was deleted. */
  forget(sipUsername: string): void {
    this.#bindings.delete(sipUsername);
  }

  #removeAll(request: RegisterRequest, current: readonly Binding[]): RegisterResult {
    if (request.expiresSec !== 0)
      throw new GatewayError('bad-message', 'Contact: * needs Expires: 0');
    for (const binding of current) refuseStale(request, binding);
    return this.#store(request.sipUsername, []);
  }

  #merge(
    request: RegisterRequest,
    current: readonly Binding[],
    wanted: readonly { uri: string; expiresSec: number }[],
  ): readonly Binding[] {
    const nowMs = this.#clock.now();
    const kept = current.filter(binding => !find(wanted.map(toContact), binding.contactUri));
    const added = wanted
      .filter(contact => contact.expiresSec > 0)
      .map(contact => ({
        contactUri: contact.uri,
        sourceAddr: request.sourceAddr,
        sipTransport: request.sipTransport,
        userAgent: request.userAgent,
        expiresAtMs: nowMs + Math.min(contact.expiresSec, this.#rules.maxExpiresSec) * 1000,
        sipCallId: request.sipCallId,
        cseq: request.cseq,
      }));
    return [...kept, ...added].slice(-MAX_BINDINGS_PER_ACCOUNT);
  }

  #store(sipUsername: string, bindings: readonly Binding[]): RegisterResult {
    if (bindings.length > 0) this.#bindings.set(sipUsername, bindings);
    else this.#bindings.delete(sipUsername);
    return { kind: 'bound', bindings };
  }
}

const toContact = (contact: { uri: string }) => ({ contactUri: contact.uri });

function find<T extends { readonly contactUri: string }>(
  bindings: readonly T[],
  uri: string,
): T | undefined {
  return bindings.find(binding => binding.contactUri === uri);
}

function refuseStale(request: RegisterRequest, binding: Binding | undefined): void {
  if (!binding || binding.sipCallId !== request.sipCallId) return;
  if (request.cseq <= binding.cseq)
    throw new GatewayError('bad-message', 'REGISTER is older than the binding it changes');
}
