/**
 * The meetings that run now: opened by the first participant, closed a while
 * after the last. Endpoints enter through `calls/`, browsers through `visits.ts`;
 * both get a `Seat`. Nothing here knows SIP or HTTP. Start reading at `enter`.
 */
import type { Logger } from 'pino';
import type { Clock, RoomBridge, StagePort } from '../calls/ports.ts';
import type { Conference, Participant } from '../domain/conference.ts';
import { GatewayError } from '../domain/errors.ts';
import type { ConferenceId, ParticipantId } from '../domain/ids.ts';
import { abortable } from '../util/abort.ts';
import { Cleanup } from '../util/cleanup.ts';
import { TypedEmitter } from '../util/typed-emitter.ts';
import type { FeedRelay } from './composed-feed.ts';
import type { KeptOrders } from './kept-orders.ts';
import { type ConferenceEnd, LiveConference } from './live-conference.ts';
import type { ConferenceRules } from './moderation.ts';
import { type Newcomer, type Seat, takeSeat } from './seat.ts';
import type { SpeakerRules } from './speaker-tracker.ts';

export interface LiveConferencesDeps {
  readonly relay: FeedRelay;
  readonly bridge: RoomBridge;
  readonly stage: StagePort;
  readonly clock: Clock;
  readonly speaker: SpeakerRules;
  /** What of hands and floor outlives the rooms; nothing when not given. */
  readonly orders?: Pick<KeptOrders, 'keep' | 'resume' | 'interrupted' | 'forget'>;
  /** How long an empty conference keeps its rooms. */
  readonly idleCloseMs: number;
  readonly log: Logger;
}

type RosterListener = (participants: readonly Participant[]) => void;

interface Running {
  readonly live: LiveConference;
  seats: number;
  idleTimer: NodeJS.Timeout | undefined;
}

export interface LiveConferenceEvents {
  /** Somebody came, went or is otherwise than before; also that it opened and ended. */
  roster: { readonly conferenceId: ConferenceId };
  /** What holds in it, or how halls see it, may be otherwise than before. */
  rules: { readonly conferenceId: ConferenceId };
  /** How the cameras came in over the last second. */
  quality: { readonly conferenceId: ConferenceId };
}

export class LiveConferences {
  readonly #deps: LiveConferencesDeps;
  readonly #running = new Map<ConferenceId, Running>();
  /** Conferences on their way out; who enters anew waits, or would lose the fresh rooms to the old end. */
  readonly #closing = new Map<ConferenceId, Promise<void>>();
  /** What holds in conferences, open or not. */
  readonly #rules = new Map<ConferenceId, ConferenceRules>();
  readonly #watchers = new Map<ConferenceId, Set<RosterListener>>();
  readonly #subscriptions = new Cleanup();
  readonly #emitter: TypedEmitter<LiveConferenceEvents>;

  constructor(deps: LiveConferencesDeps) {
    this.#deps = deps;
    this.#emitter = new TypedEmitter((event, err) =>
      deps.log.error({ err, event }, 'listener failed'),
    );
    this.#listen();
  }

  /**
   * Gives a participant a seat and opens the rooms if need be.
   *
   * @throws GatewayError `conference-locked`, `room-server-down`, `room-server-refused`
   */
  async enter(conference: Conference, who: Newcomer, signal: AbortSignal): Promise<Seat> {
    const seat = await this.reserve(conference, who, signal);
    seat.appear();
    return seat;
  }

  /** The same for somebody who is not here yet: nobody sees it before it appears. */
  async reserve(conference: Conference, who: Newcomer, signal: AbortSignal): Promise<Seat> {
    if (this.isLocked(conference.id) && !who.isCalled)
      throw new GatewayError('conference-locked', 'The conference is locked: ask to be let in.');
    await abortable(this.#closing.get(conference.id) ?? Promise.resolve(), signal);
    const running = this.#hold(conference);
    try {
      await running.live.openRooms(signal);
      signal.throwIfAborted();
    } catch (err) {
      this.#release(running);
      throw err;
    }
    return takeSeat(running.live, who, {
      clock: this.#deps.clock,
      release: () => this.#release(running),
    });
  }

  /** Returns its own undo. */
  on<E extends keyof LiveConferenceEvents>(
    name: E,
    listener: (event: LiveConferenceEvents[E]) => void,
  ): () => void {
    return this.#emitter.on(name, listener);
  }

  /** The running conference, if anybody is in it. */
  find(id: ConferenceId): LiveConference | undefined {
    return this.#running.get(id)?.live;
  }

  /** All that run now. */
  list(): LiveConference[] {
    return [...this.#running.values()].map(({ live }) => live);
  }

  /** Who is in a conference, now and on each change, whether it is open or not. Returns its own undo. */
  watch(id: ConferenceId, listener: RosterListener): () => void {
    const watchers = this.#watchers.get(id) ?? new Set();
    this.#watchers.set(id, watchers.add(listener));
    listener(this.find(id)?.roster.list() ?? []);
    return () => {
      watchers.delete(listener);
      if (watchers.size === 0) this.#watchers.delete(id);
    };
  }

  /** What holds in a conference from now on, whether it is open or not; undefined: nothing special. */
  govern(id: ConferenceId, rules: ConferenceRules | undefined): void {
    if (rules) this.#rules.set(id, rules);
    else this.#rules.delete(id);
    this.find(id)?.govern(rules);
    this.#emitter.emit('rules', { conferenceId: id });
  }

  isLocked(id: ConferenceId): boolean {
    return this.#rules.get(id)?.isLocked ?? false;
  }

  /** What holds in a conference by those who lead it; undefined where nobody said anything. */
  rules(id: ConferenceId): ConferenceRules | undefined {
    return this.#rules.get(id);
  }

  /** @throws GatewayError `not-found`, `room-server-down` */
  async mute(id: ConferenceId, participantId: ParticipantId, muted: boolean): Promise<void> {
    await this.#open(id).moderation.mute(participantId, muted);
  }

  /** Hangs up, or ends the visit. @throws GatewayError `not-found` */
  putOut(id: ConferenceId, participantId: ParticipantId): void {
    this.#open(id).moderation.putOut(participantId);
  }

  /** Gives somebody the large place, or nobody. @throws GatewayError `not-found` */
  spotlight(id: ConferenceId, participantId: ParticipantId | undefined): void {
    if (participantId !== undefined) this.#open(id).spotlight(participantId);
    else this.find(id)?.spotlight(undefined);
  }

  /** Who has that place, now and on each change, whether it is open or not. Returns its own undo. */
  watchSpotlight(
    id: ConferenceId,
    listener: (participantId: ParticipantId | undefined) => void,
  ): () => void {
    const largeNow = () => this.find(id)?.layout.pinnedParticipantId;
    let told = largeNow();
    const tell = ({ conferenceId }: { readonly conferenceId: ConferenceId }) => {
      const now = conferenceId === id ? largeNow() : told;
      if (now === told) return;
      told = now;
      listener(now);
    };
    const undo = [this.on('rules', tell), this.on('roster', tell)];
    listener(told);
    return () => {
      for (const stop of undo) stop();
    };
  }

  /** A stored conference was changed. */
  changed(conference: Conference): void {
    this.find(conference.id)?.changed(conference);
  }

  /** Puts everybody out of one conference. */
  async end(id: ConferenceId, reason: ConferenceEnd): Promise<void> {
    const running = this.#running.get(id);
    if (!running) return;
    this.#running.delete(id);
    clearTimeout(running.idleTimer);
    if (reason === 'conference-closed') this.#deps.orders?.forget(id);
    else this.#deps.orders?.interrupted(id);
    this.#tell(id, []);
    const closing = running.live.close(reason).finally(() => this.#closing.delete(id));
    this.#closing.set(id, closing);
    await closing;
  }

  async close(): Promise<void> {
    for (const err of await this.#subscriptions.close()) this.#deps.log.warn({ err }, 'not closed');
    await this.#endAll('shutdown');
  }

  #hold(conference: Conference): Running {
    const { id } = conference;
    const { orders } = this.#deps;
    const known = this.#running.get(id);
    const running = known ?? {
      live: new LiveConference(conference, {
        ...this.#deps,
        kept: orders?.resume(id),
        onLayout: () => this.#emitter.emit('rules', { conferenceId: id }),
        onOrder: order => orders?.keep(id, order),
        log: this.#deps.log.child({ conferenceId: id }),
      }),
      seats: 0,
      idleTimer: undefined,
    };
    this.#running.set(id, running);
    if (!known) this.#begun(running.live);
    clearTimeout(running.idleTimer);
    running.seats += 1;
    return running;
  }

  #begun(live: LiveConference): void {
    const { id } = live.conference;
    const rules = this.#rules.get(id);
    if (rules) live.govern(rules);
    live.roster.watch(participants => {
      if (this.find(id) === live) this.#tell(id, participants);
    });
  }

  #tell(id: ConferenceId, participants: readonly Participant[]): void {
    this.#rosterChanged(id);
    for (const listener of [...(this.#watchers.get(id) ?? [])]) listener(participants);
  }

  /** @throws GatewayError `not-found` */
  #open(id: ConferenceId): LiveConference {
    const live = this.find(id);
    if (live) return live;
    throw new GatewayError('not-found', 'Nobody is in this conference now.');
  }

  #release(running: Running): void {
    running.seats -= 1;
    if (running.seats > 0 || running.live.ended.aborted) return;
    running.idleTimer = setTimeout(() => {
      this.end(running.live.conference.id, 'conference-closed').catch(err =>
        this.#deps.log.warn({ err }, 'idle conference not closed'),
      );
    }, this.#deps.idleCloseMs);
    running.idleTimer.unref();
  }

  #rosterChanged(conferenceId: ConferenceId): void {
    this.#emitter.emit('roster', { conferenceId });
  }

  #listen(): void {
    const { relay, bridge, stage } = this.#deps;
    const undo = [
      bridge.on('participant.talking', e =>
        this.find(e.conferenceId)?.talking(e.participantId, e.talking),
      ),
      stage.on('participant.talking', e =>
        this.find(e.sceneId as ConferenceId)?.talking(e.participantId as ParticipantId, e.talking),
      ),
      stage.on('scene.quality', e => {
        const conferenceId = e.sceneId as ConferenceId;
        this.find(conferenceId)?.qualityHeard(e.streams);
        this.#emitter.emit('quality', { conferenceId });
      }),
      bridge.on('video.published', e =>
        this.find(e.conferenceId)?.videoPublished(e.participantId, e),
      ),
      bridge.on('video.unpublished', e =>
        this.find(e.conferenceId)?.videoUnpublished(e.participantId),
      ),
      bridge.on('seat.lost', e => this.find(e.conferenceId)?.seatLost(e.participantId)),
      bridge.onLost(() => void this.#endAll('room-server-down')),
      stage.onLost(() => {
        for (const { live } of this.#running.values()) live.stageLost();
      }),
      stage.onNotRestored(({ sceneId, participantId }) =>
        this.find(sceneId as ConferenceId)?.notRestoredOnStage(participantId as ParticipantId),
      ),
      stage.onRestored(() => {
        for (const { live } of this.#running.values()) live.stageRestored();
      }),
      relay.onRestored(() => {
        for (const { live } of this.#running.values()) live.relayRestored();
      }),
      relay.onLost(() => {
        for (const { live } of this.#running.values()) live.relayLost();
      }),
    ];
    this.#subscriptions.add('engine events', () => {
      for (const stop of undo) stop();
    });
  }

  async #endAll(reason: ConferenceEnd): Promise<void> {
    const ids = [...this.#running.keys()];
    const ends = await Promise.allSettled(ids.map(id => this.end(id, reason)));
    for (const end of ends)
      if (end.status === 'rejected') this.#deps.log.warn({ err: end.reason }, 'not ended');
  }
}
