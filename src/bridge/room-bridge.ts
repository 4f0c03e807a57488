import { createHmac } from 'node:crypto';
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
import { sleep } from '../util/abort.ts';
import { TypedEmitter } from '../util/typed-emitter.ts';
import { JanusConnection, type JanusOptions } from './janus-connection.ts';
import { type PublishedCamera, parseForwarded, parseTalking } from './messages.ts';
import { OBSERVER_ID, type RoomRules, Rooms } from './rooms.ts';
import { joinAudio, publishVideo } from './seats.ts';

export interface RoomBridgeOptions extends JanusOptions {
  readonly adminKey: string;
  readonly audioSamplingRateHz: number;
  readonly maxVideoBitrateBps: number;
}

const RECONNECT_INTERVAL_MS = 1_000;

type AudioRequest = Parameters<RoomBridge['joinAudio']>[0];
type FeedRequest = Parameters<RoomBridge['publishVideo']>[0];
type ForwardRequest = Parameters<RoomBridge['forwardVideo']>[0];

/** Janus as the core's room server; `connectRoomBridge` makes one. */
export class JanusRoomBridge implements RoomBridge {
  readonly #options: RoomBridgeOptions;
  readonly #rules: RoomRules;
  readonly #events: TypedEmitter<RoomEvents>;
  readonly #lostListeners = new Set<(error: GatewayError) => void>();
  readonly #stopping = new AbortController();
  readonly #rooms = new Map<ConferenceId, Promise<Rooms>>();
  /** Feeds of endpoints, published by us: not news to anybody. */
  readonly #ownFeeds = new Set<string>();
  /** Who talks: every seat of ours hears each talk event, the core hears it once. */
  readonly #talking = new Set<string>();
  #connection: JanusConnection | undefined;
  #health: EngineHealth = { ok: false, detail: 'not connected yet' };

  constructor(options: RoomBridgeOptions) {
    this.#options = options;
    const { adminKey, audioSamplingRateHz, maxVideoBitrateBps } = options;
    const roomSecret = createHmac('sha256', adminKey).update('room').digest('base64url');
    this.#rules = { adminKey, roomSecret, audioSamplingRateHz, maxVideoBitrateBps };
    this.#events = new TypedEmitter((name, err) =>
      options.log.error({ err, event: name }, 'listener failed'),
    );
  }

  /** Connects, and again whenever the connection is lost, until `close`. */
  async start(): Promise<void> {
    await this.#connect();
    void this.#stayConnected();
  }

  async openRooms(id: ConferenceId, title: string, signal: AbortSignal): Promise<void> {
    const connection = this.#mustBeUp();
    const opening =
      this.#rooms.get(id) ??
      Rooms.open(connection, id, title, this.#rules, this.#watcher(id), signal);
    this.#rooms.set(id, opening);
    try {
      await opening;
    } catch (err) {
      if (this.#rooms.get(id) === opening) this.#rooms.delete(id);
      throw err;
    }
  }

  async closeRooms(id: ConferenceId): Promise<void> {
    const rooms = this.#rooms.get(id);
    this.#rooms.delete(id);
    await (await rooms)?.close();
  }

  async joinAudio(seat: AudioRequest, signal: AbortSignal): Promise<AudioSeat> {
    const { conferenceId, participantId } = seat;
    const onLost = () => this.#events.emit('seat.lost', { conferenceId, participantId });
    const listener = { onLost, onEvent: (data: unknown) => this.#onAudioEvent(data) };
    return joinAudio(this.#mustBeUp(), seat, listener, signal);
  }

  async publishVideo(feed: FeedRequest, signal: AbortSignal): Promise<PublishedFeed> {
    const { conferenceId, participantId } = feed;
    const onLost = () => this.#events.emit('seat.lost', { conferenceId, participantId });
    const connection = this.#mustBeUp();
    this.#ownFeeds.add(participantId);
    try {
      const published = await publishVideo(connection, feed, { onLost }, signal);
      return {
        answerSdp: published.answerSdp,
        leave: () => published.leave().finally(() => this.#ownFeeds.delete(participantId)),
      };
    } catch (err) {
      this.#ownFeeds.delete(participantId);
      throw err;
    }
  }

  async forwardVideo(forward: ForwardRequest, signal: AbortSignal): Promise<ForwardedVideo> {
    const rooms = await this.#roomsOf(forward.conferenceId);
    const { participantId, mid, to, payloadType, ssrc } = forward;
    const stream = {
      mid,
      host: to.host,
      port: to.rtpPort,
      rtcp_port: to.rtcpPort,
      pt: payloadType,
      ssrc,
    };
    const request = { publisher_id: participantId, host: to.host, streams: [stream] };
    const data = await rooms.manageVideo({ request: 'rtp_forward', ...request }, signal);
    const { forwarderId, rtcpPort } = parseForwarded(data);
    if (rtcpPort === undefined) throw new GatewayError('room-server-refused', 'no RTCP port');
    return {
      feedback: { host: to.host, rtcpPort },
      stop: () => this.#stopForward(rooms, participantId, forwarderId),
    };
  }

  async removeParticipant(id: ConferenceId, participantId: ParticipantId): Promise<void> {
    await (await this.#rooms.get(id))?.kick(participantId);
  }

  on<E extends keyof RoomEvents>(name: E, listener: (event: RoomEvents[E]) => void): () => void {
    return this.#events.on(name, listener);
  }

  health(): EngineHealth {
    return this.#health;
  }

  onLost(listener: (error: GatewayError) => void): () => void {
    this.#lostListeners.add(listener);
    return () => this.#lostListeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#stopping.abort(new Error('closed'));
    this.#connection?.close();
  }

  /** The publisher may have left by itself, and its forwarders with it. */
  async #stopForward(rooms: Rooms, participantId: string, forwarderId: number): Promise<void> {
    if (!this.#health.ok) return;
    const request = {
      request: 'stop_rtp_forward',
      publisher_id: participantId,
      stream_id: forwarderId,
    };
    const signal = AbortSignal.timeout(this.#options.requestTimeoutMs);
    await rooms.manageVideo(request, signal).catch((err: GatewayError) => {
      if (err.code !== 'room-server-refused') throw err;
    });
  }

  async #roomsOf(id: ConferenceId): Promise<Rooms> {
    const rooms = await this.#rooms.get(id);
    if (!rooms) throw new GatewayError('invalid-state', 'rooms are not open');
    return rooms;
  }

  #watcher(conferenceId: ConferenceId) {
    return {
      onPublished: ({ participantId, mid, codec }: PublishedCamera) => {
        if (participantId === OBSERVER_ID || this.#ownFeeds.has(participantId)) return;
        const id = participantId as ParticipantId;
        this.#events.emit('video.published', { conferenceId, participantId: id, codec, mid });
      },
      onUnpublished: (participantId: string) => {
        if (this.#ownFeeds.has(participantId)) return;
        const id = participantId as ParticipantId;
        this.#events.emit('video.unpublished', { conferenceId, participantId: id });
      },
    };
  }

  #onAudioEvent(data: unknown): void {
    const event = parseTalking(data);
    if (!event) return;
    const { room, participantId, talking } = event;
    if (this.#talking.has(participantId) === talking) return;
    if (talking) this.#talking.add(participantId);
    else this.#talking.delete(participantId);
    this.#events.emit('participant.talking', {
      conferenceId: room as ConferenceId,
      participantId: participantId as ParticipantId,
      talking,
    });
  }

  #mustBeUp(): JanusConnection {
    if (this.#connection && this.#health.ok) return this.#connection;
    const details = { engine: 'janus' };
    throw new GatewayError('room-server-down', 'Janus does not answer', { details });
  }

  async #stayConnected(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        await sleep(RECONNECT_INTERVAL_MS, signal);
      } catch {
        return; // closed
      }
      if (!this.#connection) await this.#connect();
    }
  }

  async #connect(): Promise<void> {
    try {
      const connection = await JanusConnection.open(this.#options);
      if (this.#stopping.signal.aborted) return connection.close();
      this.#connection = connection;
      this.#health = { ok: true };
      this.#options.log.info({ engine: 'janus' }, 'room server connected');
      connection.closed.addEventListener('abort', () => this.#onClosed(), { once: true });
    } catch (err) {
      if (this.#health.detail !== 'not reachable')
        this.#options.log.warn({ err, engine: 'janus' }, 'room server not reachable');
      this.#health = { ok: false, detail: 'not reachable' };
    }
  }

  #onClosed(): void {
    this.#connection = undefined;
    this.#health = { ok: false, detail: 'connection lost' };
    this.#rooms.clear();
    this.#talking.clear();
    if (this.#stopping.signal.aborted) return;
    this.#options.log.error({ engine: 'janus' }, 'room server lost');
    const error = new GatewayError('room-server-down', 'connection to Janus lost');
    for (const listener of [...this.#lostListeners]) listener(error);
  }
}
