import type { Logger } from 'pino';
import { type Ban, Bans, sourceOf } from '../util/bans.ts';
import { Networks } from '../util/networks.ts';

export interface AdmissionGuardDeps {
  /** Networks and addresses that are never refused. */
  readonly trusted: readonly string[];
  /** Whether endpoints are registered from this address now. */
  readonly isHome: (host: string) => boolean;
  readonly now: () => number;
  readonly log: Logger;
}

/** Wrong passwords or PINs in ten minutes that make a ban. */
const LIMIT = 10;
const WINDOW_MS = 10 * 60_000;

/**
 * Refuses who guesses passwords or PINs, for growing times.
 *
 * A stranger's address is banned as a whole. Where endpoints are registered
 * from the same address (a hall behind one router), only the account that was
 * guessed at is banned there; a wrong PIN counts against the account that typed it.
 */
export class AdmissionGuard {
  readonly #deps: AdmissionGuardDeps;
  readonly #trusted: Networks;
  readonly #bans: Bans;

  constructor(deps: AdmissionGuardDeps) {
    this.#deps = deps;
    this.#trusted = new Networks(deps.trusted);
    this.#bans = new Bans({ limit: LIMIT, windowMs: WINDOW_MS, now: deps.now });
  }

  /** Whether passwords from there are not even looked at now. @param sourceAddr `host:port` */
  refuses(sourceAddr: string, sipUsername: string): boolean {
    const host = hostOf(sourceAddr);
    if (this.#trusted.has(host)) return false;
    return [sourceOf(host), keyAtHome(host, sipUsername)].some(key => this.#bans.find(key));
  }

  /** Whether calls of this account are refused now. */
  refusesCallsOf(sipUsername: string): boolean {
    return this.#bans.find(sipUsername) !== undefined;
  }

  wrongPassword(sourceAddr: string, sipUsername: string): void {
    const host = hostOf(sourceAddr);
    if (this.#trusted.has(host)) return;
    const key = this.#deps.isHome(host) ? keyAtHome(host, sipUsername) : sourceOf(host);
    this.#say(this.#bans.strike(key, 'wrong-password'));
  }

  wrongPin(sipUsername: string): void {
    this.#say(this.#bans.strike(sipUsername, 'wrong-pin'));
  }

  /** Bans that stand, the latest first. */
  list(): Ban[] {
    return this.#bans.list();
  }

  /** Ends a ban; false when there is none on this source. */
  lift(source: string): boolean {
    return this.#bans.lift(source);
  }

  #say(ban: Ban | undefined): void {
    if (!ban) return;
    const { source, reason, sinceMs, untilMs, count } = ban;
    const banSec = Math.round((untilMs - sinceMs) / 1000);
    this.#deps.log.warn({ source, reason, banSec, count }, 'source banned');
  }
}

function keyAtHome(host: string, sipUsername: string): string {
  return `${sipUsername} at ${sourceOf(host)}`;
}

/** Without the port, of `192.0.2.1:5060` and `2001:db8::1:5060` alike. */
function hostOf(sourceAddr: string): string {
  return sourceAddr.slice(0, sourceAddr.lastIndexOf(':')).replace(/^\[|\]$/g, '');
}
