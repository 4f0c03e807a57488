/**
 * The registrar, RFC 3261 §10.3: which endpoint is where now. It knows accounts
 * and contacts, not SIP messages; `sip/` parses those and proves who sends them.
 */
import type { Clock } from '../calls/ports.ts';
import { GatewayError } from '../domain/errors.ts';
import type { Binding } from '../domain/site.ts';
import { TypedEmitter } from '../util/typed-emitter.ts';
import type { BindingStore } from './ports.ts';

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

export interface RegistrarEvents {
  /** An account has bindings that had none. */
  registered: { readonly sipUsername: string; readonly binding: Binding };
  /** An account's last binding went: by the device's own wish, or because it ran out. */
  gone: { readonly sipUsername: string; readonly why: 'unregistered' | 'expired' };
}

/** An account keeps at most this many contacts; the oldest goes first. */
const MAX_BINDINGS_PER_ACCOUNT = 10;

export class Registrar {
  readonly #rules: RegistrarRules;
  readonly #clock: Clock;
  readonly #store: BindingStore;
  readonly #events: TypedEmitter<RegistrarEvents>;
  readonly #bindings: Map<string, readonly Binding[]>;

  private constructor(
    rules: RegistrarRules,
    clock: Clock,
    store: BindingStore,
    events: TypedEmitter<RegistrarEvents>,
    bindings: ReadonlyMap<string, readonly Binding[]>,
  ) {
    this.#rules = rules;
    this.#clock = clock;
    this.#store = store;
    this.#events = events;
    this.#bindings = new Map(bindings);
  }

  /**
   * Begins with the registrations that were there before a restart.
   *
   * @param onListenerError told of a listener that threw
   * @throws GatewayError `store-unavailable`
   */
  static async open(
    rules: RegistrarRules,
    clock: Clock,
    store: BindingStore,
    onListenerError: (event: string, err: unknown) => void,
  ): Promise<Registrar> {
    const events = new TypedEmitter<RegistrarEvents>(onListenerError);
    return new Registrar(rules, clock, store, events, await store.loadBindings());
  }

  on<E extends keyof RegistrarEvents>(
    name: E,
    listener: (event: RegistrarEvents[E]) => void,
  ): () => void {
    return this.#events.on(name, listener);
  }

  /**
   * Adds, refreshes and removes bindings as one REGISTER asks; all of it or nothing.
   * What it resolves with survives a crash.
   *
   * @throws GatewayError `bad-message` for `Contact: *` with a non-zero expiry,
   *   and for a REGISTER older than what it wants to change, RFC 3261 §10.3 (7);
   *   `store-unavailable`
   */
  async register(request: RegisterRequest): Promise<RegisterResult> {
    const { sipUsername, contacts } = request;
    const current = this.bindings(sipUsername);
    if (contacts === '*')
      return this.#save(sipUsername, current, this.#removeAll(request, current));
    if (contacts.length === 0) return { kind: 'bound', bindings: current };
    const wanted = contacts.map(contact => ({
      uri: contact.uri,
      expiresSec: contact.expiresSec ?? request.expiresSec ?? this.#rules.maxExpiresSec,
    }));
    if (wanted.some(c => c.expiresSec > 0 && c.expiresSec < this.#rules.minExpiresSec))
      return { kind: 'too-brief', minExpiresSec: this.#rules.minExpiresSec };
    for (const contact of wanted) refuseStale(request, find(current, contact.uri));
    return this.#save(sipUsername, current, this.#merge(request, current, wanted));
  }

  /** The live bindings of an account. */
  bindings(sipUsername: string): readonly Binding[] {
    const nowMs = this.#clock.now();
    const all = this.#bindings.get(sipUsername) ?? [];
    return all.filter(binding => binding.expiresAtMs > nowMs);
  }

  /** Accounts that have live bindings. */
  accounts(): string[] {
    return [...this.#bindings.keys()].filter(user => this.bindings(user).length > 0);
  }

  /** Whether this account registered from this socket: who calls from there is known without a challenge. */
  isBoundTo(sipUsername: string, sourceAddr: string, sipTransport: string): boolean {
    return this.bindings(sipUsername).some(
      binding => binding.sourceAddr === sourceAddr && binding.sipTransport === sipTransport,
    );
  }

  /** Whether any account is registered from this address, whatever its port. */
  isHome(host: string): boolean {
    const isThere = ({ sourceAddr }: Binding) =>
      sourceAddr.slice(0, sourceAddr.lastIndexOf(':')) === host;
    return this.accounts().some(account => this.bindings(account).some(isThere));
  }

  /** Forgets an account whose endpoint was deleted. */
  forget(sipUsername: string): void {
    this.#bindings.delete(sipUsername);
  }

  /** Drops what ran out; to be called every few seconds. */
  sweep(): void {
    for (const [sipUsername, all] of this.#bindings) {
      const live = this.bindings(sipUsername);
      if (live.length === all.length) continue;
      if (live.length > 0) this.#bindings.set(sipUsername, live);
      else {
        this.#bindings.delete(sipUsername);
        this.#events.emit('gone', { sipUsername, why: 'expired' });
      }
    }
  }

  #removeAll(request: RegisterRequest, current: readonly Binding[]): readonly Binding[] {
    if (request.expiresSec !== 0)
      throw new GatewayError('bad-message', 'Contact: * needs Expires: 0');
    for (const binding of current) refuseStale(request, binding);
    return [];
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

  async #save(
    sipUsername: string,
    before: readonly Binding[],
    bindings: readonly Binding[],
  ): Promise<RegisterResult> {
    if (bindings.length > 0) this.#bindings.set(sipUsername, bindings);
    else this.#bindings.delete(sipUsername);
    await this.#store.saveBindings(sipUsername, bindings);
    this.#tell(sipUsername, before, bindings);
    return { kind: 'bound', bindings };
  }

  #tell(sipUsername: string, before: readonly Binding[], after: readonly Binding[]): void {
    const binding = after.at(-1);
    if (!binding) {
      if (before.length > 0) this.#events.emit('gone', { sipUsername, why: 'unregistered' });
      return;
    }
    if (before.length === 0) this.#events.emit('registered', { sipUsername, binding });
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
