import type {
  AudioSeat,
  EngineHealth,
  ForwardedVideo,
  PublishedFeed,
  RoomBridge,
  RoomEvents,
} from '../../src/calls/ports.ts';
import { GatewayError } from '../../src/domain/errors.ts';
import type { ConferenceId, ParticipantId } from '../../src/domain/ids.ts';

interface FakeRoom {
  readonly audio: Set<ParticipantId>;
  readonly feeds: Set<ParticipantId>;
  readonly forwards: Set<ParticipantId>;
}

type Listener = (event: never) => void;

/** A room server that keeps the promises of its port and shows who is where. */
export class FakeRoomBridge implements RoomBridge {
  readonly rooms = new Map<ConferenceId, FakeRoom>();
  /** Set to make the next step of that name fail. */
  readonly failNext = new Map<'openRooms' | 'joinAudio' | 'publishVideo' | 'forwardVideo', Error>();
  readonly muted = new Set<ParticipantId>();
  readonly removed: ParticipantId[] = [];
  readonly #listeners = new Map<keyof RoomEvents, Set<Listener>>();
  readonly #lostListeners = new Set<(error: GatewayError) => void>();
  #up = true;
  #nextPort = 25_000;

  async openRooms(id: ConferenceId, _title: string, signal: AbortSignal): Promise<void> {
    this.#step('openRooms', signal);
    if (!this.rooms.has(id))
      this.rooms.set(id, { audio: new Set(), feeds: new Set(), forwards: new Set() });
  }

  async closeRooms(id: ConferenceId): Promise<void> {
    this.rooms.delete(id);
  }

  async joinAudio(
    seat: Parameters<RoomBridge['joinAudio']>[0],
    signal: AbortSignal,
  ): Promise<AudioSeat> {
    this.#step('joinAudio', signal);
    this.#room(seat.conferenceId).audio.add(seat.participantId);
    return {
      address: this.#ports(),
      payloadType: seat.payloadType,
      setMuted: async muted => {
        if (muted) this.muted.add(seat.participantId);
        else this.muted.delete(seat.participantId);
      },
      leave: async () => void this.rooms.get(seat.conferenceId)?.audio.delete(seat.participantId),
    };
  }

  async publishVideo(
    feed: Parameters<RoomBridge['publishVideo']>[0],
    signal: AbortSignal,
  ): Promise<PublishedFeed> {
    this.#step('publishVideo', signal);
    this.#room(feed.conferenceId).feeds.add(feed.participantId);
    return {
      answerSdp: feed.offerSdp.replace('a=sendonly', 'a=recvonly'),
      leave: async () => void this.rooms.get(feed.conferenceId)?.feeds.delete(feed.participantId),
    };
  }

  async forwardVideo(
    forward: Parameters<RoomBridge['forwardVideo']>[0],
    signal: AbortSignal,
  ): Promise<ForwardedVideo> {
    this.#step('forwardVideo', signal);
    this.#room(forward.conferenceId).forwards.add(forward.participantId);
    return {
      feedback: { host: '127.0.0.1', rtcpPort: this.#ports().rtcpPort },
      stop: async () =>
        void this.rooms.get(forward.conferenceId)?.forwards.delete(forward.participantId),
    };
  }

  async removeParticipant(_id: ConferenceId, participantId: ParticipantId): Promise<void> {
    this.removed.push(participantId);
  }

  on<E extends keyof RoomEvents>(name: E, listener: (event: RoomEvents[E]) => void): () => void {
    const set = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, set);
    set.add(listener as Listener);
    return () => set.delete(listener as Listener);
  }

  emit<E extends keyof RoomEvents>(name: E, event: RoomEvents[E]): void {
    for (const listener of this.#listeners.get(name) ?? [])
      (listener as (event: RoomEvents[E]) => void)(event);
  }

  health(): EngineHealth {
    return this.#up ? { ok: true } : { ok: false, detail: 'crashed' };
  }

  onLost(listener: (error: GatewayError) => void): () => void {
    this.#lostListeners.add(listener);
    return () => this.#lostListeners.delete(listener);
  }

  /** Dies with all its rooms. */
  crash(): void {
    this.#up = false;
    this.rooms.clear();
    const error = new GatewayError('room-server-down', 'room server lost');
    for (const listener of this.#lostListeners) listener(error);
  }

  comeBack(): void {
    this.#up = true;
  }

  #step(name: 'openRooms' | 'joinAudio' | 'publishVideo' | 'forwardVideo', signal: AbortSignal) {
    signal.throwIfAborted();
    if (!this.#up) throw new GatewayError('room-server-down', 'room server does not answer');
    const failure = this.failNext.get(name);
    this.failNext.delete(name);
    if (failure) throw failure;
  }

  #room(id: ConferenceId): FakeRoom {
    const room = this.rooms.get(id);
    if (!room) throw new GatewayError('room-server-refused', 'no such room');
    return room;
  }

  #ports() {
    this.#nextPort += 2;
    return { host: '127.0.0.1', rtpPort: this.#nextPort, rtcpPort: this.#nextPort + 1 };
  }
}
