import type { Logger } from 'pino';
import { Bans, sourceOf } from '../../util/bans.ts';
import { Networks } from '../../util/networks.ts';
import { headerOf, type SipRequest } from '../message/message.ts';
import type { Flow } from '../transport/flow.ts';
import { SCANNERS } from './scanners.ts';

export interface GuardSettings {
  /** Networks (CIDR) and addresses that are never refused: a trunk, a proxy in front, a monitor. */
  readonly trusted: readonly string[];
  /** Messages a second from one address, over some seconds; a hall that comes back after a power cut stays below. */
  readonly maxRatePerSec: number;
}

export interface GuardOptions extends GuardSettings {
  readonly log: Logger;
  readonly now?: () => number;
}

/** How many seconds’ worth of messages may come at once. */
const BURST_SEC = 5;
/** Strikes in ten minutes that make a ban: a hall of 150 codecs that are all asked for their passwords stays below. */
const STRIKE_LIMIT = 400;
const STRIKE_WINDOW_MS = 10 * 60_000;
/** How long an address is known as one where endpoints live, after the last sign of it. */
const KNOWN_FOR_MS = 60 * 60_000;
const MAX_ADDRESSES = 20_000;

/** What an answer outside of dialogs says about who asked; what is not here says nothing. */
const STRIKES: Readonly<Record<number, number>> = {
  // Asked for a password. A success takes it back; who never has one is guessing names.
  401: 1,
  407: 1,
  // A wrong password, or a dead account.
  403: 10,
  // Nobody who is set up right asks so.
  400: 5,
  404: 5,
  405: 5,
  481: 2,
};
const SUCCESS_PARDONS = 2;

interface Bucket {
  tokens: number;
  atMs: number;
}

/**
 * Who is let near: messages per second of each address, silence for programs
 * that scan, and bans of growing length for who collects refusals. Calls that
 * stand are not touched: the caller asks {@link isBanned} for new requests only.
 *
 * An address where somebody registered is one that codecs share with whoever
 * else is behind it; there each port is judged by itself.
 */
export class SourceGuard {
  readonly #options: GuardOptions;
  readonly #now: () => number;
  readonly #trusted: Networks;
  readonly #bans: Bans;
  readonly #buckets = new Map<string, Bucket>();
  /** Until when an address counts as one where endpoints live. */
  readonly #knownUntilMs = new Map<string, number>();

  constructor(options: GuardOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#bans = new Bans({ limit: STRIKE_LIMIT, windowMs: STRIKE_WINDOW_MS, now: this.#now });
    this.#trusted = new Networks(options.trusted);
  }

  /** Whether one more message is taken from there now. */
  admits(flow: Flow): boolean {
    if (this.#isTrusted(flow)) return true;
    const { maxRatePerSec } = this.#options;
    const [source, nowMs, full] = [
      sourceOf(flow.remoteHost),
      this.#now(),
      maxRatePerSec * BURST_SEC,
    ];
    const bucket = this.#buckets.get(source) ?? { tokens: full, atMs: nowMs };
    if (!this.#buckets.has(source)) remember(this.#buckets, source, bucket);
    const gained = (Math.max(0, nowMs - bucket.atMs) / 1000) * maxRatePerSec;
    bucket.tokens = Math.min(full, bucket.tokens + gained);
    bucket.atMs = nowMs;
    if (bucket.tokens < 1) {
      this.#ban(flow, 'flood');
      return false;
    }
    bucket.tokens -= 1;
    return true;
  }

  /** Whether a new request from there gets no answer at all; a scanner’s first one is enough. */
  isBanned(request: Pick<SipRequest, 'headers'> | undefined, flow: Flow): boolean {
    if (this.#isTrusted(flow)) return false;
    if (this.#bans.find(this.#keyOf(flow)) || this.#bans.find(sourceOf(flow.remoteHost)))
      return true;
    const userAgent = request && headerOf(request, 'user-agent');
    if (userAgent === undefined || !SCANNERS.some(({ name }) => name.test(userAgent))) return false;
    this.#ban(flow, 'scanner');
    return true;
  }

  /** A request that belongs to no dialog was answered for good. */
  answered(method: string, flow: Flow, status: number): void {
    if (this.#isTrusted(flow)) return;
    const source = sourceOf(flow.remoteHost);
    if (status >= 200 && status < 300) {
      if (method === 'OPTIONS') this.#strike(flow, 1);
      if (method !== 'REGISTER' && method !== 'INVITE') return;
      for (const key of [source, portKey(flow)]) this.#bans.forgive(key, SUCCESS_PARDONS);
      remember(this.#knownUntilMs, source, this.#now() + KNOWN_FOR_MS);
      return;
    }
    this.#strike(flow, STRIKES[status] ?? 0);
  }

  #strike(flow: Flow, weight: number): void {
    if (weight === 0) return;
    const ban = this.#bans.strike(this.#keyOf(flow), 'refusals', weight);
    if (ban) this.#say(ban);
  }

  #ban(flow: Flow, reason: string): void {
    const key = this.#keyOf(flow);
    if (!this.#bans.find(key)) this.#say(this.#bans.ban(key, reason));
  }

  #say({ source, reason, sinceMs, untilMs, count }: ReturnType<Bans['ban']>): void {
    const banSec = Math.round((untilMs - sinceMs) / 1000);
    this.#options.log.warn({ source, reason, banSec, count }, 'source banned');
  }

  /** Whom to blame: the address, or its port where codecs live behind the same address. */
  #keyOf(flow: Flow): string {
    const source = sourceOf(flow.remoteHost);
    const isShared = (this.#knownUntilMs.get(source) ?? 0) > this.#now();
    return isShared ? portKey(flow) : source;
  }

  #isTrusted({ remoteHost }: Flow): boolean {
    return this.#trusted.has(remoteHost);
  }
}

function portKey(flow: Flow): string {
  return `${sourceOf(flow.remoteHost)} port ${flow.remotePort}`;
}

/** Sets and keeps the map bounded: the one longest unset goes. */
function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  const oldest = map.keys().next().value;
  if (map.size >= MAX_ADDRESSES && oldest !== undefined) map.delete(oldest);
  map.set(key, value);
}
