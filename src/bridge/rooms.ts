import type { GatewayError } from '../domain/errors.ts';
import type { ConferenceId, ParticipantId } from '../domain/ids.ts';
import type { JanusConnection } from './janus-connection.ts';
import type { JanusHandle } from './janus-handle.ts';
import { type PublishedCamera, parseRoomChange } from './messages.ts';

export interface RoomRules {
  readonly adminKey: string;
  /** Needed to manage an open room: forward, kick, destroy. */
  readonly roomSecret: string;
  readonly audioSamplingRateHz: number;
  readonly maxVideoBitrateBps: number;
}

export interface RoomWatcher {
  readonly onPublished: (camera: PublishedCamera) => void;
  readonly onUnpublished: (participantId: string) => void;
}

/** Our own place in each VideoRoom, from which we hear who publishes. */
export const OBSERVER_ID = 'gateway';
/** A codec sends one stream, a browser one; more than one machine can serve. */
const MAX_PUBLISHERS = 300;
/** Talk is told after this much of it; 20 ms packets. */
const TALK_PACKETS = 10;
/** Mean level, in -dBov, below which a packet is talk; 0 is loudest, 127 silence. */
const TALK_LEVEL_DBOV = 45;
const CLOSE_TIMEOUT_MS = 3_000;
/** "Room already exists" of AudioBridge (486) and VideoRoom (427). */
const EXISTS_CODES = [486, 427];

/** One conference's two rooms at Janus; both carry the conference's id. */
export class Rooms {
  readonly id: ConferenceId;
  readonly #rules: RoomRules;
  readonly #video: JanusHandle;
  readonly #audio: JanusHandle;

  private constructor(id: ConferenceId, rules: RoomRules, video: JanusHandle, audio: JanusHandle) {
    this.id = id;
    this.#rules = rules;
    this.#video = video;
    this.#audio = audio;
  }

  /** Creates both rooms, or takes over those that are left of a gateway that died, and watches the VideoRoom. */
  static async open(
    connection: JanusConnection,
    id: ConferenceId,
    title: string,
    rules: RoomRules,
    watcher: RoomWatcher,
    signal: AbortSignal,
  ): Promise<Rooms> {
    const video = await connection.attach('videoroom', signal);
    try {
      const audio = await connection.attach('audiobridge', signal);
      const rooms = new Rooms(id, rules, video, audio);
      await Promise.all([rooms.#createAudio(title, signal), rooms.#createVideo(title, signal)]);
      await rooms.#watch(watcher, signal);
      return rooms;
    } catch (err) {
      await video.detach();
      throw err;
    }
  }

  /** Destroys both rooms; whoever is in them is put out. */
  async close(): Promise<void> {
    const signal = AbortSignal.timeout(CLOSE_TIMEOUT_MS);
    const request = { request: 'destroy', ...this.#managed() };
    await Promise.allSettled([
      this.#video.send(request, signal),
      this.#audio.send(request, signal),
    ]);
    await Promise.all([this.#video.detach(), this.#audio.detach()]);
  }

  /** Puts somebody out of both rooms; who is not there is not an error. */
  async kick(participantId: ParticipantId): Promise<void> {
    const signal = AbortSignal.timeout(CLOSE_TIMEOUT_MS);
    const request = { request: 'kick', ...this.#managed(), id: participantId };
    await Promise.allSettled([
      this.#video.send(request, signal),
      this.#audio.send(request, signal),
    ]);
  }

  /** A request to the VideoRoom that only its owner may make. */
  async manageVideo(request: object, signal: AbortSignal): Promise<unknown> {
    const { data } = await this.#video.send({ ...this.#managed(), ...request }, signal);
    return data;
  }

  #managed() {
    return { room: this.id, secret: this.#rules.roomSecret, admin_key: this.#rules.adminKey };
  }

  #createAudio(title: string, signal: AbortSignal): Promise<unknown> {
    const room = {
      request: 'create',
      ...this.#managed(),
      description: title,
      is_private: true,
      permanent: false,
      sampling_rate: this.#rules.audioSamplingRateHz,
      allow_rtp_participants: true,
      audiolevel_event: true,
      audio_active_packets: TALK_PACKETS,
      audio_level_average: TALK_LEVEL_DBOV,
    };
    return this.#audio.send(room, signal).catch(tolerateExisting);
  }

  #createVideo(title: string, signal: AbortSignal): Promise<unknown> {
    const room = {
      request: 'create',
      ...this.#managed(),
      description: title,
      is_private: true,
      permanent: false,
      publishers: MAX_PUBLISHERS,
      bitrate: this.#rules.maxVideoBitrateBps,
      bitrate_cap: true,
      fir_freq: 0,
      videocodec: 'h264,vp8',
      h264_profile: '42e01f',
      notify_joining: false,
    };
    return this.#video.send(room, signal).catch(tolerateExisting);
  }

  async #watch(watcher: RoomWatcher, signal: AbortSignal): Promise<void> {
    const tell = (data: unknown) => {
      const { published, gone } = parseRoomChange(data);
      for (const camera of published) watcher.onPublished(camera);
      for (const participantId of gone) watcher.onUnpublished(participantId);
    };
    this.#video.listen({ onEvent: tell });
    const join = { request: 'join', ptype: 'publisher', room: this.id, id: OBSERVER_ID };
    tell((await this.#video.send(join, signal)).data);
  }
}

function tolerateExisting(err: GatewayError): void {
  if (!EXISTS_CODES.includes(Number(err.details?.janusCode))) throw err;
}
