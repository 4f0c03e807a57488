import type { Logger } from 'pino';
import type { Clock, RoomBridge, StagePort } from '../calls/ports.ts';
import { composedFeedId, contentFeedId, sharerOf } from '../contract/feeds.ts';
import type { StreamQuality } from '../contract/stage.ts';
import type { Conference, Participant } from '../domain/conference.ts';
import { GatewayError, type GatewayErrorCode } from '../domain/errors.ts';
import type { ParticipantId } from '../domain/ids.ts';
import { SerialQueue } from '../util/serial-queue.ts';
import { BrowserVideo } from './browser-video.ts';
import { Chat } from './chat.ts';
import { ComposedFeed, type FeedRelay } from './composed-feed.ts';
import { ContentSharing } from './content-sharing.ts';
import { FloorView } from './floor-view.ts';
import { HallView, peopleOrder } from './hall-view.ts';
import { layoutOf, layoutOrder, type MeetingLayout, withoutParticipant } from './meeting-layout.ts';
import { type ConferenceRules, Moderation } from './moderation.ts';
import { PictureQuality } from './picture-quality.ts';
import { Roster } from './roster.ts';
import { noPicture, type Snapshot, type SnapshotWish, takeSnapshot } from './snapshot.ts';
import { type SpeakerRules, SpeakerTracker } from './speaker-tracker.ts';

/** Why everybody had to leave. */
export type ConferenceEnd = 'conference-closed' | 'shutdown' | GatewayErrorCode;

/** What a participant's own call or visit says of it. */
export type ParticipantChange = Partial<
  Pick<Participant, 'hasAudio' | 'hasVideo' | 'muted' | 'alarms'>
>;

/** From a browser that needs the composed picture to a scene that makes it. */
const OPEN_SCENE_TIMEOUT_MS = 5_000;

export interface LiveConferenceDeps {
  readonly relay: FeedRelay;
  readonly bridge: RoomBridge;
  readonly stage: StagePort;
  readonly clock: Clock;
  readonly speaker: SpeakerRules;
  /** How halls see it is otherwise than before. */
  readonly onLayout: () => void;
  readonly log: Logger;
}

/**
 * One meeting while it runs: its rooms at the room server, its scene on the
 * stage, who is in it and who speaks. `LiveConferences` owns it.
 */
export class LiveConference {
  readonly roster = new Roster();
  readonly chat = new Chat();
  /** What those who lead it do to the others. */
  readonly moderation: Moderation;
  /** Whose screen is shared. */
  readonly content: ContentSharing;
  readonly #deps: LiveConferenceDeps;
  readonly #speakers: SpeakerTracker;
  readonly #browserVideo: BrowserVideo;
  readonly #halls: HallView;
  readonly #floorView: FloorView;
  readonly #quality = new PictureQuality();
  readonly #composedFeed: ComposedFeed;
  readonly #opening = new SerialQueue();
  /** Who talks as it is measured, heard or not. */
  readonly #talking = new Set<ParticipantId>();
  readonly #ended = new AbortController();
  #conference: Conference;
  #layout: MeetingLayout;
  #roomsOpen = false;
  #sceneOpen = false;

  constructor(conference: Conference, deps: LiveConferenceDeps) {
    this.#conference = conference;
    this.#deps = deps;
    this.#browserVideo = new BrowserVideo(conference.id, deps);
    this.#composedFeed = new ComposedFeed(conference.id, deps);
    this.#speakers = new SpeakerTracker(deps.speaker, deps.clock, order =>
      this.#showSpeakers(order),
    );
    this.#layout = layoutOf(conference);
    const { id } = conference;
    const drop = (sharerId: ParticipantId) => this.#dropContent(sharerId);
    this.content = new ContentSharing({ roster: this.roster, clock: deps.clock, drop });
    this.moderation = new Moderation({
      ...deps,
      roster: this.roster,
      isMutedOnEntry: one => this.#isMutedOnEntry(one),
      showFloor: (now, before) => this.#showFloor(now, before),
      spotlightId: () => this.#layout.pinnedParticipantId,
      onOrder: () => this.#floorView.changed(),
    });
    this.#halls = new HallView(deps, () => ({
      people: peopleOrder(id, this.roster.list()),
      layout: layoutOrder(id, this.#layout, this.roster.list()),
    }));
    this.#floorView = new FloorView(deps, id, () => ({
      order: this.moderation.order,
      nameOf: one => this.roster.get(one)?.name,
    }));
    this.roster.watch(() => this.#halls.changed());
  }

  /** As it is stored now. */
  get conference(): Conference {
    return this.#conference;
  }

  /** Somebody changed what is stored; halls see it at once, but for who leads or is pinned here. */
  changed(conference: Conference): void {
    const before = this.#conference;
    this.#conference = conference;
    if (before.name !== conference.name && this.#sceneOpen) this.#openAtStage();
    const layout = layoutOf(conference);
    if (JSON.stringify(layoutOf(before)) === JSON.stringify(layout)) return;
    const { hqParticipantId, pinnedParticipantId } = this.#layout;
    this.setLayout({
      ...layout,
      ...(hqParticipantId !== undefined && { hqParticipantId }),
      ...(pinnedParticipantId !== undefined && { pinnedParticipantId }),
    });
  }

  /** What holds for everybody here; a message is shown, who comes in may be muted. */
  govern(rules: ConferenceRules | undefined): void {
    if (this.moderation.govern(rules)) this.#showMessage();
  }

  get isLocked(): boolean {
    return this.moderation.rules?.isLocked ?? false;
  }

  /** Somebody of those here leads the meeting from a page. */
  get hasChair(): boolean {
    return this.roster.list().some(({ chair }) => chair);
  }

  /** Gives somebody the large place whoever speaks, or nobody. @throws GatewayError `not-found` */
  spotlight(id: ParticipantId | undefined): void {
    if (id !== undefined && !this.#isHere(id)) throw nobody();
    const { pinnedParticipantId: _, ...layout } = this.#layout;
    this.setLayout({ ...layout, ...(id !== undefined && { pinnedParticipantId: id }) });
  }

  /** Large is who has the floor; the place is given back when it is still theirs. */
  #showFloor(now: ParticipantId | undefined, before: ParticipantId | undefined): void {
    if (now !== undefined) this.spotlight(now);
    else if (before !== undefined && this.#layout.pinnedParticipantId === before)
      this.spotlight(undefined);
  }

  /** By what is stored, unless a meeting that runs says otherwise; a site that only watches always. */
  #isMutedOnEntry(id: ParticipantId): boolean {
    const siteId = this.roster.get(id)?.siteId;
    const member = this.#conference.members.find(one => one.siteId === siteId);
    if (siteId !== undefined && member?.role === 'observer') return true;
    return this.moderation.rules?.muteOnEntry ?? this.#conference.muteOnEntry ?? false;
  }

  /** How halls see it now. */
  get layout(): MeetingLayout {
    return this.#layout;
  }

  /** Changes how halls see it; who has left meanwhile neither leads nor is pinned. */
  setLayout(layout: MeetingLayout): void {
    const { pinnedParticipantId: spotlitBefore } = this.#layout;
    const named = [layout.hqParticipantId, layout.pinnedParticipantId];
    this.#layout = named
      .filter(id => id !== undefined)
      .filter(id => !this.#isHere(id))
      .reduce(withoutParticipant, layout);
    this.#halls.changed();
    this.#deps.onLayout();
    if (this.#layout.pinnedParticipantId !== spotlitBefore) this.moderation.spotlightChanged();
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
      if (this.#sceneOpen) return this.#composedFeed.sceneOpened();
      const sceneId = this.conference.id;
      await this.#deps.stage.request(
        'scene.open',
        { sceneId, title: this.conference.name },
        signal,
      );
      this.#sceneOpen = true;
      if (this.moderation.rules?.message !== undefined) this.#showMessage();
      this.#halls.sceneOpened();
      this.#floorView.sceneOpened();
      this.#browserVideo.sceneOpened();
      this.#composedFeed.sceneOpened();
      this.#showSpeakers(this.#speakers.order);
    });
  }

  add(participant: Participant): void {
    this.roster.add(participant);
  }

  /** Somebody here cannot decode H.264 and is shown the composed picture, for which there has to be a scene. */
  showComposed(id: ParticipantId): void {
    this.#composedFeed.viewerJoined(id);
    if (this.#sceneOpen) return;
    this.openScene(AbortSignal.timeout(OPEN_SCENE_TIMEOUT_MS)).catch(err =>
      this.#deps.log.warn({ err, participantId: id }, 'no scene for the composed picture'),
    );
  }

  /** Takes somebody out of the roster, of the speakers and of the scene. */
  async remove(id: ParticipantId): Promise<void> {
    this.#talking.delete(id);
    this.moderation.remove(id);
    this.#quality.forget(id);
    this.roster.remove(id);
    this.#leaveLayout(id);
    this.#speakers.remove(id);
    this.content.remove(id);
    await Promise.all([
      this.#browserVideo.remove(id),
      this.#browserVideo.remove(contentFeedId(id) as ParticipantId),
      this.#composedFeed.viewerLeft(id),
    ]);
  }

  #leaveLayout(id: ParticipantId): void {
    const { hqParticipantId, pinnedParticipantId } = this.#layout;
    if (id === hqParticipantId || id === pinnedParticipantId) this.setLayout(this.#layout);
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

  /** @param feedId a browser's own id for its camera, `contentFeedId` of it for its screen */
  videoPublished(
    feedId: string,
    stream: { codec: 'h264' | 'vp8'; mid: string; isLayered?: boolean },
  ): void {
    const sharerId = sharerOf(feedId);
    const id = (sharerId ?? feedId) as ParticipantId;
    const participant = this.roster.get(id);
    if (!participant) return;
    const content = sharerId !== undefined;
    if (content && !this.content.shown(id)) return void this.#dropContent(id);
    if (!content) this.roster.update(id, { hasVideo: true });
    const { codec, mid, isLayered = false } = stream;
    const camera = { codec, mid, isLayered, name: participant.name, content };
    this.#browserVideo.published(feedId as ParticipantId, camera);
  }

  videoUnpublished(feedId: string): void {
    const sharerId = sharerOf(feedId) as ParticipantId | undefined;
    if (sharerId === undefined) this.roster.update(feedId as ParticipantId, { hasVideo: false });
    else this.content.ended(sharerId);
    this.#browserVideo.unpublished(feedId as ParticipantId);
  }

  /** Takes how the cameras came in over the last second; a line that loses much is marked. */
  qualityHeard(streams: readonly StreamQuality[]): void {
    const ofThoseHere = streams.filter(stream => this.#isHere(stream.participantId));
    this.#quality.heard(ofThoseHere, this.#deps.clock.now());
    this.#markLines();
  }

  get quality(): Pick<PictureQuality, 'latest' | 'history'> {
    return this.#quality;
  }

  /**
   * A JPEG of what a participant sends or is shown.
   *
   * @throws GatewayError `not-found`, `no-picture`, `bad-request`, `stage-down`
   */
  async snapshot(id: ParticipantId, wish: SnapshotWish): Promise<Snapshot> {
    const participant = this.roster.get(id);
    if (!participant) throw nobody();
    const { stage } = this.#deps;
    if (!this.#sceneOpen && stage.health().ok)
      throw noPicture('Pictures are taken while a room codec is in the conference; none is.');
    return takeSnapshot(stage, participant, wish);
  }

  /** The stage went away, and with it who was talking as far as it told; it tells anew when it is back. */
  stageLost(): void {
    for (const { id, kind } of this.roster.list()) if (kind === 'endpoint') this.talking(id, false);
    this.#quality.clear();
    this.#markLines();
  }

  stageRestored(): void {
    this.#browserVideo.stageRestored();
  }

  relayLost(): void {
    this.#composedFeed.feedLost();
  }

  relayRestored(): void {
    this.#composedFeed.feedLost();
  }

  /** The room server dropped a feed or a seat of ours. */
  seatLost(id: ParticipantId): void {
    if (id === composedFeedId(this.conference.id)) this.#composedFeed.feedLost();
  }

  /** Puts everybody out. Rooms and scene are closed as far as their engines still live. */
  async close(reason: ConferenceEnd): Promise<void> {
    if (this.#ended.signal.aborted) return;
    this.#ended.abort(reason);
    this.#speakers.close();
    this.content.close();
    this.#halls.sceneLost();
    this.#floorView.sceneLost();
    await this.#opening.run(async () => undefined);
    await Promise.all([this.#closeScene(), this.#closeRooms()]);
  }

  async #closeScene(): Promise<void> {
    await Promise.all([this.#browserVideo.close(), this.#composedFeed.close()]);
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

  #showMessage(): void {
    if (!this.#sceneOpen) return;
    const text = this.moderation.rules?.message ?? '';
    this.#deps.stage
      .request('scene.message', { sceneId: this.conference.id, text })
      .catch(err => this.#deps.log.warn({ err }, 'message not shown in halls'));
  }

  #openAtStage(): void {
    const { id: sceneId, name: title } = this.conference;
    this.#deps.stage
      .request('scene.open', { sceneId, title })
      .catch(err => this.#deps.log.warn({ err }, 'name not changed in halls'));
  }

  #isHere(participantId: string): boolean {
    return this.roster.get(participantId as ParticipantId) !== undefined;
  }

  #markLines(): void {
    for (const { id } of this.roster.list())
      this.roster.update(id, { poorLine: this.#quality.isPoorLine(id) });
  }

  /** Puts a shared screen out of the room; logs instead of rejecting. */
  async #dropContent(id: ParticipantId): Promise<void> {
    const { bridge, log } = this.#deps;
    if (!bridge.health().ok) return;
    await bridge
      .removeParticipant(this.conference.id, contentFeedId(id) as ParticipantId)
      .catch(err => log.warn({ err, participantId: id }, 'shared screen not taken away'));
  }

  #showSpeakers(order: readonly ParticipantId[]): void {
    if (!this.#sceneOpen) return;
    this.#deps.stage
      .request('scene.speakers', { sceneId: this.conference.id, participantIds: [...order] })
      .catch(err => this.#deps.log.warn({ err }, 'speakers not shown'));
  }
}

function nobody(): GatewayError {
  return new GatewayError('not-found', 'There is no such participant in this conference.');
}
