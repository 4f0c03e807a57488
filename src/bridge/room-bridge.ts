import type {
  AudioSeat,
  EngineHealth,
  ForwardedVideo,
  PublishedFeed,
  RoomBridge,
  RoomEvents,
} from '../calls/ports.ts';
import { GatewayError } from '../domain/errors.ts';
import type { ConferenceId, ParticipantId } from '../domain/ids.ts';
import { abortable } from '../util/abort.ts';
import { TypedEmitter } from '../util/typed-emitter.ts';
import type { JanusOptions } from './janus-connection.ts';
import { JanusLink } from './janus-link.ts';
import { type PublishedCamera, parseForwarded, parseTalk } from './messages.ts';
import { OpenRooms } from './open-rooms.ts';
import { OBSERVER_ID, type RoomRules, Rooms, type RoomWatcher, roomSecret } from './rooms.ts';
import { joinAudio, publishVideo } from './seats.ts';
import { Talkers } from './talkers.ts';

export interface RoomBridgeOptions extends JanusOptions {
  readonly adminKey: string;
  readonly audioSamplingRateHz: number;
  readonly maxVideoBitrateBps: number;
}

type AudioRequest = Parameters<RoomBridge['joinAudio']>[0];
type FeedRequest = Parameters<RoomBridge['publishVideo']>[0];
type ForwardRequest = Parameters<RoomBridge['forwardVideo']>[0];
type Member = { readonly conferenceId: ConferenceId; readonly participantId: ParticipantId };

/** Janus as the core's room server; `connectRoomBridge` makes one. */
export class JanusRoomBridge implements RoomBridge {
  readonly #requestTimeoutMs: number;
  readonly #rules: RoomRules;
  readonly #link: JanusLink;
  readonly #rooms: OpenRooms;
  readonly #talkers: Talkers;
  readonly #events: TypedEmitter<RoomEvents>;
  readonly #losses: TypedEmitter<{ lost: GatewayError }>;
  /** Feeds of endpoints, published by us: not news to anybody. */
  readonly #ownFeeds = new Set<string>();

  constructor(options: RoomBridgeOptions) {
    const { adminKey, audioSamplingRateHz, maxVideoBitrateBps, requestTimeoutMs, log } = options;
    this.#requestTimeoutMs = requestTimeoutMs;
    const secret = roomSecret(adminKey);
    this.#rules = { adminKey, roomSecret: secret, audioSamplingRateHz, maxVideoBitrateBps };
    const onListenerError = (event: string, err: unknown) =>
      log.error({ err, event }, 'listener failed');
    this.#events = new TypedEmitter(onListenerError);
    this.#losses = new TypedEmitter(onListenerError);
    this.#talkers = new Talkers(event => this.#events.emit('participant.talking', event));
    this.#rooms = new OpenRooms((id, title) =>
      Rooms.open(this.#link.connection, id, title, this.#rules, this.#watcher(id)),
    );
    this.#link = new JanusLink(options, {
      prepare: connection => this.#rooms.sweep(id => Rooms.destroy(connection, id, this.#rules)),
      onLost: () => this.#onLost(),
    });
  }

  /** Connects, and again whenever the connection is lost, until `close`. */
  start(): Promise<void> {
    return this.#link.start();
  }

  openRooms(id: ConferenceId, title: string, signal: AbortSignal): Promise<void> {
    return this.#rooms.open(id, title, signal);
  }

  closeRooms(id: ConferenceId): Promise<void> {
    return this.#rooms.close(id);
  }

  async joinAudio(request: AudioRequest, signal: AbortSignal): Promise<AudioSeat> {
    const { conferenceId } = request;
    const connection = this.#link.connection;
    const stopListening = this.#talkers.listen(conferenceId);
    const listener = {
      onLost: () => this.#seatLost(request),
      onEvent: (data: unknown) => this.#onAudioEvent(conferenceId, data),
    };
    try {
      const seat = await joinAudio(connection, request, listener, signal);
      return { ...seat, leave: () => seat.leave().finally(stopListening) };
    } catch (err) {
      stopListening();
      throw err;
    }
  }

  async publishVideo(feed: FeedRequest, signal: AbortSignal): Promise<PublishedFeed> {
    const { participantId } = feed;
    const connection = this.#link.connection;
    const isAnother = this.#ownFeeds.has(participantId);
    this.#ownFeeds.add(participantId);
    const forget = () => {
      if (!isAnother) this.#ownFeeds.delete(participantId);
    };
    try {
      const onLost = () => this.#seatLost(feed);
      const published = await publishVideo(connection, feed, { onLost }, signal);
      return { ...published, leave: () => published.leave().finally(forget) };
    } catch (err) {
      forget();
      throw err;
    }
  }

  async forwardVideo(forward: ForwardRequest, signal: AbortSignal): Promise<ForwardedVideo> {
    signal.throwIfAborted();
    const rooms = await this.#rooms.get(forward.conferenceId);
    const forwarding = this.#forward(rooms, forward);
    try {
      return await abortable(forwarding, signal);
    } catch (err) {
      await forwarding.then(copy => copy.stop()).catch(() => undefined); // it never came to be
      throw err;
    }
  }

  async muteParticipant(
    id: ConferenceId,
    participantId: ParticipantId,
    muted: boolean,
  ): Promise<void> {
    await (await this.#rooms.get(id)).mute(participantId, muted);
  }

  async removeParticipant(id: ConferenceId, participantId: ParticipantId): Promise<void> {
    await (await this.#rooms.find(id))?.kick(participantId);
  }

  on<E extends keyof RoomEvents>(name: E, listener: (event: RoomEvents[E]) => void): () => void {
    return this.#events.on(name, listener);
  }

  health(): EngineHealth {
    return this.#link.health;
  }

  onLost(listener: (error: GatewayError) => void): () => void {
    return this.#losses.on('lost', listener);
  }

  async close(): Promise<void> {
    this.#link.close();
  }

  async #forward(rooms: Rooms, forward: ForwardRequest): Promise<ForwardedVideo> {
    const { participantId, mid, to, payloadType, ssrc, isLayered = false } = forward;
    const { host, rtpPort: port, rtcpPort: rtcp_port } = to;
    // Of a camera in more than one size the largest that comes, as one unbroken stream.
    const stream = { mid, host, port, rtcp_port, pt: payloadType, ssrc, simulcast: isLayered };
    const request = {
      request: 'rtp_forward',
      publisher_id: participantId,
      host,
      streams: [stream],
    };
    const data = await rooms.manageVideo(request, this.#patience());
    const { forwarderId, rtcpPort } = parseForwarded(data);
    let stopped: Promise<void> | undefined;
    const stop = () => {
      stopped ??= this.#stopForward(rooms, participantId, forwarderId);
      return stopped;
    };
    return { feedback: { host, rtcpPort }, stop };
  }

  /** The publisher may have left by itself, and its forwarders with it. */
  async #stopForward(rooms: Rooms, participantId: string, forwarderId: number): Promise<void> {
    if (!this.#link.health.ok) return;
    const forwarder = { publisher_id: participantId, stream_id: forwarderId };
    const request = { request: 'stop_rtp_forward', ...forwarder };
    await rooms.manageVideo(request, this.#patience()).catch((err: GatewayError) => {
      if (err.code !== 'room-server-refused') throw err;
    });
  }

  #patience(): AbortSignal {
    return AbortSignal.timeout(this.#requestTimeoutMs);
  }

  /** Tells of each browser's camera once, however often Janus does. */
  #watcher(conferenceId: ConferenceId): RoomWatcher {
    const shown = new Map<string, PublishedCamera>();
    return {
      onPublished: camera => {
        const { participantId, mid, codec, isLayered } = camera;
        if (participantId === OBSERVER_ID || this.#ownFeeds.has(participantId)) return;
        const before = shown.get(participantId);
        const isKnown = before?.mid === mid && before.codec === codec;
        if (isKnown && before.isLayered === isLayered) return;
        shown.set(participantId, camera);
        const member = { conferenceId, participantId: participantId as ParticipantId };
        this.#events.emit('video.published', { ...member, codec, mid, isLayered });
      },
      onUnpublished: participantId => {
        if (!shown.delete(participantId)) return;
        const member = { conferenceId, participantId: participantId as ParticipantId };
        this.#events.emit('video.unpublished', member);
      },
    };
  }

  #onAudioEvent(conferenceId: ConferenceId, data: unknown): void {
    for (const { participantId, talking } of parseTalk(data))
      this.#talkers.heard(conferenceId, participantId as ParticipantId, talking);
  }

  /** Who is put out by `closeRooms` knows. */
  #seatLost({ conferenceId, participantId }: Member): void {
    if (this.#rooms.has(conferenceId))
      this.#events.emit('seat.lost', { conferenceId, participantId });
  }

  #onLost(): void {
    this.#rooms.lost();
    this.#talkers.clear();
    this.#losses.emit('lost', new GatewayError('room-server-down', 'connection to Janus lost'));
  }
}
