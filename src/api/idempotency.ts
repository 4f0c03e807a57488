/**
 * Idempotency keys: the same request with the same `Idempotency-Key` gives the same answer, and
 * creates nothing twice, for a day and over a restart.
 *
 * Answers hold what is shown only once, like a new token. So nothing of a request is stored that
 * can be read without the key, and of the key itself only a digest: what is kept is sealed by it.
 */
import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import type { Operation } from '../contract/operation.ts';
import type { Principal } from '../domain/actor.ts';
import { GatewayError } from '../domain/errors.ts';
import type { AnswerStore } from './core.ts';

/** So long an answer is given again. */
const KEEP_MS = 24 * 3600 * 1000;
const KEY = /^[\x21-\x7e]{16,200}$/;

/** Whether the operation creates something for somebody who is known. */
export function takesIdempotencyKey({ status, access }: Operation): boolean {
  return status === 201 && access !== 'open';
}

/** What a key is for. */
export interface KeyedRequest {
  readonly key: string;
  readonly by: Principal;
  /** All that the answer depends on. */
  readonly request: unknown;
}

export interface GivenAnswer {
  readonly answer: unknown;
  /** It was made by an earlier request. */
  readonly isReplayed: boolean;
}

interface Running {
  readonly requestMac: string;
  readonly answer: Promise<unknown>;
}

export class Idempotency {
  readonly #store: AnswerStore;
  readonly #now: () => number;
  readonly #running = new Map<string, Running>();

  constructor(store: AnswerStore, now: () => number = Date.now) {
    this.#store = store;
    this.#now = now;
  }

  /**
   * Gives the answer that was given before, or works for a new one. Who comes while another
   * one works waits for that. What fails is forgotten, so that it can be tried again.
   *
   * @throws GatewayError `bad-request` for a key that is too short, `idempotency-conflict`
   */
  async run(asked: KeyedRequest, work: () => Promise<unknown>): Promise<GivenAnswer> {
    const sealer = new Sealer(asked);
    const requestMac = sealer.mac(JSON.stringify(asked.request) ?? '');
    const running = this.#running.get(sealer.id);
    if (running) {
      if (running.requestMac !== requestMac) throw conflict('It came with another request before.');
      return { answer: await running.answer, isReplayed: true };
    }
    const made = this.#answer(sealer, requestMac, work);
    this.#running.set(sealer.id, { requestMac, answer: made.then(({ answer }) => answer) });
    this.#running.get(sealer.id)?.answer.catch(() => undefined); // `made` is awaited here
    try {
      return await made;
    } finally {
      this.#running.delete(sealer.id);
    }
  }

  async #answer(
    sealer: Sealer,
    requestMac: string,
    work: () => Promise<unknown>,
  ): Promise<GivenAnswer> {
    const nowMs = this.#now();
    await this.#store.deleteAnswersBefore(nowMs - KEEP_MS);
    const earlier = await this.#store.addAnswer({ id: sealer.id, requestMac, createdAtMs: nowMs });
    if (earlier) return { answer: openEarlier(earlier, sealer, requestMac), isReplayed: true };
    const answer = await this.#worked(sealer.id, work);
    await this.#store.setAnswer(sealer.id, sealer.seal(JSON.stringify(answer)));
    return { answer, isReplayed: false };
  }

  async #worked(id: string, work: () => Promise<unknown>): Promise<unknown> {
    try {
      return await work();
    } catch (err) {
      await this.#store.deleteAnswer(id);
      throw err;
    }
  }
}

function openEarlier(
  earlier: { readonly requestMac: string; readonly sealed: string | undefined },
  sealer: Sealer,
  requestMac: string,
): unknown {
  if (earlier.requestMac !== requestMac) throw conflict('It came with another request before.');
  if (earlier.sealed === undefined)
    throw conflict('The program was stopped in the middle of it: look whether it is there.');
  return JSON.parse(sealer.open(earlier.sealed));
}

function conflict(why: string): GatewayError {
  return new GatewayError('idempotency-conflict', `This Idempotency-Key cannot be used. ${why}`);
}

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Turns one principal's key into the id of what is kept, and into what seals it. */
class Sealer {
  readonly id: string;
  readonly #secret: Buffer;

  constructor({ key, by }: KeyedRequest) {
    if (!KEY.test(key))
      throw new GatewayError('bad-request', 'The request is not understood.', {
        details: {
          problems: [{ path: 'Idempotency-Key', message: '16 to 200 characters, like a UUID' }],
        },
      });
    const { kind, userId, name } = by.actor;
    const owned = JSON.stringify([kind, userId ?? name, key]);
    this.id = createHash('sha256').update(`id ${owned}`).digest('base64url');
    this.#secret = createHash('sha256').update(`secret ${owned}`).digest();
  }

  mac(text: string): string {
    return createHmac('sha256', this.#secret).update(text).digest('base64url');
  }

  seal(text: string): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#secret, iv);
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64');
  }

  open(sealed: string): string {
    const all = Buffer.from(sealed, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', this.#secret, all.subarray(0, IV_BYTES));
    decipher.setAuthTag(all.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    const body = all.subarray(IV_BYTES + TAG_BYTES);
    return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
  }
}
