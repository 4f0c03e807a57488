import type {
  AudioSeat,
  EngineHealth,
  ForwardedVideo,
  PublishedFeed,
  RoomBridge,
  RoomEvents,
} from '../../src/calls/ports.ts';
import { GatewayError } from '../../src/domain/errors.ts';
import { type ConferenceId, newParticipantId, type ParticipantId } from '../../src/domain/ids.ts';

/** Who is where, with names; `browsers` are in both rooms. */
interface FakeRoom {
  readonly audio: Map<ParticipantId, string>;
  readonly feeds: Map<ParticipantId, string>;
  readonly forwards: Set<object>;
  readonly browsers: Map<ParticipantId, FakeBrowser>;
}

interface FakeBrowser {
  readonly name: string;
  camera: boolean;
  talking: boolean;
  /** Whether its talk was told; it is heard at the endpoints' places only. */
  heard: boolean;
}

type Listener = (event: never) => void;
type Step = 'openRooms' | 'joinAudio' | 'publishVideo' | 'forwardVideo' | 'stopForward';
type Member = { readonly conferenceId: ConferenceId; readonly participantId: ParticipantId };

const CAMERA = { codec: 'h264', mid: '0', isLayered: false } as const;

/** A room server that keeps the promises of its port and shows who is where. */
export class FakeRoomBridge implements RoomBridge {
  readonly rooms = new Map<ConferenceId, FakeRoom>();
  /** Set to make the next step of that name fail. */
  readonly failNext = new Map<Step, Error>();
  readonly muted = new Set<ParticipantId>();
  readonly #listeners = new Map<keyof RoomEvents, Set<Listener>>();
  readonly #lostListeners = new Set<(error: GatewayError) => void>();
  #up = true;
  #nextPort = 25_000;

  async openRooms(id: ConferenceId, _title: string, signal: AbortSignal): Promise<void> {
    this.#step('openRooms', signal);
    if (this.rooms.has(id)) return;
    const nobody = { audio: new Map(), feeds: new Map(), browsers: new Map() };
    this.rooms.set(id, { ...nobody, forwards: new Set() });
  }

  async closeRooms(id: ConferenceId): Promise<void> {
    this.rooms.delete(id);
  }

  async joinAudio(
    seat: Parameters<RoomBridge['joinAudio']>[0],
    signal: AbortSignal,
  ): Promise<AudioSeat> {
    this.#step('joinAudio', signal);
    const room = this.#room(seat.conferenceId);
    takePlace(room.audio, seat);
    this.#tellTalk(seat.conferenceId);
    const setMuted = async (muted: boolean) => {
      this.#mustBeUp();
      if (muted) this.muted.add(seat.participantId);
      else this.muted.delete(seat.participantId);
    };
    const leave = async () => {
      if (room.audio.delete(seat.participantId)) this.#tellTalk(seat.conferenceId);
    };
    return { address: this.#ports(), payloadType: seat.payloadType, setMuted, leave };
  }

  async muteParticipant(
    id: ConferenceId,
    participantId: ParticipantId,
    muted: boolean,
  ): Promise<void> {
    this.#mustBeUp();
    if (!this.#room(id).browsers.has(participantId) && !this.#room(id).audio.has(participantId))
      throw new GatewayError('room-server-refused', 'nobody of that id');
    if (muted) this.muted.add(participantId);
    else this.muted.delete(participantId);
  }

  async publishVideo(
    feed: Parameters<RoomBridge['publishVideo']>[0],
    signal: AbortSignal,
  ): Promise<PublishedFeed> {
    this.#step('publishVideo', signal);
    const { feeds } = this.#room(feed.conferenceId);
    takePlace(feeds, feed);
    return {
      answerSdp: feed.offerSdp.replace('a=sendonly', 'a=recvonly'),
      leave: async () => void feeds.delete(feed.participantId),
    };
  }

  async forwardVideo(
    forward: Parameters<RoomBridge['forwardVideo']>[0],
    signal: AbortSignal,
  ): Promise<ForwardedVideo> {
    this.#step('forwardVideo', signal);
    const room = this.#room(forward.conferenceId);
    const isThere = room.browsers.get(forward.participantId)?.camera && forward.mid === CAMERA.mid;
    if (!isThere) throw new GatewayError('room-server-refused', 'no such camera');
    room.forwards.add(forward);
    return {
      feedback: { host: '127.0.0.1', rtcpPort: this.#ports().rtcpPort },
      stop: async () => {
        this.#step('stopForward', signal);
        room.forwards.delete(forward);
      },
    };
  }

  async removeParticipant(conferenceId: ConferenceId, participantId: ParticipantId): Promise<void> {
    const room = this.rooms.get(conferenceId);
    if (!room) return;
    this.#talk({ conferenceId, participantId }, false);
    this.#unpublish({ conferenceId, participantId });
    room.browsers.delete(participantId);
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

  /** A browser in both rooms, with microphone and camera off. */
  openBrowser(
    conferenceId: ConferenceId,
    name: string,
    participantId: ParticipantId = newParticipantId(),
  ) {
    const member = { conferenceId, participantId };
    this.#room(conferenceId).browsers.set(participantId, {
      name,
      camera: false,
      talking: false,
      heard: false,
    });
    return {
      participantId,
      talk: (talking: boolean) => this.#talk(member, talking),
      mute: async (muted: boolean) => {
        if (muted) this.#talk(member, false);
      },
      publish: async () => this.#publish(member),
      unpublish: async () => this.#unpublish(member),
      leave: () => this.removeParticipant(conferenceId, participantId),
    };
  }

  /** Takes an endpoint's place away, as an operator of the room server could. */
  kick(conferenceId: ConferenceId, from: 'audio' | 'video', participantId: ParticipantId): void {
    const room = this.#room(conferenceId);
    const places = from === 'audio' ? room.audio : room.feeds;
    if (places.delete(participantId)) this.emit('seat.lost', { conferenceId, participantId });
  }

  /** Names of who is in the rooms; undefined when they are closed. */
  inRooms(id: ConferenceId) {
    const room = this.rooms.get(id);
    if (!room) return { audio: undefined, video: undefined };
    const browsers = [...room.browsers.values()].map(({ name }) => name);
    return {
      audio: [...room.audio.values(), ...browsers],
      video: [...room.feeds.values(), ...browsers],
    };
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

  #talk({ conferenceId, participantId }: Member, talking: boolean): void {
    const browser = this.#room(conferenceId).browsers.get(participantId);
    if (browser) browser.talking = talking;
    this.#tellTalk(conferenceId);
  }

  #tellTalk(conferenceId: ConferenceId): void {
    const room = this.rooms.get(conferenceId);
    for (const [participantId, browser] of room?.browsers ?? []) {
      const talking = browser.talking && room?.audio.size !== 0;
      if (browser.heard === talking) continue;
      browser.heard = talking;
      this.emit('participant.talking', { conferenceId, participantId, talking });
    }
  }

  #publish(member: Member): string {
    const browser = this.#room(member.conferenceId).browsers.get(member.participantId);
    if (browser) browser.camera = true;
    this.emit('video.published', { ...member, ...CAMERA });
    return CAMERA.mid;
  }

  #unpublish(member: Member): void {
    const browser = this.#room(member.conferenceId).browsers.get(member.participantId);
    if (!browser?.camera) return;
    browser.camera = false;
    this.emit('video.unpublished', member);
  }

  #step(name: Step, signal: AbortSignal): void {
    signal.throwIfAborted();
    this.#mustBeUp();
    const failure = this.failNext.get(name);
    this.failNext.delete(name);
    if (failure) throw failure;
  }

  #mustBeUp(): void {
    if (!this.#up) throw new GatewayError('room-server-down', 'room server does not answer');
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

function takePlace(
  places: Map<ParticipantId, string>,
  { participantId, name }: { readonly participantId: ParticipantId; readonly name: string },
): void {
  if (places.has(participantId)) throw new GatewayError('room-server-refused', 'already there');
  places.set(participantId, name);
}
