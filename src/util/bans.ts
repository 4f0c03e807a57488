import { isIPv6, SocketAddress } from 'node:net';

/** Who misbehaved, and until when nothing is taken from them. */
export interface Ban {
  readonly source: string;
  /** Why, as a code. */
  readonly reason: string;
  readonly sinceMs: number;
  readonly untilMs: number;
  /** How many bans this source had, this one counted. */
  readonly count: number;
}

export interface BansOptions {
  /** Strikes within `windowMs` that make a ban. */
  readonly limit: number;
  readonly windowMs: number;
  readonly now: () => number;
}

const MINUTE_MS = 60_000;
/** The first ban is short, for whoever mistyped; who comes back waits longer each time. */
export const BAN_TIMES_MS = [1, 5, 30, 120, 24 * 60].map(minutes => minutes * MINUTE_MS);
/** A source that was good for so long begins anew. */
const FORGIVEN_AFTER_MS = 24 * 60 * MINUTE_MS;
/** Above it those longest known are forgotten: who sends from made-up addresses must not eat the memory. */
const MAX_SOURCES = 20_000;

interface Entry {
  strikes: number;
  windowFromMs: number;
  ban: Ban | undefined;
}

/** Counts what sources do wrong, and bans those that do too much of it for growing times. */
export class Bans {
  readonly #options: BansOptions;
  readonly #entries = new Map<string, Entry>();

  constructor(options: BansOptions) {
    this.#options = options;
  }

  /** Counts against a source. @returns the ban, when this was one strike too many */
  strike(source: string, reason: string, weight = 1): Ban | undefined {
    if (this.find(source)) return undefined;
    const entry = this.#entryOf(source);
    entry.strikes = Math.max(0, entry.strikes + weight);
    return entry.strikes >= this.#options.limit ? this.ban(source, reason) : undefined;
  }

  /** Takes strikes back, of a source that turned out to be good. */
  forgive(source: string, weight: number): void {
    const entry = this.#entries.get(source);
    if (entry) entry.strikes = Math.max(0, entry.strikes - weight);
  }

  /** Bans at once; a ban that stands is left as it is. */
  ban(source: string, reason: string): Ban {
    const standing = this.find(source);
    if (standing) return standing;
    const entry = this.#entryOf(source);
    const sinceMs = this.#options.now();
    const wasLately = entry.ban && sinceMs - entry.ban.untilMs < FORGIVEN_AFTER_MS;
    const count = wasLately && entry.ban ? entry.ban.count + 1 : 1;
    const lastsMs = BAN_TIMES_MS[Math.min(count, BAN_TIMES_MS.length) - 1] ?? MINUTE_MS;
    entry.ban = { source, reason, sinceMs, untilMs: sinceMs + lastsMs, count };
    entry.strikes = 0;
    return entry.ban;
  }

  /** The ban that stands on a source now. */
  find(source: string): Ban | undefined {
    const ban = this.#entries.get(source)?.ban;
    return ban && ban.untilMs > this.#options.now() ? ban : undefined;
  }

  /** All bans that stand, the latest first. */
  list(): Ban[] {
    const standing = [...this.#entries.keys()].flatMap(source => this.find(source) ?? []);
    return standing.sort((a, b) => b.sinceMs - a.sinceMs);
  }

  /** Ends a ban and forgets what led to it; false when none stands. */
  lift(source: string): boolean {
    return this.find(source) !== undefined && this.#entries.delete(source);
  }

  #entryOf(source: string): Entry {
    const nowMs = this.#options.now();
    const known = this.#entries.get(source);
    const entry = known ?? { strikes: 0, windowFromMs: nowMs, ban: undefined };
    if (nowMs - entry.windowFromMs > this.#options.windowMs) {
      entry.strikes = 0;
      entry.windowFromMs = nowMs;
    }
    if (!known) this.#makeRoom();
    this.#entries.set(source, entry);
    return entry;
  }

  #makeRoom(): void {
    const oldest = this.#entries.keys().next().value;
    if (this.#entries.size >= MAX_SOURCES && oldest !== undefined) this.#entries.delete(oldest);
  }
}

/**
 * Whom an address stands for: itself, and for IPv6 its /64, since one machine
 * there has as many addresses as it likes. RFC 4291 §2.5.4.
 */
export function sourceOf(host: string): string {
  if (!isIPv6(host)) return host;
  const { address } = new SocketAddress({ address: host.split('%')[0] ?? host, family: 'ipv6' });
  const v4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (v4) return v4;
  return `${groupsOf(address)
    .slice(0, 4)
    .map(group => group.toString(16))
    .join(':')}::/64`;
}

/** The eight numbers of an IPv6 address without a dotted part. */
function groupsOf(address: string): number[] {
  const [front = '', back] = address.split('::');
  const read = (text: string) => text.split(':').flatMap(g => (g ? [Number.parseInt(g, 16)] : []));
  const [left, right] = [read(front), read(back ?? '')];
  return [...left, ...Array(Math.max(0, 8 - left.length - right.length)).fill(0), ...right];
}
