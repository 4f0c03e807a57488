import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { TokenInput, TokenView } from '../contract/people.ts';
import type { Actor } from '../domain/actor.ts';
import { GatewayError } from '../domain/errors.ts';
import type { ApiToken, User } from '../domain/user.ts';
import { hashOf } from '../util/random-token.ts';
import type { TokenStore } from './ports.ts';
import { permissionsOf } from './principals.ts';
import { API_TOKEN_PREFIX, newApiToken } from './random-words.ts';
import { tokenView } from './views.ts';

export interface ApiTokensDeps {
  readonly store: TokenStore;
  readonly now: () => number;
}

const HINT_LENGTH = API_TOKEN_PREFIX.length + 4;
const TOUCH_INTERVAL_MS = 60_000;
const DAY_MS = 86_400_000;
/** A token nobody remembers must end some day. */
const LONGEST_MS = 2 * 366 * DAY_MS;
const MAX_TOKENS = 50;

/** What programs prove themselves by, in somebody's name. */
export class ApiTokens {
  readonly #deps: ApiTokensDeps;

  constructor(deps: ApiTokensDeps) {
    this.#deps = deps;
  }

  async list({ id }: User): Promise<TokenView[]> {
    return (await this.#deps.store.listTokens(id)).map(tokenView);
  }

  /**
   * Gives the token itself this once.
   *
   * @throws GatewayError `not-authorized` for what its owner may not, `bad-request`, `conflict`
   */
  async create(user: User, input: z.output<typeof TokenInput>, by: Actor) {
    const { store, now } = this.#deps;
    const { name, scopes, expiresAtMs } = input;
    const missing = scopes.filter(scope => !permissionsOf(user).includes(scope));
    if (missing.length > 0)
      throw new GatewayError('not-authorized', 'A token cannot do more than its owner.', {
        details: { permissions: missing },
      });
    const nowMs = now();
    if (expiresAtMs <= nowMs || expiresAtMs > nowMs + LONGEST_MS)
      throw new GatewayError('bad-request', 'Let the token end within the next two years.', {
        details: { field: 'expiresAtMs' },
      });
    if ((await store.listTokens(user.id)).length >= MAX_TOKENS)
      throw new GatewayError('conflict', 'You have fifty tokens; take one back that is not used.');
    const secret = newApiToken();
    const token: ApiToken = {
      id: randomUUID(),
      userId: user.id,
      name,
      hint: secret.slice(0, HINT_LENGTH),
      hash: hashOf(secret),
      scopes: [...new Set(scopes)],
      expiresAtMs,
      createdAtMs: nowMs,
    };
    const after = { name, scopes: token.scopes, expiresAtMs, owner: user.login };
    const noted = { by, action: 'created', entity: 'token', entityId: token.id, after };
    await store.insertToken(token, noted);
    return { ...tokenView(token), token: secret };
  }

  /** False when it has none of this id. */
  revoke(user: User, id: string, by: Actor): Promise<boolean> {
    const noted = { by, action: 'deleted', entity: 'token', entityId: id };
    return this.#deps.store.deleteToken(user.id, id, noted);
  }

  /** The token a program shows, and whose it is; undefined when it or its account is over. */
  async find(secret: string): Promise<{ token: ApiToken; user: User } | undefined> {
    if (!secret.startsWith(API_TOKEN_PREFIX)) return undefined;
    const { store, now } = this.#deps;
    const found = await store.findToken(hashOf(secret));
    const nowMs = now();
    if (!found || found.user.disabled || found.token.expiresAtMs <= nowMs) return undefined;
    const { id, lastUsedAtMs = 0 } = found.token;
    if (nowMs - lastUsedAtMs >= TOUCH_INTERVAL_MS) await store.touchToken(id, nowMs);
    return found;
  }
}
