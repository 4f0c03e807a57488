import type { Page } from '../contract/paging.ts';
import type { UserInput, UserPatch, UserView } from '../contract/people.ts';
import type { Actor } from '../domain/actor.ts';
import { GatewayError } from '../domain/errors.ts';
import { newUserId, type UserId } from '../domain/ids.ts';
import type { User } from '../domain/user.ts';
import type { PasswordHasher } from './password.ts';
import { checkPassword } from './password-rules.ts';
import type { UserQuery, UserStore } from './ports.ts';
import { userFacts, userView } from './views.ts';

export interface UserDirectoryDeps {
  readonly store: UserStore;
  readonly hasher: PasswordHasher;
  readonly now: () => number;
}

/** Accounts as an administrator sees and changes them. */
export class UserDirectory {
  readonly #deps: UserDirectoryDeps;

  constructor(deps: UserDirectoryDeps) {
    this.#deps = deps;
  }

  async list(query: UserQuery): Promise<Page<UserView>> {
    const { items, total } = await this.#deps.store.listUsers(query);
    return { items: items.map(userView), total };
  }

  async get(id: string): Promise<UserView | undefined> {
    const user = await this.#deps.store.getUser(id as UserId);
    return user && userView(user);
  }

  /** @throws GatewayError `conflict` when the login is taken */
  async create(input: UserInput, by: Actor): Promise<UserView> {
    const { store, hasher, now } = this.#deps;
    const { login, name, role, password, groupIds } = input;
    if (password !== undefined) checkPassword(password, [login, name]);
    await this.#requireGroups(groupIds);
    const user: User = {
      id: newUserId(),
      login,
      name,
      role,
      groupIds: [...new Set(groupIds)],
      ...(password !== undefined && { passwordHash: await hasher.hash(password) }),
      disabled: false,
      version: 1,
      createdAtMs: now(),
    };
    const about = { entity: 'user', entityId: user.id, after: userFacts(user) };
    await store.insertUser(user, { by, action: 'created', ...about });
    return userView(user);
  }

  /**
   * Undefined when there is none.
   *
   * @throws GatewayError `version-conflict`, `conflict` when nobody would be left who may do everything
   */
  async update(id: string, patch: UserPatch, by: Actor): Promise<UserView | undefined> {
    const { store, hasher } = this.#deps;
    const before = await store.getUser(id as UserId);
    if (!before) return undefined;
    const { version, password, secondFactor, ...plain } = patch;
    if (password !== undefined) checkPassword(password, [before.login, plain.name ?? before.name]);
    const added = (plain.groupIds ?? []).filter(one => !before.groupIds.includes(one));
    await this.#requireGroups(added);
    const change = {
      ...plain,
      ...(password !== undefined && { passwordHash: await hasher.hash(password) }),
      ...(secondFactor === false && { secondFactor: null }),
    };
    const endsSessions = plain.disabled === true || password !== undefined;
    const after = await store.changeUser(before.id, change, {
      version,
      noted: { by, action: 'changed', entity: 'user', entityId: before.id, ...told(before, patch) },
      ...(endsSessions && { endsSessions: 'all' as const }),
      ...(plain.disabled === true && { endsTokens: true }),
    });
    return after && userView(after);
  }

  /** False when there was none. @throws GatewayError `conflict` for the last administrator */
  async delete(id: string, by: Actor): Promise<boolean> {
    const user = await this.#deps.store.getUser(id as UserId);
    if (!user) return false;
    if (by.userId === id)
      throw new GatewayError('conflict', 'Another administrator has to take your account away.');
    const about = { entity: 'user', entityId: id, before: userFacts(user) };
    return this.#deps.store.deleteUser(user.id, { by, action: 'deleted', ...about });
  }

  /** @throws GatewayError `bad-request` for what is guessed first */
  async changeOwnPassword(user: User, password: string, by: Actor, sessionIdHash: string) {
    const { store, hasher } = this.#deps;
    checkPassword(password, [user.login, user.name]);
    await store.changeUser(
      user.id,
      { passwordHash: await hasher.hash(password) },
      {
        noted: { by, action: 'password-changed', entity: 'user', entityId: user.id },
        endsSessions: { except: sessionIdHash },
      },
    );
  }

  async #requireGroups(ids: readonly string[]): Promise<void> {
    const unknown = await this.#deps.store.unknownGroups(ids);
    if (unknown.length === 0) return;
    const message = 'One of these groups of sites is not there. Load the list of groups again.';
    throw new GatewayError('bad-request', message, { details: { field: 'groupIds', unknown } });
  }
}

/** What was and what is, of what is asked to change; of a password only that it is new. */
function told(user: User, patch: UserPatch) {
  const { version: _, password, ...plain } = patch;
  const facts = userFacts(user);
  const keys = Object.keys(plain).filter(
    key => JSON.stringify(facts[key]) !== JSON.stringify(plain[key as keyof typeof plain]),
  );
  const pick = (from: Record<string, unknown>) =>
    Object.fromEntries(keys.map(key => [key, from[key]]));
  return {
    before: pick(facts),
    after: { ...pick(plain), ...(password !== undefined && { password: 'set anew' }) },
  };
}
