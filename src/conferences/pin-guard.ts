/** The PINs of conferences, typed in a page: what they make of somebody, and who guesses them. */
import type { Logger } from 'pino';
import type { Clock } from '../calls/ports.ts';
import { type Noted, SYSTEM } from '../domain/actor.ts';
import type { Conference } from '../domain/conference.ts';
import { GatewayError } from '../domain/errors.ts';
import { type Ban, Bans, sourceOf } from '../util/bans.ts';
import { SerialQueue } from '../util/serial-queue.ts';
import { isPin } from './pin.ts';

export interface PinGuardDeps {
  readonly clock: Pick<Clock, 'now'>;
  /** Into the audit log. */
  readonly note: (noted: Noted) => Promise<void>;
  readonly log: Logger;
}

/** Wrong PINs in ten minutes that make a ban; a whole office may stand behind one address. */
const LIMIT = 10;
const WINDOW_MS = 10 * 60_000;

type Guarded = Pick<Conference, 'id' | 'number' | 'pinHash' | 'chairPinHash'>;

/**
 * Judges PINs, and refuses for growing times who guesses them: each address at each conference by
 * itself. PINs from one address are judged one after the other, so that a hundred at once are a
 * hundred.
 */
export class PinGuard {
  readonly #deps: PinGuardDeps;
  readonly #bans: Bans;
  /** Of the sources that have PINs judged now. */
  readonly #judging = new Map<string, { readonly queue: SerialQueue; waiting: number }>();

  constructor(deps: PinGuardDeps) {
    this.#deps = deps;
    this.#bans = new Bans({ limit: LIMIT, windowMs: WINDOW_MS, now: () => deps.clock.now() });
  }

  /**
   * Whether who comes in with this PIN, or without one, leads.
   *
   * @throws GatewayError `pin-required`, `pin-wrong`, `rate-limited` with when to try again
   */
  async admit(conference: Guarded, pin: string | undefined, address: string): Promise<boolean> {
    const { pinHash, chairPinHash } = conference;
    if (!pin && pinHash === undefined) return false;
    if (!pin) throw new GatewayError('pin-required', 'This conference asks for a PIN.');
    if (pinHash === undefined && chairPinHash === undefined) return false;
    return this.#judge(conference, address, async () => {
      if (chairPinHash !== undefined && (await isPin(pin, chairPinHash))) return true;
      // Who gives a PIN where none is asked for means that of the chairs.
      if (pinHash === undefined || !(await isPin(pin, pinHash))) throw wrong();
      return false;
    });
  }

  /**
   * Proves that somebody who is in may lead.
   *
   * @throws GatewayError `pin-wrong`, `rate-limited` with when to try again
   */
  async lead(conference: Guarded, pin: string, address: string): Promise<void> {
    const { chairPinHash } = conference;
    await this.#judge(conference, address, async () => {
      if (chairPinHash === undefined || !(await isPin(pin, chairPinHash))) throw wrong();
    });
  }

  /** Bans that stand, the latest first. */
  list(): Ban[] {
    return this.#bans.list();
  }

  /** Ends a ban; false when there is none on this source. */
  lift(source: string): boolean {
    return this.#bans.lift(source);
  }

  async #judge<T>(conference: Guarded, address: string, judge: () => Promise<T>): Promise<T> {
    const source = `conference ${conference.number} at ${sourceOf(address)}`;
    return this.#inTurn(source, async () => {
      this.#refuseBanned(source);
      try {
        return await judge();
      } catch (err) {
        this.#say(this.#bans.strike(source, 'wrong-pin'), conference, address);
        throw err;
      }
    });
  }

  async #inTurn<T>(source: string, task: () => Promise<T>): Promise<T> {
    const turns = this.#judging.get(source) ?? { queue: new SerialQueue(), waiting: 0 };
    this.#judging.set(source, turns);
    turns.waiting += 1;
    try {
      return await turns.queue.run(task);
    } finally {
      turns.waiting -= 1;
      if (turns.waiting === 0) this.#judging.delete(source);
    }
  }

  /** @throws GatewayError `rate-limited` */
  #refuseBanned(source: string): void {
    const ban = this.#bans.find(source);
    if (!ban) return;
    const retryAfterSec = Math.ceil((ban.untilMs - this.#deps.clock.now()) / 1000);
    throw new GatewayError(
      'rate-limited',
      `Too many wrong PINs came from your network. Wait ${retryAfterSec} s, then try again.`,
      { details: { retryAfterSec } },
    );
  }

  #say(ban: Ban | undefined, { id, number }: Guarded, address: string): void {
    if (!ban) return;
    const { source, reason, sinceMs, untilMs, count } = ban;
    const banSec = Math.round((untilMs - sinceMs) / 1000);
    const { log, note } = this.#deps;
    log.warn({ conferenceId: id, source, reason, banSec, count }, 'source banned');
    const after = { number, reason, untilMs, count };
    const by = { ...SYSTEM, address };
    note({ by, action: 'created', entity: 'ban', entityId: source, after }).catch(err =>
      log.warn({ err }, 'ban not noted'),
    );
  }
}

function wrong(): GatewayError {
  return new GatewayError('pin-wrong', 'This PIN is not right.');
}
