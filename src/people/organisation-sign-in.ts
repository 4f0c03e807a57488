import { randomBytes } from 'node:crypto';
import { Role } from '../contract/permissions.ts';
import { SYSTEM } from '../domain/actor.ts';
import { GatewayError } from '../domain/errors.ts';
import { newUserId } from '../domain/ids.ts';
import type { User } from '../domain/user.ts';
import { hashOf, randomToken } from '../util/random-token.ts';
import { searchText } from '../util/search-text.ts';
import type {
  AuditStore,
  OrganisationPerson,
  OrganisationProvider,
  PendingSignIn,
  UserStore,
} from './ports.ts';
import type { BegunSession, Sessions } from './sessions.ts';
import { userFacts } from './views.ts';

export interface OrganisationSignInDeps {
  readonly provider: OrganisationProvider;
  readonly store: UserStore & AuditStore;
  readonly sessions: Sessions;
  readonly now: () => number;
}

export const PENDING_MS = 10 * 60_000;
const MAX_PENDING = 1_000;

/** Signs in who the organisation's own sign-in vouches for; the role is what that says each time. */
export class OrganisationSignIn {
  readonly #deps: OrganisationSignInDeps;
  /** Those who are at the provider now, by the digest of what their browser holds. */
  readonly #pending = new Map<string, { pending: PendingSignIn; untilMs: number }>();

  constructor(deps: OrganisationSignInDeps) {
    this.#deps = deps;
  }

  get name(): string {
    return this.#deps.provider.name;
  }

  /** Where the browser goes, and what it has to bring back: nobody finishes what another began. */
  async begin(): Promise<{ url: string; secret: string }> {
    const { provider, now } = this.#deps;
    const { url, pending } = await provider.begin();
    const secret = randomToken();
    const oldest = this.#pending.keys().next().value;
    if (this.#pending.size >= MAX_PENDING && oldest !== undefined) this.#pending.delete(oldest);
    this.#pending.set(hashOf(secret), { pending, untilMs: now() + PENDING_MS });
    return { url, secret };
  }

  /**
   * @param search what the provider sent the browser back with
   * @throws GatewayError `sign-in-refused`, `organisation-sign-in-failed`
   */
  async finish(
    search: string,
    secret: string,
    address: string,
    former?: string,
  ): Promise<BegunSession> {
    const { provider, sessions, now } = this.#deps;
    const begun = this.#pending.get(hashOf(secret));
    this.#pending.delete(hashOf(secret));
    if (!begun || begun.untilMs < now())
      throw new GatewayError('sign-in-refused', 'This took too long. Sign in once more.');
    const person = await provider.finish(search, begun.pending);
    const user = await this.#account(person, address);
    const by = { kind: 'user', userId: user.id, name: user.name, address } as const;
    return sessions.begin(user, by, 'organisation', former);
  }

  async #account(person: OrganisationPerson, address: string): Promise<User> {
    const { store } = this.#deps;
    const known = await store.findUserByIdentity(person.identity);
    const role = Role.options.find(one => person.roles.includes(one));
    if (role && !known) return this.#create(person, role);
    if (role && known && !known.disabled) return this.#bringUpToDate(known, person, role);
    const name = known?.name ?? person.name ?? person.login ?? person.identity.subject;
    await store.note({
      by: { kind: 'user', ...(known && { userId: known.id }), name, address },
      action: 'sign-in-refused',
      entity: 'user',
      ...(known && { entityId: known.id }),
      after: { ...person.identity, reason: role ? 'disabled' : 'no-role' },
    });
    const message =
      'Your organisation’s sign-in gives you no role here, or the account may not sign in. Ask an administrator.';
    throw new GatewayError('sign-in-refused', message);
  }

  async #create(person: OrganisationPerson, role: Role): Promise<User> {
    const { store, now } = this.#deps;
    const login = await this.#freeLogin(person.login ?? person.identity.subject);
    const user: User = {
      id: newUserId(),
      login,
      name: person.name?.slice(0, 100) ?? login,
      role,
      groupIds: person.groupIds ?? [],
      identity: person.identity,
      disabled: false,
      version: 1,
      createdAtMs: now(),
    };
    const after = { ...userFacts(user), ...person.identity };
    const noted = { by: SYSTEM, action: 'created', entity: 'user', entityId: user.id, after };
    await store.insertUser(user, noted);
    return user;
  }

  async #bringUpToDate(user: User, person: OrganisationPerson, role: Role): Promise<User> {
    const groupIds = person.groupIds ?? user.groupIds;
    const isSame = role === user.role && String(groupIds) === String(user.groupIds);
    if (isSame) return user;
    const { role: formerRole, groupIds: formerGroupIds } = user;
    const noted = {
      by: SYSTEM,
      action: 'changed',
      entity: 'user',
      entityId: user.id,
      before: { role: formerRole, groupIds: formerGroupIds },
      after: { role, groupIds },
    };
    const change = { role, groupIds };
    return (await this.#deps.store.changeUser(user.id, change, { noted })) ?? user;
  }

  /** Never the account of somebody else who happens to be called so. */
  async #freeLogin(wish: string): Promise<string> {
    const plain = searchText(wish).replace(/[^a-z0-9._@-]+/g, '-');
    const base = plain.replace(/^[^a-z0-9]+/, '').slice(0, 50);
    const tail = randomBytes(4).toString('hex');
    if (base.length < 2) return `user-${tail}`;
    return (await this.#deps.store.findUserByLogin(base)) ? `${base}-${tail}` : base;
  }
}
