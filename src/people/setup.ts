import type { z } from 'zod';
import type { SetupInput } from '../contract/people.ts';
import { GatewayError } from '../domain/errors.ts';
import { newUserId } from '../domain/ids.ts';
import type { User } from '../domain/user.ts';
import { sourceOf } from '../util/bans.ts';
import { AttemptLimit } from './attempt-limit.ts';
import type { PasswordHasher } from './password.ts';
import { checkPassword } from './password-rules.ts';
import type { UserStore } from './ports.ts';
import { isSame, setupCodeOf } from './random-words.ts';
import type { BegunSession, Sessions } from './sessions.ts';
import { userFacts } from './views.ts';

export interface SetupDeps {
  readonly store: UserStore;
  readonly hasher: PasswordHasher;
  readonly sessions: Sessions;
  /** Of which the setup code is made. */
  readonly secret: string;
  readonly now: () => number;
}

const LIMIT = { free: 10, firstWaitMs: 5_000, maxWaitMs: 300_000 };

/** Makes the first administrator, for who has seen what the program printed. */
export class Setup {
  readonly #deps: SetupDeps;
  readonly #code: string;
  readonly #addresses: AttemptLimit;

  constructor(deps: SetupDeps) {
    this.#deps = deps;
    this.#code = setupCodeOf(deps.secret);
    this.#addresses = new AttemptLimit({ ...LIMIT, now: deps.now });
  }

  async isNeeded(): Promise<boolean> {
    return !(await this.#deps.store.hasAdministrator());
  }

  /** @throws GatewayError `not-authorized` for a wrong code, `conflict` when it was done before */
  async setUp(
    input: z.output<typeof SetupInput>,
    address: string,
    former?: string,
  ): Promise<BegunSession> {
    const { store, hasher, sessions, now } = this.#deps;
    this.#addresses.take(sourceOf(address));
    if (!isSame(input.setupCode.trim(), this.#code)) {
      const message =
        'This is not the setup code. “diemcau setup-code” prints the link with it on the server.';
      throw new GatewayError('not-authorized', message);
    }
    if (!(await this.isNeeded())) throw alreadyDone();
    const { login, name, password } = input;
    checkPassword(password, [login, name]);
    const user: User = {
      id: newUserId(),
      login,
      name,
      role: 'administrator',
      groupIds: [],
      passwordHash: await hasher.hash(password),
      disabled: false,
      version: 1,
      createdAtMs: now(),
    };
    const by = { kind: 'user', userId: user.id, name, address } as const;
    const about = { entity: 'user', entityId: user.id, after: userFacts(user) };
    await store.insertUser(user, { by, action: 'set-up', ...about }, { first: true });
    return sessions.begin(user, by, 'password', former);
  }
}

function alreadyDone(): GatewayError {
  const message = 'There is an administrator already. Sign in, or ask that one for an account.';
  return new GatewayError('conflict', message);
}
