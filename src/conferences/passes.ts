/** Who was let in, so that a lost connection is not a new wait; outlives the gateway's restart. */
import type { Logger } from 'pino';
import type { Clock } from '../calls/ports.ts';
import type { ConferenceId, ParticipantId } from '../domain/ids.ts';
import { hashOf } from '../util/random-token.ts';
import { WriteBehind } from '../util/write-behind.ts';
import type { PassStore, StoredPass } from './ports.ts';

/** For how long somebody who has gone may come back without waiting again. */
export const KEPT_MS = 15 * 60_000;
/** Who was here when the gateway died may have been so for this long: it does not know since when it was down. */
export const MAX_STAY_MS = 24 * 3_600_000;
const SWEEP_INTERVAL_MS = 3_600_000;
const MAX_KEPT = 10_000;

/** As what somebody comes back. */
export interface Pass {
  readonly conferenceId: ConferenceId;
  /** As whom; not there for who was let in and has not come yet. */
  readonly participantId?: ParticipantId;
  readonly chair: boolean;
  /** A chair held the microphone closed. */
  readonly muted: boolean;
}

export interface PassesDeps {
  readonly store: PassStore;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Logger;
}

/** Tokens are known here, and stored, only as hashes: they are random, and too long to be guessed from these. */
export class Passes {
  readonly #deps: PassesDeps;
  readonly #passes: Map<string, StoredPass>;
  readonly #behind: WriteBehind<PassStore>;
  #sweptAtMs = 0;

  /** @throws GatewayError `store-unavailable` */
  static async open(deps: PassesDeps): Promise<Passes> {
    const nowMs = deps.clock.now();
    const stored = await deps.store.listPasses();
    const passes = new Passes(
      deps,
      stored.filter(pass => nowMs - pass.sinceMs < MAX_STAY_MS),
    );
    await deps.store.deletePasses(
      stored.filter(({ tokenHash }) => !passes.#passes.has(tokenHash)).map(one => one.tokenHash),
    );
    passes.#allLeft(nowMs);
    passes.#sweep();
    return passes;
  }

  private constructor(deps: PassesDeps, passes: readonly StoredPass[]) {
    this.#deps = deps;
    this.#behind = new WriteBehind(deps.store, deps.log, 'pass');
    this.#passes = new Map(passes.map(pass => [pass.tokenHash, pass]));
  }

  /** Of somebody who is let in; it holds for as long as that one stays. */
  keep(token: string, pass: Omit<Pass, 'muted'>): void {
    const sinceMs = this.#deps.clock.now();
    this.#save({ ...pass, tokenHash: hashOf(token), muted: false, sinceMs });
    this.#sweep();
  }

  /** Somebody has gone, who came by one of these; harmless without a pass. */
  left(tokens: readonly string[], muted: boolean): void {
    const untilMs = this.#deps.clock.now() + KEPT_MS;
    for (const pass of this.#known(tokens)) this.#save({ ...pass, muted, untilMs });
  }

  /** Undefined for one that does not open this conference, or no longer. */
  find(token: string | undefined, conferenceId: ConferenceId): Pass | undefined {
    const [pass] = this.#known(token === undefined ? [] : [token]);
    return pass?.conferenceId === conferenceId && !this.#isOver(pass) ? pass : undefined;
  }

  /** These open nothing any more: used up, handed back, or of somebody who was put out. */
  revoke(tokens: readonly string[]): void {
    this.#drop(this.#known(tokens));
  }

  /** Resolves when all is written. */
  close(): Promise<void> {
    return this.#behind.close();
  }

  /** Those who were here when the last gateway ended have been gone since then. */
  #allLeft(nowMs: number): void {
    for (const pass of this.#passes.values())
      if (pass.untilMs === undefined) this.#save({ ...pass, untilMs: nowMs + KEPT_MS });
  }

  #known(tokens: readonly string[]): StoredPass[] {
    return tokens.flatMap(token => this.#passes.get(hashOf(token)) ?? []);
  }

  #isOver({ untilMs }: StoredPass): boolean {
    return untilMs !== undefined && untilMs < this.#deps.clock.now();
  }

  #save(pass: StoredPass): void {
    this.#passes.set(pass.tokenHash, pass);
    this.#behind.write(store => store.savePass(pass));
  }

  #drop(passes: readonly StoredPass[]): void {
    const tokenHashes = passes.map(({ tokenHash }) => tokenHash);
    if (tokenHashes.length === 0) return;
    for (const key of tokenHashes) this.#passes.delete(key);
    this.#behind.write(store => store.deletePasses(tokenHashes));
  }

  /** Forgets now and then what is over, and the oldest where they are too many. */
  #sweep(): void {
    const nowMs = this.#deps.clock.now();
    const isFull = this.#passes.size > MAX_KEPT;
    if (!isFull && nowMs - this.#sweptAtMs < SWEEP_INTERVAL_MS) return;
    this.#sweptAtMs = nowMs;
    this.#drop([...this.#passes.values()].filter(pass => this.#isOver(pass)));
    this.#drop([...this.#passes.values()].slice(0, Math.max(0, this.#passes.size - MAX_KEPT)));
  }
}
