import type { Logger } from 'pino';
import type { Clock, RoomBridge, StagePort } from '../calls/ports.ts';
import { composedFeedId } from '../contract/feeds.ts';
import type { StageMethod, StageParams } from '../contract/stage.ts';
import type { Conference } from '../domain/conference.ts';
import type { ParticipantId } from '../domain/ids.ts';
import type { SerialQueue } from '../util/serial-queue.ts';
import { BrowserVideo } from './browser-video.ts';
import { ComposedFeed, type FeedRelay } from './composed-feed.ts';
import { FloorView } from './floor-view.ts';
import { HallView, peopleOrder } from './hall-view.ts';
import { layoutOrder, type MeetingLayout } from './meeting-layout.ts';
import type { OrderState } from './moderation.ts';
import type { Roster } from './roster.ts';
import { type SpeakerRules, SpeakerTracker } from './speaker-tracker.ts';

/** From a browser that needs the composed picture to a scene that makes it. */
const OPEN_SCENE_TIMEOUT_MS = 5_000;

export interface ConferenceSceneDeps {
  readonly relay: FeedRelay;
  readonly bridge: RoomBridge;
  readonly stage: StagePort;
  readonly clock: Clock;
  readonly speaker: SpeakerRules;
  readonly log: Logger;
  /** Rooms and scene are opened one after the other. */
  readonly opening: SerialQueue;
}

/** What the halls are to see, as it stands. */
export interface SceneFacts {
  readonly conference: Conference;
  readonly roster: Roster;
  readonly layout: MeetingLayout;
  readonly order: OrderState;
  /** On every screen. */
  readonly message: string | undefined;
}

type Camera = Parameters<BrowserVideo['published']>[1];

/** One conference's scene on the stage: who and what is in it, and who speaks. */
export class ConferenceScene {
  readonly #deps: ConferenceSceneDeps;
  readonly #facts: () => SceneFacts;
  readonly #speakers: SpeakerTracker;
  readonly #browserVideo: BrowserVideo;
  readonly #halls: HallView;
  readonly #floorView: FloorView;
  readonly #composedFeed: ComposedFeed;
  #isOpen = false;

  /** @param facts gives what holds now */
  constructor({ id }: Conference, deps: ConferenceSceneDeps, facts: () => SceneFacts) {
    this.#deps = deps;
    this.#facts = facts;
    this.#browserVideo = new BrowserVideo(id, deps);
    this.#composedFeed = new ComposedFeed(id, deps);
    this.#speakers = new SpeakerTracker(deps.speaker, deps.clock, order =>
      this.#showSpeakers(order),
    );
    this.#halls = new HallView(deps, () => {
      const { roster, layout } = facts();
      const participants = roster.list();
      return {
        people: peopleOrder(id, participants),
        layout: layoutOrder(id, layout, participants),
      };
    });
    this.#floorView = new FloorView(deps, id, () => {
      const { order, roster } = facts();
      return { order, nameOf: one => roster.get(one)?.name };
    });
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Opens it, with the cameras of the browsers already here; harmless when it is open. */
  open(signal: AbortSignal): Promise<void> {
    return this.#deps.opening.run(async () => {
      if (this.#isOpen) return this.#composedFeed.sceneOpened();
      const { id: sceneId, name: title } = this.#facts().conference;
      await this.#deps.stage.request('scene.open', { sceneId, title }, signal);
      this.#isOpen = true;
      if (this.#facts().message !== undefined) this.messageChanged();
      this.#halls.sceneOpened();
      this.#floorView.sceneOpened();
      this.#browserVideo.sceneOpened();
      this.#composedFeed.sceneOpened();
      this.#showSpeakers(this.#speakers.order);
    });
  }

  /** Somebody here cannot decode H.264 and is shown the composed picture, for which there has to be a scene. */
  showComposed(id: ParticipantId): void {
    this.#composedFeed.viewerJoined(id);
    if (this.#isOpen) return;
    this.open(AbortSignal.timeout(OPEN_SCENE_TIMEOUT_MS)).catch(err =>
      this.#deps.log.warn({ err, participantId: id }, 'no scene for the composed picture'),
    );
  }

  /** People or layout are otherwise than before. */
  peopleChanged(): void {
    this.#halls.changed();
  }

  /** Who has the floor, or asks for it. */
  floorChanged(): void {
    this.#floorView.changed();
  }

  nameChanged(): void {
    if (!this.#isOpen) return;
    const { id: sceneId, name: title } = this.#facts().conference;
    void this.#tell('scene.open', { sceneId, title }, 'name not changed in halls');
  }

  messageChanged(): void {
    if (!this.#isOpen) return;
    const { conference, message: text = '' } = this.#facts();
    const order = { sceneId: conference.id, text };
    void this.#tell('scene.message', order, 'message not shown in halls');
  }

  talking(id: ParticipantId, talking: boolean): void {
    this.#speakers.talking(id, talking);
  }

  forgetSpeaker(id: ParticipantId): void {
    this.#speakers.remove(id);
  }

  published(feedId: ParticipantId, camera: Camera): void {
    this.#browserVideo.published(feedId, camera);
  }

  unpublished(feedId: ParticipantId): void {
    this.#browserVideo.unpublished(feedId);
  }

  /** Resolves when nothing of these feeds, and nothing for their viewer, is left on the stage. */
  async remove(id: ParticipantId, feedIds: readonly ParticipantId[]): Promise<void> {
    await Promise.all([
      ...feedIds.map(feedId => this.#browserVideo.remove(feedId)),
      this.#composedFeed.viewerLeft(id),
    ]);
  }

  stageRestored(): void {
    this.#browserVideo.stageRestored();
    this.#composedFeed.stageRestored();
  }

  /** The stage came back without this one. */
  notRestored(id: ParticipantId): void {
    if (id === composedFeedId(this.#facts().conference.id)) this.#composedFeed.feedLost();
    else this.#browserVideo.notRestored(id);
  }

  /** The relay was lost, or is back: what went through it is gone. */
  relayChanged(): void {
    this.#composedFeed.feedLost();
  }

  /** The room server dropped a feed or a seat of ours. */
  seatLost(id: ParticipantId): void {
    if (id === composedFeedId(this.#facts().conference.id)) this.#composedFeed.feedLost();
  }

  /** Shows nothing any more, though it is open still. */
  stop(): void {
    this.#speakers.close();
    this.#halls.sceneLost();
    this.#floorView.sceneLost();
  }

  /** Logs instead of rejecting. */
  async close(): Promise<void> {
    await Promise.all([this.#browserVideo.close(), this.#composedFeed.close()]);
    if (!this.#isOpen) return;
    await this.#tell('scene.close', { sceneId: this.#facts().conference.id }, 'scene not closed');
  }

  #showSpeakers(order: readonly ParticipantId[]): void {
    if (!this.#isOpen) return;
    const { id: sceneId } = this.#facts().conference;
    void this.#tell(
      'scene.speakers',
      { sceneId, participantIds: [...order] },
      'speakers not shown',
    );
  }

  /** @param failed the log's words where the stage does not do it */
  async #tell<M extends StageMethod>(
    method: M,
    params: StageParams<M>,
    failed: string,
  ): Promise<void> {
    const { stage, log } = this.#deps;
    await stage.request(method, params).catch(err => log.warn({ err }, failed));
  }
}
