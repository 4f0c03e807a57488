import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GatewayError } from '../domain/errors.ts';
import type { ConferenceId, ParticipantId } from '../domain/ids.ts';
import { allSettled } from '../util/all-settled.ts';
import type { JanusConnection } from './janus-connection.ts';
import type { JanusHandle } from './janus-handle.ts';
import { type PublishedCamera, parseAudioIds, parseRoomChange } from './messages.ts';
import { PREBUFFERED_PACKETS } from './prebuffer.ts';

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
const OPEN_TIMEOUT_MS = 10_000;
/** Between two looks whether somebody who was put out is gone. */
const GONE_POLL_MS = 20;
/** "Room already exists" of AudioBridge (486) and VideoRoom (427). */
const EXISTS_CODES = [486, 427];
/** "No such room" of AudioBridge (485) and VideoRoom (426). */
const NO_SUCH_ROOM_CODES = [485, 426];

/** What manages the rooms that were made with this key, also those of a gateway that died. */
export function roomSecret(adminKey: string): string {
  return createHmac('sha256', adminKey).update('room').digest('base64url');
}

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

  /**
   * Creates both rooms, or takes over those that are left of a gateway that died,
   * and watches the VideoRoom. Leaves nothing when it fails.
   */
  static async open(
    connection: JanusConnection,
    id: ConferenceId,
    title: string,
    rules: RoomRules,
    watcher: RoomWatcher,
  ): Promise<Rooms> {
    const signal = AbortSignal.timeout(OPEN_TIMEOUT_MS);
    const rooms = await Rooms.#attach(connection, id, rules, signal);
    try {
      await allSettled([rooms.#createAudio(title, signal), rooms.#createVideo(title, signal)]);
      await rooms.#watch(watcher, signal);
      return rooms;
    } catch (err) {
      await rooms.close().catch(() => undefined); // the failure that matters is the first
      throw err;
    }
  }

  /** Destroys rooms that were opened over another connection; harmless when there are none. */
  static async destroy(
    connection: JanusConnection,
    id: ConferenceId,
    rules: RoomRules,
  ): Promise<void> {
    const signal = AbortSignal.timeout(OPEN_TIMEOUT_MS);
    const rooms = await Rooms.#attach(connection, id, rules, signal);
    await rooms.close();
  }

  static async #attach(
    connection: JanusConnection,
    id: ConferenceId,
    rules: RoomRules,
    signal: AbortSignal,
  ): Promise<Rooms> {
    const video = await connection.attach('videoroom', signal);
    try {
      return new Rooms(id, rules, video, await connection.attach('audiobridge', signal));
    } catch (err) {
      await video.detach();
      throw err;
    }
  }

  /**
   * Destroys both rooms; whoever is in them is put out.
   *
   * @throws GatewayError when one of them may still be there
   */
  async close(): Promise<void> {
    const signal = AbortSignal.timeout(CLOSE_TIMEOUT_MS);
    const request = { request: 'destroy', ...this.#managed() };
    const handles = [this.#video, this.#audio];
    try {
      await allSettled(
        handles.map(handle => handle.send(request, signal).catch(tolerate(NO_SUCH_ROOM_CODES))),
      );
    } finally {
      await Promise.all(handles.map(handle => handle.detach()));
    }
  }

  /** @throws GatewayError `room-server-refused` for who is not in the sound */
  async mute(participantId: ParticipantId, muted: boolean): Promise<void> {
    const signal = AbortSignal.timeout(CLOSE_TIMEOUT_MS);
    const request = muted ? 'mute' : 'unmute';
    await this.#audio.send({ request, ...this.#managed(), id: participantId }, signal);
  }

  /**
   * Puts somebody out of both rooms; who is not there is not an error. Resolves when the id is
   * free: the AudioBridge gives it up only after it has said that it did.
   */
  async kick(participantId: ParticipantId): Promise<void> {
    const signal = AbortSignal.timeout(CLOSE_TIMEOUT_MS);
    const request = { request: 'kick', ...this.#managed(), id: participantId };
    await Promise.allSettled([
      this.#video.send(request, signal),
      this.#audio.send(request, signal),
    ]);
    while (await this.#isHeard(participantId, signal))
      await sleep(GONE_POLL_MS, undefined, { signal });
  }

  async #isHeard(participantId: ParticipantId, signal: AbortSignal): Promise<boolean> {
    const request = { request: 'listparticipants', room: this.id };
    const list = await this.#audio.send(request, signal).catch(tolerate(NO_SUCH_ROOM_CODES));
    return list !== undefined && parseAudioIds(list.data).includes(participantId);
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
      default_prebuffering: PREBUFFERED_PACKETS.browser,
      audiolevel_event: true,
      audio_active_packets: TALK_PACKETS,
      audio_level_average: TALK_LEVEL_DBOV,
    };
    return this.#audio.send(room, signal).catch(tolerate(EXISTS_CODES));
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
    return this.#video.send(room, signal).catch(tolerate(EXISTS_CODES));
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

/** Swallows refusals with one of these codes. */
function tolerate(codes: readonly number[]): (err: GatewayError) => void {
  return err => {
    if (!codes.includes(Number(err.details?.janusCode))) throw err;
  };
}
