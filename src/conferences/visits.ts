/**
 * Visits: browsers in conferences. A visit begins with `join`, is proved by its
 * token, and lasts while one of the browser's sockets is open, plus a grace for
 * a page that reconnects.
 */
import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import type { Clock, RoomBridge } from '../calls/ports.ts';
import type { WaitingPerson, WaitReason } from '../contract/chair.ts';
import type { BrowserCodec } from '../contract/rest.ts';
import type { Conference } from '../domain/conference.ts';
import { GatewayError } from '../domain/errors.ts';
import type { ConferenceId } from '../domain/ids.ts';
import type { LiveConferences } from './live-conferences.ts';
import { Passes } from './passes.ts';
import { isPin } from './pin.ts';
import type { ConferenceStore } from './ports.ts';
import { Visit } from './visit.ts';
import { type Wait, type WaitEnd, WaitingRoom } from './waiting-room.ts';

export interface VisitsDeps {
  readonly store: ConferenceStore;
  readonly conferences: LiveConferences;
  readonly bridge: RoomBridge;
  readonly clock: Pick<Clock, 'now'>;
  /** How long a visit without an open socket lives on. */
  readonly graceMs: number;
  readonly joinTimeoutMs: number;
  readonly log: Logger;
}

export interface JoinRequest {
  readonly alias: string;
  readonly name: string;
  /** That of the conference, or that of its chairs. */
  readonly pin?: string | undefined;
  /** Token of an earlier visit or wait, which was let in already. */
  readonly pass?: string | undefined;
  /** Everything when not said. */
  readonly decodes?: readonly BrowserCodec[];
}

/** What a join came to: a seat, or a place before the door. */
export type Joined =
  | { readonly visit: Visit; readonly wait?: undefined }
  | { readonly visit?: undefined; readonly wait: Wait; readonly conferenceName: string };

/** All visits of this gateway and all who wait for one, found by their token. */
export class Visits {
  readonly #deps: VisitsDeps;
  /** By the token's hash, so that a look-up does not compare secrets byte by byte. */
  readonly #byTokenHash = new Map<string, Visit>();
  readonly #passes = new Passes();
  readonly #waiting: WaitingRoom;
  readonly #waitListeners = new Set<(id: ConferenceId) => void>();
  readonly #undo: readonly (() => void)[];

  constructor(deps: VisitsDeps) {
    this.#deps = deps;
    const { conferences, graceMs } = deps;
    this.#waiting = new WaitingRoom({
      graceMs,
      onChange: id => {
        for (const listener of [...this.#waitListeners]) listener(id);
      },
    });
    this.#undo = [
      conferences.on('rules', ({ conferenceId }) => this.#openDoors(conferenceId)),
      conferences.on('roster', ({ conferenceId }) => this.#openDoors(conferenceId)),
    ];
  }

  /**
   * Seats a browser, or lets it wait where the conference is locked or its chair has not come.
   *
   * @throws GatewayError `conference-not-found`, `pin-required`, `pin-wrong`, `room-server-down`
   */
  async join(input: JoinRequest): Promise<Joined> {
    const { store, clock } = this.#deps;
    const conference = await store.findByAlias(input.alias);
    if (!conference)
      throw new GatewayError('conference-not-found', 'There is no conference under this link.');
    const pass = this.#passes.find(input.pass, conference.id, clock.now());
    const chair = await judgePin(conference, input.pin, pass?.chair);
    const reason = chair || pass ? undefined : this.#reasonToWait(conference);
    if (reason === undefined) {
      // Who comes back over a new connection leaves the seat of the one that was lost.
      if (pass && input.pass !== undefined) await this.find(input.pass)?.leave();
      const visit = await this.#seat(conference, input, chair);
      if (this.#wasMuted(input.pass, conference.id)) await visit.holdMuted();
      return { visit };
    }
    const { id: conferenceId, name } = conference;
    const who = { conferenceId, name: input.name, sinceMs: clock.now(), reason };
    return { wait: this.#waiting.enter(who), conferenceName: name };
  }

  find(token: string): Visit | undefined {
    return this.#byTokenHash.get(hash(token));
  }

  findWait(token: string): Wait | undefined {
    return this.#waiting.find(token);
  }

  /** Who waits for a conference, the longest first. */
  list(id: ConferenceId): readonly WaitingPerson[] {
    return this.#waiting.list(id);
  }

  /** Lets these in; those whose wait is over do no harm. */
  admit(id: ConferenceId, ids: readonly string[]): void {
    this.#letIn(id, { ids });
  }

  turnAway(id: ConferenceId, waitingId: string): void {
    this.#waiting.settle(id, 'turned-away', { ids: [waitingId] });
  }

  /** Who waits has changed; returns its own undo. */
  onChange(listener: (id: ConferenceId) => void): () => void {
    this.#waitListeners.add(listener);
    return () => this.#waitListeners.delete(listener);
  }

  async close(): Promise<void> {
    for (const undo of this.#undo) undo();
    this.#waiting.close();
    await Promise.all([...this.#byTokenHash.values()].map(visit => visit.leave()));
  }

  /** A chair held the microphone closed when the connection was lost. */
  #wasMuted(pass: string | undefined, id: ConferenceId): boolean {
    return this.#passes.find(pass, id, this.#deps.clock.now())?.muted ?? false;
  }

  /** A conference with a PIN for chairs begins when one comes, or when its meeting is started. */
  #reasonToWait({ id, chairPinHash }: Conference): WaitReason | undefined {
    const { conferences } = this.#deps;
    if (conferences.isLocked(id)) return 'locked';
    const hasBegun = conferences.rules(id) !== undefined || conferences.find(id)?.hasChair === true;
    return chairPinHash !== undefined && !hasBegun ? 'not-started' : undefined;
  }

  /** Those who wait for what has happened come in. */
  #openDoors(id: ConferenceId): void {
    const { conferences } = this.#deps;
    if (this.#waiting.list(id).length === 0) return;
    if (!conferences.isLocked(id)) this.#letIn(id, { reason: 'locked' });
    if (conferences.rules(id) !== undefined || conferences.find(id)?.hasChair)
      this.#letIn(id, { reason: 'not-started' });
  }

  #letIn(
    id: ConferenceId,
    which: { readonly ids?: readonly string[]; readonly reason?: WaitReason },
  ): void {
    // The pass first: who is admitted joins in the same moment.
    this.#waiting.settle(id, 'admitted' satisfies WaitEnd, {
      ...which,
      before: ({ token }) => {
        this.#passes.keep(token, id, false);
        this.#passes.left(token, false, this.#deps.clock.now()); // until it joins
      },
    });
  }

  async #seat(conference: Conference, input: JoinRequest, chair: boolean): Promise<Visit> {
    const signal = AbortSignal.timeout(this.#deps.joinTimeoutMs);
    const seat = await this.#deps.conferences.enter(
      conference,
      {
        kind: 'browser',
        name: input.name,
        needsComposed: input.decodes?.includes('h264') === false,
        isCalled: true,
        chair,
      },
      signal,
    );
    seat.update({ hasAudio: true });
    const visit = new Visit(seat, input.name, {
      graceMs: this.#deps.graceMs,
      onLeave: left => this.#leave(left),
      onPutOut: ({ token }) => this.#passes.revoke(token),
      setRoomMuted: muted =>
        this.#deps.bridge.muteParticipant(conference.id, seat.participantId, muted),
    });
    this.#byTokenHash.set(hash(visit.token), visit);
    this.#passes.keep(visit.token, conference.id, chair);
    this.#log(visit).info({ chair }, 'browser joined');
    return visit;
  }

  /** Never rejects: what could not be undone is logged. */
  async #leave(visit: Visit): Promise<void> {
    this.#byTokenHash.delete(hash(visit.token));
    this.#passes.left(visit.token, visit.isHeldByItself, this.#deps.clock.now());
    try {
      if (visit.isSharing) await visit.stopSharing();
      if (this.#deps.bridge.health().ok)
        await this.#deps.bridge.removeParticipant(visit.conferenceId, visit.seat.participantId);
      await visit.seat.leave();
      this.#log(visit).info('browser left');
    } catch (err) {
      this.#log(visit).warn({ err }, 'browser left untidily');
    }
  }

  #log(visit: Visit): Logger {
    const { conferenceId, seat } = visit;
    return this.#deps.log.child({ conferenceId, participantId: seat.participantId });
  }
}

/**
 * Whether the PIN makes a chair; who comes back with a pass need not say it again.
 *
 * @throws GatewayError `pin-required`, `pin-wrong`
 */
async function judgePin(
  { pinHash, chairPinHash }: Conference,
  pin: string | undefined,
  passedAsChair: boolean | undefined,
): Promise<boolean> {
  if (passedAsChair !== undefined) return passedAsChair;
  if (!pin && pinHash === undefined) return false;
  if (!pin) throw new GatewayError('pin-required', 'This conference asks for a PIN.');
  if (chairPinHash !== undefined && (await isPin(pin, chairPinHash))) return true;
  const isRight = pinHash !== undefined && (await isPin(pin, pinHash));
  // Who gives a PIN where none is asked for means that of the chairs, if there is one.
  if (isRight || (pinHash === undefined && chairPinHash === undefined)) return false;
  throw new GatewayError('pin-wrong', 'This PIN is not right.');
}

function hash(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
