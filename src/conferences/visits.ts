/**
 * Visits: browsers in conferences. A visit begins with `join`, is proved by its token, and lasts
 * while one of the browser's sockets is open, and a while after that: who joins anew with the token
 * as `pass` is the same participant, with the floor, the place in the queue and all else it had.
 */
import type { Logger } from 'pino';
import type { Clock, RoomBridge } from '../calls/ports.ts';
import type { WaitingPerson, WaitReason } from '../contract/chair.ts';
import type { BrowserCodec } from '../contract/rest.ts';
import type { Conference } from '../domain/conference.ts';
import { GatewayError } from '../domain/errors.ts';
import type { ConferenceId, ParticipantId } from '../domain/ids.ts';
import { hashOf } from '../util/random-token.ts';
import type { LiveConferences } from './live-conferences.ts';
import { type Pass, Passes } from './passes.ts';
import type { PinGuard } from './pin-guard.ts';
import type { ConferenceStore, PassStore } from './ports.ts';
import type { Seat } from './seat.ts';
import { Visit, type VisitEnd } from './visit.ts';
import { type Wait, type WaitEnd, WaitingRoom } from './waiting-room.ts';

export interface VisitsDeps {
  readonly store: ConferenceStore & PassStore;
  readonly conferences: LiveConferences;
  readonly bridge: RoomBridge;
  readonly pins: PinGuard;
  readonly clock: Pick<Clock, 'now'>;
  /** How long a browser that never opened a socket, or waits without one, is waited for. */
  readonly graceMs: number;
  /** How long the place is kept of one whose connection was lost. */
  readonly comeBackMs: number;
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
  /** Where the request came from. */
  readonly address?: string;
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
  readonly #bySeat = new Map<ParticipantId, Visit>();
  /** Tokens by which somebody came, until it shows that it has the new one. */
  readonly #usedPasses = new Map<Visit, readonly string[]>();
  readonly #passes: Passes;
  readonly #waiting: WaitingRoom;
  readonly #waitListeners = new Set<(id: ConferenceId) => void>();
  readonly #undo: readonly (() => void)[];

  /** @throws GatewayError `store-unavailable` */
  static async open(deps: VisitsDeps): Promise<Visits> {
    return new Visits(deps, await Passes.open(deps));
  }

  private constructor(deps: VisitsDeps, passes: Passes) {
    this.#deps = deps;
    this.#passes = passes;
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
   * @throws GatewayError `conference-not-found`, `pin-required`, `pin-wrong`, `rate-limited`,
   *   `room-server-down`
   */
  async join(input: JoinRequest): Promise<Joined> {
    const { store, pins, clock } = this.#deps;
    const conference = await store.findByAlias(input.alias);
    if (!conference)
      throw new GatewayError('conference-not-found', 'There is no conference under this link.');
    const pass = this.#passes.find(input.pass, conference.id);
    const chair = pass?.chair ?? (await pins.admit(conference, input.pin, input.address ?? ''));
    const reason = chair || pass ? undefined : this.#reasonToWait(conference);
    if (reason === undefined) {
      const former = pass?.participantId && this.#bySeat.get(pass.participantId);
      if (former) return { visit: await this.#takeOver(former) };
      return { visit: await this.#comeIn(conference, input, { chair, pass }) };
    }
    const { id: conferenceId, name } = conference;
    const who = { conferenceId, name: input.name, sinceMs: clock.now(), reason };
    return { wait: this.#waiting.enter(who), conferenceName: name };
  }

  find(token: string): Visit | undefined {
    return this.#byTokenHash.get(hashOf(token));
  }

  /**
   * Makes a chair of somebody who is in.
   *
   * @throws GatewayError `pin-wrong`, `rate-limited` with when to try again
   */
  async lead(visit: Visit, pin: string, address: string): Promise<void> {
    const { conferenceId, seat, token } = visit;
    await this.#deps.pins.lead(seat.conference.conference, pin, address);
    if (visit.isOver) return;
    visit.lead();
    const { participantId } = seat;
    this.#passes.keep(token, { conferenceId, participantId, chair: true });
    this.#log(visit).info('became a chair');
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
    await Promise.all([...this.#byTokenHash.values()].map(visit => visit.stop()));
    await this.#passes.close();
  }

  /** A conference with a PIN for chairs begins when one comes, or when its meeting is started. */
  #reasonToWait({ id, chairPinHash }: Conference): WaitReason | undefined {
    if (this.#deps.conferences.isLocked(id)) return 'locked';
    return chairPinHash !== undefined && !this.#hasBegun(id) ? 'not-started' : undefined;
  }

  /** Its meeting was started, or a chair is in. */
  #hasBegun(id: ConferenceId): boolean {
    const { conferences } = this.#deps;
    return conferences.rules(id) !== undefined || conferences.find(id)?.hasChair === true;
  }

  /** Those who wait for what has happened come in. */
  #openDoors(id: ConferenceId): void {
    if (this.#waiting.list(id).length === 0) return;
    if (!this.#deps.conferences.isLocked(id)) this.#letIn(id, { reason: 'locked' });
    if (this.#hasBegun(id)) this.#letIn(id, { reason: 'not-started' });
  }

  #letIn(
    id: ConferenceId,
    which: { readonly ids?: readonly string[]; readonly reason?: WaitReason },
  ): void {
    // The pass first: who is admitted joins in the same moment.
    this.#waiting.settle(id, 'admitted' satisfies WaitEnd, {
      ...which,
      before: ({ token }) => {
        this.#passes.keep(token, { conferenceId: id, chair: false });
        this.#passes.left([token], false); // until it joins
      },
    });
  }

  async #comeIn(
    conference: Conference,
    input: JoinRequest,
    { chair, pass }: { readonly chair: boolean; readonly pass: Pass | undefined },
  ): Promise<Visit> {
    const newcomer = {
      kind: 'browser' as const,
      name: input.name,
      participantId: pass?.participantId,
      needsComposed: input.decodes?.includes('h264') === false,
      isCalled: true,
      chair,
    };
    const signal = AbortSignal.timeout(this.#deps.joinTimeoutMs);
    const seat = await this.#deps.conferences.enter(conference, newcomer, signal);
    seat.update({ hasAudio: true });
    const visit = this.#sit(seat, input.name, { isBack: false });
    this.#usedPasses.set(visit, pass && input.pass !== undefined ? [input.pass] : []);
    this.#log(visit).info({ chair }, 'browser joined');
    if (pass?.muted) await visit.holdMuted();
    return visit;
  }

  /**
   * The same person over a new connection: nobody else sees more than that it was away. What the
   * old connection left in the rooms is gone before the new one gets there.
   */
  async #takeOver(former: Visit): Promise<Visit> {
    const visit = this.#sit(former.seat, former.name, { isBack: true });
    const used = [...(this.#usedPasses.get(former) ?? []), former.token];
    this.#usedPasses.set(visit, used);
    this.#usedPasses.delete(former);
    this.#byTokenHash.delete(hashOf(former.token));
    former.handOver();
    if (visit.isSharing) await visit.stopSharing();
    await this.#clearRooms(visit);
    this.#log(visit).info('browser is back');
    return visit;
  }

  #sit(seat: Seat, name: string, { isBack }: { readonly isBack: boolean }): Visit {
    const { graceMs, comeBackMs, bridge } = this.#deps;
    const { participantId, isChair: chair } = seat;
    const conferenceId = seat.conference.conference.id;
    const visit: Visit = new Visit(seat, name, {
      ...{ graceMs, comeBackMs, isBack },
      onArrived: arrived => this.#revokeUsed(arrived),
      onLeave: (left, reason) => this.#leave(left, reason),
      setRoomMuted: muted => bridge.muteParticipant(conferenceId, participantId, muted),
    });
    this.#byTokenHash.set(hashOf(visit.token), visit);
    this.#bySeat.set(participantId, visit);
    this.#passes.keep(visit.token, { conferenceId, participantId, chair });
    return visit;
  }

  /** What somebody came by opens nothing any more. */
  #revokeUsed(visit: Visit): void {
    this.#passes.revoke(this.#usedPasses.get(visit) ?? []);
    this.#usedPasses.delete(visit);
  }

  /** Never rejects: what could not be undone is logged. */
  async #leave(visit: Visit, reason: VisitEnd): Promise<void> {
    const { participantId } = visit.seat;
    this.#byTokenHash.delete(hashOf(visit.token));
    this.#bySeat.delete(participantId);
    // One that came and was not heard of again may not know of its new token.
    const tokens = [visit.token, ...(this.#usedPasses.get(visit) ?? [])];
    this.#usedPasses.delete(visit);
    if (reason === 'left' || reason === 'removed') this.#passes.revoke(tokens);
    else this.#passes.left(tokens, visit.isHeldByItself);
    try {
      if (visit.isSharing) await visit.stopSharing();
      await this.#clearRooms(visit);
      await visit.seat.leave();
      this.#log(visit).info({ reason }, 'browser left');
    } catch (err) {
      this.#log(visit).warn({ err }, 'browser left untidily');
    }
  }

  /** Logs instead of rejecting: what the room server still holds ends with its connection. */
  async #clearRooms(visit: Visit): Promise<void> {
    const { bridge } = this.#deps;
    if (!bridge.health().ok) return;
    await bridge
      .removeParticipant(visit.conferenceId, visit.seat.participantId)
      .catch(err => this.#log(visit).warn({ err }, 'media stays in the rooms'));
  }

  #log(visit: Visit): Logger {
    const { conferenceId, seat } = visit;
    return this.#deps.log.child({ conferenceId, participantId: seat.participantId });
  }
}
