/** A browser's visit: what it does in the conference, and what it is told. */
import type { ChatLine } from '../contract/chat.ts';
import type { ContentFloorView } from '../contract/content-floor.ts';
import type { Participant } from '../domain/conference.ts';
import type { GatewayError } from '../domain/errors.ts';
import { randomToken } from '../util/random-token.ts';
import type { ConferenceEnd } from './live-conference.ts';
import type { OrderState } from './moderation.ts';
import type { Seat } from './seat.ts';

/** Why a visit ended: by the person, by a chair, or as everybody had to leave. */
export type VisitEnd =
  | ConferenceEnd
  | 'left'
  | 'removed'
  /** Its connection was lost and did not come back. */
  | 'stayed-away'
  /** The same person has come back over a new connection, and sits in its seat. */
  | 'handed-over';

/** What a browser is told of those who run the meeting. */
export interface VisitNotice {
  /** How often the person was asked to open the microphone. */
  readonly askedToUnmute: number;
  /** The microphone is held closed. */
  readonly heldMuted: boolean;
  /** To be shown on the screen. */
  readonly message?: string;
}

export interface VisitOptions {
  /** How long a browser that never opened a socket is waited for. */
  readonly graceMs: number;
  /** How long one is whose sockets were lost. */
  readonly comeBackMs: number;
  /** It takes the seat of a connection that was lost. */
  readonly isBack: boolean;
  /** The browser has shown that it has the token. */
  readonly onArrived: (visit: Visit) => void;
  /** The seat is to be left. */
  readonly onLeave: (visit: Visit, reason: VisitEnd) => Promise<void>;
  readonly setRoomMuted: (muted: boolean) => Promise<void>;
}

/**
 * One browser's visit, from `join` to its end. Without a socket it is away: others see that, and
 * the seat with all that belongs to it is kept until the browser joins again or stays away too long.
 */
export class Visit {
  readonly token: string;
  readonly name: string;
  readonly seat: Seat;
  readonly #endListeners = new Set<(reason: VisitEnd) => void>();
  readonly #leadListeners = new Set<() => void>();
  readonly #noticeListeners = new Set<(notice: VisitNotice) => void>();
  readonly #setRoomMuted: (muted: boolean) => Promise<void>;
  /** As the person's own switch says. */
  #isMuted = false;
  /** Whoever runs the meeting holds the microphone closed. */
  #isHeld = false;
  #message: string | undefined;
  #timesAsked = 0;
  readonly #options: VisitOptions;
  #sockets = 0;
  #hasArrived = false;
  #graceTimer: NodeJS.Timeout | undefined;
  #left: Promise<void> | undefined;

  constructor(seat: Seat, name: string, options: VisitOptions) {
    this.token = randomToken();
    this.name = name;
    this.seat = seat;
    this.#options = options;
    this.#setRoomMuted = options.setRoomMuted;
    seat.control({
      setMuted: muted => this.#hold(muted),
      putOut: () => void this.#end('removed'),
      askToUnmute: () => {
        this.#timesAsked += 1;
        this.#notify();
      },
      say: message => {
        this.#message = message;
        this.#notify();
      },
    });
    seat.ended.addEventListener('abort', () => void this.#end(seat.ended.reason), { once: true });
    if (options.isBack) seat.update({ away: true });
    this.#startGrace(options.isBack ? options.comeBackMs : options.graceMs);
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

  /** Held so by itself, not by the order of speaking alone. */
  get isHeldByItself(): boolean {
    return this.seat.conference.moderation.isMuted(this.seat.participantId);
  }

  /** Holds the microphone closed, as a chair does. @throws GatewayError `room-server-down` */
  holdMuted(): Promise<void> {
    return this.seat.conference.moderation.mute(this.seat.participantId, true);
  }

  /** What whoever runs the meeting has done, now and on each change; returns its own undo. */
  onNotice(listener: (notice: VisitNotice) => void): () => void {
    this.#noticeListeners.add(listener);
    listener(this.#notice);
    return () => this.#noticeListeners.delete(listener);
  }

  /** Leads the meeting. */
  get isChair(): boolean {
    return this.seat.isChair;
  }

  /** Becomes a chair, as somebody who knows the PIN of chairs. */
  lead(): void {
    if (this.isChair) return;
    this.seat.lead();
    for (const listener of [...this.#leadListeners]) listener();
  }

  /** Told when this person leads: at once, or when it comes to that. Returns its own undo. */
  onLeading(listener: () => void): () => void {
    if (this.isChair) listener();
    else this.#leadListeners.add(listener);
    return () => this.#leadListeners.delete(listener);
  }

  /** Asks to speak, or does not any longer. */
  raiseHand(raised: boolean): void {
    this.seat.raiseHand(raised);
  }

  /** Hands and the floor, now and on each change; returns its own undo. */
  onOrder(listener: (order: OrderState) => void): () => void {
    return this.seat.conference.moderation.watchOrder(listener);
  }

  /** Writes to everybody in the conference. */
  write(text: string, atMs: number): void {
    const { participantId, conference } = this.seat;
    conference.chat.add({ atMs, participantId, name: this.name, text });
  }

  /** All lines so far, then every new one; returns its own undo. */
  onChat(listener: (lines: readonly ChatLine[]) => void): () => void {
    return this.seat.conference.chat.watch(listener);
  }

  /** Whether this browser may share its screen now. */
  get isSharing(): boolean {
    return this.#content.holds(this.seat.participantId);
  }

  /** @throws GatewayError `content-taken` while somebody else shares */
  share(): void {
    this.#content.take(this.seat.participantId);
  }

  stopSharing(): Promise<void> {
    return this.#content.stop(this.seat.participantId);
  }

  /** Asks to share while somebody else does, or does not any longer. */
  requestContent(wanted: boolean): void {
    this.#content.request(this.seat.participantId, wanted);
  }

  /** Shares on, whoever asked to share instead. */
  denyContent(): void {
    this.#content.deny(this.seat.participantId);
  }

  /** Who shares and who asks to, now and on each change; returns its own undo. */
  onContent(listener: (view: ContentFloorView) => void): () => void {
    return this.#content.watch(this.seat.participantId, listener);
  }

  /** A socket of this browser opened. */
  attached(): void {
    this.#sockets += 1;
    clearTimeout(this.#graceTimer);
    if (this.#left) return;
    this.seat.update({ away: false });
    if (this.#hasArrived) return;
    this.#hasArrived = true;
    this.#options.onArrived(this);
  }

  /** A socket of this browser closed; without any the person is away, and its screen with it. */
  detached(): void {
    this.#sockets -= 1;
    if (this.#sockets > 0 || this.#left) return;
    this.seat.update({ away: true });
    if (this.isSharing) void this.stopSharing();
    this.#startGrace(this.#options.comeBackMs);
  }

  /** The person leaves. Safe to call twice. */
  leave(): Promise<void> {
    return this.#end('left');
  }

  /** The gateway stops; the person may come back to the next one. */
  stop(): Promise<void> {
    return this.#end('shutdown');
  }

  /** Ends it, but not the seat, which another visit of the same person takes. */
  handOver(): void {
    this.#left ??= Promise.resolve();
    this.#tellEnd('handed-over');
  }

  get isOver(): boolean {
    return this.#left !== undefined;
  }

  /** It has the seat of a connection that was lost, and all that belongs to it. */
  get isBack(): boolean {
    return this.#options.isBack;
  }

  get #content() {
    return this.seat.conference.content;
  }

  get #notice(): VisitNotice {
    return {
      heldMuted: this.#isHeld,
      askedToUnmute: this.#timesAsked,
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

  #startGrace(graceMs: number): void {
    clearTimeout(this.#graceTimer);
    this.#graceTimer = setTimeout(() => void this.#end('stayed-away'), graceMs);
    this.#graceTimer.unref();
  }

  #end(reason: VisitEnd): Promise<void> {
    if (this.#left) return this.#left;
    this.#left = this.#options.onLeave(this, reason);
    this.#tellEnd(reason);
    return this.#left;
  }

  #tellEnd(reason: VisitEnd): void {
    clearTimeout(this.#graceTimer);
    for (const listener of [...this.#endListeners]) listener(reason);
    this.#endListeners.clear();
  }
}
