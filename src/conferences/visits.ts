/**
 * Visits: browsers in conferences. A visit begins with `join`, is proved by its
 * token, and lasts while one of the browser's sockets is open, plus a grace for
 * a page that reconnects.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import type { RoomBridge } from '../calls/ports.ts';
import type { BrowserCodec } from '../contract/rest.ts';
import type { Conference, Participant } from '../domain/conference.ts';
import { GatewayError } from '../domain/errors.ts';
import type { ConferenceEnd } from './live-conference.ts';
import type { LiveConferences, Seat } from './live-conferences.ts';
import { isPin } from './pin.ts';
import type { ConferenceStore } from './ports.ts';

export interface VisitsDeps {
  readonly store: ConferenceStore;
  readonly conferences: LiveConferences;
  readonly bridge: RoomBridge;
  /** How long a visit without an open socket lives on. */
  readonly graceMs: number;
  readonly joinTimeoutMs: number;
  readonly log: Logger;
}

/** Why a visit ended: the browser left or stayed away, or everybody had to leave. */
export type VisitEnd = ConferenceEnd | 'left';

/** What a browser is told of those who run the meeting. */
export interface VisitNotice {
  /** The microphone is held closed. */
  readonly heldMuted: boolean;
  /** To be shown on the screen. */
  readonly message?: string;
}

interface VisitOptions {
  readonly graceMs: number;
  readonly onLeave: (visit: Visit) => Promise<void>;
  readonly setRoomMuted: (muted: boolean) => Promise<void>;
}

/** One browser's visit, from `join` to its end. */
export class Visit {
  readonly token: string;
  readonly name: string;
  readonly seat: Seat;
  readonly #endListeners = new Set<(reason: VisitEnd) => void>();
  readonly #noticeListeners = new Set<(notice: VisitNotice) => void>();
  readonly #setRoomMuted: (muted: boolean) => Promise<void>;
  /** As the person's own switch says. */
  #isMuted = false;
  /** Whoever runs the meeting holds the microphone closed. */
  #isHeld = false;
  #message: string | undefined;
  readonly #graceMs: number;
  readonly #onLeave: (visit: Visit) => Promise<void>;
  #sockets = 0;
  #graceTimer: NodeJS.Timeout | undefined;
  #left: Promise<void> | undefined;

  constructor(seat: Seat, name: string, options: VisitOptions) {
    this.token = randomBytes(32).toString('base64url');
    this.name = name;
    this.seat = seat;
    this.#graceMs = options.graceMs;
    this.#onLeave = options.onLeave;
    this.#setRoomMuted = options.setRoomMuted;
    seat.control({
      setMuted: muted => this.#hold(muted),
      putOut: () => void this.leave(),
      say: message => {
        this.#message = message;
        this.#notify();
      },
    });
    seat.ended.addEventListener('abort', () => void this.#end(seat.ended.reason), { once: true });
    this.#startGrace();
  }

  get conferenceId() {
    return this.seat.conference.conference.id;
  }

  /** The roster now and on each change; returns its own undo. */
  onRoster(listener: (participants: readonly Participant[]) => void): () => void {
    return this.seat.conference.roster.watch(listener);
  }

  /** Told once when the visit ends, however it does; returns its own undo. */
  onEnded(listener: (reason: VisitEnd) => void): () => void {
    this.#endListeners.add(listener);
    return () => this.#endListeners.delete(listener);
  }

  /** The person's own switch; what is held closed stays so. */
  setMuted(muted: boolean): void {
    this.#isMuted = muted;
    this.seat.update({ muted: muted || this.#isHeld });
  }

  /** Whether whoever runs the meeting holds the microphone closed. */
  get isHeldMuted(): boolean {
    return this.#isHeld;
  }

  /** What whoever runs the meeting has done, now and on each change; returns its own undo. */
  onNotice(listener: (notice: VisitNotice) => void): () => void {
    this.#noticeListeners.add(listener);
    listener(this.#notice);
    return () => this.#noticeListeners.delete(listener);
  }

  /** Whether this browser may share its screen now. */
  get isSharing(): boolean {
    return this.seat.conference.holdsContent(this.seat.participantId);
  }

  /** @throws GatewayError `content-taken` while somebody else shares */
  share(): void {
    this.seat.conference.takeContent(this.seat.participantId);
  }

  stopSharing(): Promise<void> {
    return this.seat.conference.stopContent(this.seat.participantId);
  }

  /** A socket of this browser opened. */
  attached(): void {
    this.#sockets += 1;
    clearTimeout(this.#graceTimer);
  }

  /** A socket of this browser closed; the last one starts the grace. */
  detached(): void {
    this.#sockets -= 1;
    if (this.#sockets <= 0 && !this.#left) this.#startGrace();
  }

  /** Safe to call twice. */
  leave(): Promise<void> {
    return this.#end('left');
  }

  get #notice(): VisitNotice {
    return {
      heldMuted: this.#isHeld,
      ...(this.#message !== undefined && { message: this.#message }),
    };
  }

  #notify(): void {
    for (const listener of [...this.#noticeListeners]) listener(this.#notice);
  }

  /**
   * Held first, so that a join that comes now is muted; then the room, which knows nothing of
   * the person's own switch. Who is not in the sound yet will be muted when it comes.
   */
  async #hold(muted: boolean): Promise<void> {
    this.#isHeld = muted;
    this.seat.update({ muted: muted || this.#isMuted });
    this.#notify();
    await this.#setRoomMuted(muted).catch((err: GatewayError) => {
      if (err.code !== 'room-server-refused') throw err;
    });
  }

  #startGrace(): void {
    clearTimeout(this.#graceTimer);
    this.#graceTimer = setTimeout(() => void this.leave(), this.#graceMs);
    this.#graceTimer.unref();
  }

  #end(reason: VisitEnd): Promise<void> {
    if (this.#left) return this.#left;
    clearTimeout(this.#graceTimer);
    this.#left = this.#onLeave(this);
    for (const listener of [...this.#endListeners]) listener(reason);
    return this.#left;
  }
}

export interface JoinRequest {
  readonly alias: string;
  readonly name: string;
  readonly pin?: string | undefined;
  /** Everything when not said. */
  readonly decodes?: readonly BrowserCodec[];
}

/** All visits of this gateway, found by their token. */
export class Visits {
  readonly #deps: VisitsDeps;
  /** By the token's hash, so that a look-up does not compare secrets byte by byte. */
  readonly #byTokenHash = new Map<string, Visit>();

  constructor(deps: VisitsDeps) {
    this.#deps = deps;
  }

  /**
   * Seats a browser.
   *
   * @throws GatewayError `conference-not-found`, `conference-locked`, `pin-required`, `pin-wrong`, `room-server-down`
   */
  async join(input: JoinRequest): Promise<Visit> {
    const conference = await this.#deps.store.findByAlias(input.alias);
    if (!conference)
      throw new GatewayError('conference-not-found', 'There is no conference under this link.');
    await requirePin(conference, input.pin);
    const signal = AbortSignal.timeout(this.#deps.joinTimeoutMs);
    const seat = await this.#deps.conferences.enter(
      conference,
      {
        kind: 'browser',
        name: input.name,
        needsComposed: input.decodes?.includes('h264') === false,
      },
      signal,
    );
    seat.update({ hasAudio: true });
    const visit = new Visit(seat, input.name, {
      graceMs: this.#deps.graceMs,
      onLeave: left => this.#leave(left),
      setRoomMuted: muted =>
        this.#deps.bridge.muteParticipant(conference.id, seat.participantId, muted),
    });
    this.#byTokenHash.set(hash(visit.token), visit);
    this.#log(visit).info('browser joined');
    return visit;
  }

  find(token: string): Visit | undefined {
    return this.#byTokenHash.get(hash(token));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#byTokenHash.values()].map(visit => visit.leave()));
  }

  /** Never rejects: what could not be undone is logged. */
  async #leave(visit: Visit): Promise<void> {
    this.#byTokenHash.delete(hash(visit.token));
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

/** @throws GatewayError `pin-required`, `pin-wrong` */
async function requirePin({ pinHash }: Conference, pin: string | undefined): Promise<void> {
  if (pinHash === undefined) return;
  if (!pin) throw new GatewayError('pin-required', 'This conference asks for a PIN.');
  if (!(await isPin(pin, pinHash))) throw new GatewayError('pin-wrong', 'This PIN is not right.');
}

function hash(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
