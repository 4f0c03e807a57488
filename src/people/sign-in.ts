import type { Actor } from '../domain/actor.ts';
import { GatewayError } from '../domain/errors.ts';
import type { User } from '../domain/user.ts';
import { sourceOf } from '../util/bans.ts';
import { AttemptLimit } from './attempt-limit.ts';
import type { PasswordHasher } from './password.ts';
import type { AuditStore, UserStore } from './ports.ts';
import { codeWrong, type SecondFactors } from './second-factors.ts';
import type { BegunSession, Sessions } from './sessions.ts';

export interface SignInDeps {
  readonly store: UserStore & AuditStore;
  readonly hasher: PasswordHasher;
  readonly secondFactors: SecondFactors;
  readonly sessions: Sessions;
  readonly now: () => number;
}

export interface SignInAttempt {
  readonly login: string;
  readonly password: string;
  readonly code?: string | undefined;
  readonly address: string;
  /** The session this browser had. */
  readonly former?: string | undefined;
}

/** A whole office may stand behind one address. */
const ADDRESS_LIMIT = { free: 20, firstWaitMs: 5_000, maxWaitMs: 300_000 };
/** OWASP ASVS 2.2.1: no more than a hundred wrong tries an hour on one account. */
export const ACCOUNT_LIMIT = { free: 5, firstWaitMs: 1_000, maxWaitMs: 60_000 };
/** Who gets this far knows the password: a million codes are not many. */
export const CODE_LIMIT = { free: 5, firstWaitMs: 30_000, maxWaitMs: 900_000 };

const REFUSED =
  'Account and password do not fit together, or the account may not sign in. Type both once more; an administrator can set a new password.';

/** Signs in with a password, and tells nobody who has an account. */
export class SignIn {
  readonly #deps: SignInDeps;
  readonly #addresses: AttemptLimit;
  readonly #accounts: AttemptLimit;
  readonly #codes: AttemptLimit;

  constructor(deps: SignInDeps) {
    this.#deps = deps;
    const { now } = deps;
    this.#addresses = new AttemptLimit({ ...ADDRESS_LIMIT, now });
    this.#accounts = new AttemptLimit({ ...ACCOUNT_LIMIT, now });
    this.#codes = new AttemptLimit({ ...CODE_LIMIT, now });
  }

  /** @throws GatewayError `sign-in-refused`, `second-factor-required`, `rate-limited` */
  async signIn({
    password,
    code,
    address,
    former,
    ...attempt
  }: SignInAttempt): Promise<BegunSession> {
    const login = attempt.login.trim().toLowerCase();
    const user = await this.#deps.store.findUserByLogin(login);
    const by = actorOf(user, login, address);
    this.#addresses.take(sourceOf(address));
    this.#accounts.take(login);
    const proved = await this.#prove(user, password);
    if (!proved) {
      await this.#noteRefusal(by, login, 'password');
      throw new GatewayError('sign-in-refused', REFUSED);
    }
    const how = await this.#secondStep(proved, code, by);
    this.#addresses.giveBack(sourceOf(address));
    this.#accounts.clear(login);
    await this.#renew(proved, password);
    return this.#deps.sessions.begin(proved, by, how, former);
  }

  /**
   * Asks for the password again before what matters.
   *
   * @throws GatewayError `sign-in-refused`, `rate-limited`
   */
  async confirmPassword(user: User, password: string, by: Actor): Promise<void> {
    this.#accounts.take(user.login);
    if (await this.#prove(user, password)) return this.#accounts.giveBack(user.login);
    await this.#noteRefusal(by, user.login, 'password');
    throw new GatewayError('sign-in-refused', 'This is not your password; type it once more.');
  }

  async #secondStep(user: User, code: string | undefined, by: Actor): Promise<string> {
    if (!user.secondFactor) return 'password';
    if (code === undefined)
      throw new GatewayError('second-factor-required', 'Give the code your authenticator shows.');
    this.#codes.take(user.id);
    const kind = await this.#deps.secondFactors.take(user, code);
    if (!kind) {
      await this.#noteRefusal(by, user.login, 'code');
      throw codeWrong();
    }
    this.#codes.clear(user.id);
    return kind;
  }

  /** The account, when this is its password and it may sign in; as much work for all others. */
  async #prove(user: User | undefined, password: string): Promise<User | undefined> {
    const isRight = await this.#deps.hasher.verify(password, user?.passwordHash);
    return isRight && !user?.disabled ? user : undefined;
  }

  #noteRefusal(by: Actor, login: string, reason: string): Promise<void> {
    const after = { login: login.slice(0, 100), reason };
    const about = by.userId === undefined ? {} : { entityId: by.userId };
    return this.#deps.store.note({
      by,
      action: 'sign-in-refused',
      entity: 'user',
      ...about,
      after,
    });
  }

  /** Now the password is at hand, it is hashed as it is done today. */
  async #renew({ id, passwordHash }: User, password: string): Promise<void> {
    const { hasher, store } = this.#deps;
    if (passwordHash === undefined || !hasher.isOutdated(passwordHash)) return;
    await store.changeUser(id, { passwordHash: await hasher.hash(password) }, {});
  }
}

function actorOf(user: User | undefined, login: string, address: string): Actor {
  if (user) return { kind: 'user', userId: user.id, name: user.name, address };
  return { kind: 'user', name: login.slice(0, 100), address };
}
