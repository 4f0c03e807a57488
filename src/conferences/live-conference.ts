import type { Logger } from 'pino';
import type { Clock, RoomBridge, StagePort } from '../calls/ports.ts';
import type { Conference, Participant } from '../domain/conference.ts';
import type { GatewayErrorCode } from '../domain/errors.ts';
import type { ParticipantId } from '../domain/ids.ts';
import { SerialQueue } from '../util/serial-queue.ts';
import { BrowserVideo } from './browser-video.ts';
import { Roster } from './roster.ts';
import { type SpeakerRules, SpeakerTracker } from './speaker-tracker.ts';

/** Why everybody had to leave. */
export type ConferenceEnd = 'conference-closed' | 'shutdown' | GatewayErrorCode;

/** What a participant's own call or visit says of it. */
export type ParticipantChange = Partial<Pick<Participant, 'hasAudio' | 'hasVideo' | 'muted'>>;

export interface LiveConferenceDeps {
  readonly bridge: RoomBridge;
  readonly stage: StagePort;
  readonly clock: Clock;
  readonly speaker: SpeakerRules;
  readonly log: Logger;
}

/**
 * One meeting while it runs: its rooms at the room server, its scene on the
 * stage, who is in it and who speaks. `LiveConferences` owns it.
 */
export class LiveConference {
  readonly conference: Conference;
  readonly roster = new Roster();
  readonly #deps: LiveConferenceDeps;
  readonly #speakers: SpeakerTracker;
  readonly #browserVideo: BrowserVideo;
  readonly #opening = new SerialQueue();
  /** Who talks as it is measured, heard or not. */
  readonly #talking = new Set<ParticipantId>();
  readonly #ended = new AbortController();
  #roomsOpen = false;
  #sceneOpen = false;

  constructor(conference: Conference, deps: LiveConferenceDeps) {
    this.conference = conference;
    this.#deps = deps;
    this.#browserVideo = new BrowserVideo(conference.id, deps);
    this.#speakers = new SpeakerTracker(deps.speaker, deps.clock, order =>
      this.#showSpeakers(order),
    );
  }

  /** Fires with a `ConferenceEnd` as reason when everybody has to leave. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  /** Opens the rooms; harmless when they are open. */
  openRooms(signal: AbortSignal): Promise<void> {
    return this.#opening.run(async () => {
      if (this.#roomsOpen) return;
      await this.#deps.bridge.openRooms(this.conference.id, this.conference.name, signal);
      this.#roomsOpen = true;
    });
  }

  /** Opens the scene, with the cameras of the browsers already here; harmless when it is open. */
  openScene(signal: AbortSignal): Promise<void> {
    return this.#opening.run(async () => {
      if (this.#sceneOpen) return;
      const sceneId = this.conference.id;
      await this.#deps.stage.request(
        'scene.open',
        { sceneId, title: this.conference.name },
        signal,
      );
      this.#sceneOpen = true;
      this.#browserVideo.sceneOpened();
      this.#showSpeakers(this.#speakers.order);
    });
  }

  add(participant: Participant): void {
    this.roster.add(participant);
  }

  /** Takes somebody out of the roster, of the speakers and of the scene. */
  async remove(id: ParticipantId): Promise<void> {
    this.#talking.delete(id);
    this.roster.remove(id);
    this.#speakers.remove(id);
    await this.#browserVideo.remove(id);
  }

  /** Changes what is known of somebody here; one who is muted does not speak, whatever is measured. */
  update(id: ParticipantId, change: ParticipantChange): void {
    this.roster.update(id, change);
    this.#weighTalk(id);
  }

  talking(id: ParticipantId, talking: boolean): void {
    if (talking) this.#talking.add(id);
    else this.#talking.delete(id);
    this.#weighTalk(id);
  }

  #weighTalk(id: ParticipantId): void {
    const participant = this.roster.get(id);
    if (!participant) return;
    const speaking = this.#talking.has(id) && !participant.muted;
    if (speaking === participant.speaking) return;
    this.roster.update(id, { speaking });
    this.#speakers.talking(id, speaking);
  }

  videoPublished(id: ParticipantId, camera: { codec: 'h264' | 'vp8'; mid: string }): void {
    const participant = this.roster.get(id);
    if (!participant) return;
    this.roster.update(id, { hasVideo: true });
    this.#browserVideo.published(id, { ...camera, name: participant.name });
  }

  videoUnpublished(id: ParticipantId): void {
    this.roster.update(id, { hasVideo: false });
    this.#browserVideo.unpublished(id);
  }

  /** The stage went away, and with it who was talking as far as it told; it tells anew when it is back. */
  stageLost(): void {
    for (const { id, kind } of this.roster.list()) if (kind === 'endpoint') this.talking(id, false);
  }

  stageRestored(): void {
    this.#browserVideo.stageRestored();
  }

  /** Puts everybody out. Rooms and scene are closed as far as their engines still live. */
  async close(reason: ConferenceEnd): Promise<void> {
    if (this.#ended.signal.aborted) return;
    this.#ended.abort(reason);
    this.#speakers.close();
    await this.#opening.run(async () => undefined);
    await Promise.all([this.#closeScene(), this.#closeRooms()]);
  }

  async #closeScene(): Promise<void> {
    await this.#browserVideo.close();
    if (!this.#sceneOpen) return;
    await this.#deps.stage
      .request('scene.close', { sceneId: this.conference.id })
      .catch(err => this.#deps.log.warn({ err }, 'scene not closed'));
  }

  async #closeRooms(): Promise<void> {
    if (!this.#roomsOpen || !this.#deps.bridge.health().ok) return;
    await this.#deps.bridge
      .closeRooms(this.conference.id)
      .catch(err => this.#deps.log.warn({ err }, 'rooms not closed'));
  }

  #showSpeakers(order: readonly ParticipantId[]): void {
    if (!this.#sceneOpen) return;
    this.#deps.stage
      .request('scene.speakers', { sceneId: this.conference.id, participantIds: [...order] })
      .catch(err => this.#deps.log.warn({ err }, 'speakers not shown'));
  }
}
