import { randomBytes } from 'node:crypto';
import type { Actor } from '../domain/actor.ts';
import { GatewayError } from '../domain/errors.ts';
import type { UserId } from '../domain/ids.ts';
import type { User } from '../domain/user.ts';
import { hashOf } from '../util/random-token.ts';
import { toBase32 } from './base32.ts';
import type { UserStore } from './ports.ts';
import { newRecoveryCode, plainRecoveryCode } from './random-words.ts';
import type { SecretBox } from './secret-box.ts';
import { stepOf, totpUri } from './totp.ts';

export interface SecondFactorsDeps {
  readonly store: UserStore;
  readonly box: SecretBox;
  readonly now: () => number;
}

/** RFC 4226 §4: 160 bits. */
const SECRET_BYTES = 20;
const RECOVERY_CODES = 10;
/** How long a secret waits to be confirmed. */
const BEGUN_MS = 10 * 60_000;
const MAX_BEGUN = 1_000;

/** Codes of an authenticator, and codes for when the telephone is lost; each counts once. */
export class SecondFactors {
  readonly #deps: SecondFactorsDeps;
  /** Not confirmed yet: only in memory, so that nothing of it has to be cleaned up. */
  readonly #begun = new Map<UserId, { secret: Buffer; untilMs: number }>();

  constructor(deps: SecondFactorsDeps) {
    this.#deps = deps;
  }

  /** A new secret; the old one counts until this one is confirmed. */
  begin(user: User): { uri: string; secret: string } {
    const secret = randomBytes(SECRET_BYTES);
    if (this.#begun.size >= MAX_BEGUN) this.#begun.clear();
    this.#begun.set(user.id, { secret, untilMs: this.#deps.now() + BEGUN_MS });
    return { uri: totpUri(secret, user.login), secret: toBase32(secret) };
  }

  /**
   * Puts it in force. Gives the recovery codes, this once.
   *
   * @throws GatewayError `conflict` when none was begun, `second-factor-required` for a wrong code
   */
  async confirm(user: User, code: string, by: Actor, sessionIdHash: string): Promise<string[]> {
    const { store, box, now } = this.#deps;
    const begun = this.#begun.get(user.id);
    if (!begun || begun.untilMs < now())
      throw new GatewayError('conflict', 'The secret is too old; begin again.');
    const step = stepOf(begun.secret, code, now());
    if (step === undefined) throw codeWrong();
    const codes = Array.from({ length: RECOVERY_CODES }, newRecoveryCode);
    const secondFactor = {
      sealedSecret: box.seal(begun.secret, user.id),
      lastStep: step,
      recoveryHashes: codes.map(one => hashOf(plainRecoveryCode(one))),
    };
    await store.changeUser(
      user.id,
      { secondFactor },
      {
        noted: { by, action: 'second-factor-set', entity: 'user', entityId: user.id },
        endsSessions: { except: sessionIdHash },
      },
    );
    this.#begun.delete(user.id);
    return codes;
  }

  async remove(user: User, by: Actor): Promise<void> {
    const noted = { by, action: 'second-factor-removed', entity: 'user', entityId: user.id };
    await this.#deps.store.changeUser(user.id, { secondFactor: null }, { noted });
  }

  /** Whether this is a code that counts now; afterwards it does not. */
  async take(user: User, code: string): Promise<'authenticator' | 'recovery-code' | undefined> {
    const { store, box, now } = this.#deps;
    if (!user.secondFactor) return undefined;
    const secret = box.open(user.secondFactor.sealedSecret, user.id);
    const step = secret && stepOf(secret, code, now());
    if (step !== undefined)
      return (await store.takeStep(user.id, step)) ? 'authenticator' : undefined;
    const isTaken = await store.takeRecoveryCode(user.id, hashOf(plainRecoveryCode(code)));
    return isTaken ? 'recovery-code' : undefined;
  }
}

export function codeWrong(): GatewayError {
  return new GatewayError(
    'second-factor-required',
    'This code does not count. Wait for the next one, and see that the telephone’s clock is right.',
  );
}
