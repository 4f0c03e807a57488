import type { Logger } from 'pino';
import type { Clock, RoomBridge, StagePort } from '../calls/ports.ts';
import { contentFeedId, sharerOf } from '../contract/feeds.ts';
import type { StreamQuality } from '../contract/stage.ts';
import type { Conference, Participant } from '../domain/conference.ts';
import { GatewayError, type GatewayErrorCode } from '../domain/errors.ts';
import type { ParticipantId } from '../domain/ids.ts';
import { SerialQueue } from '../util/serial-queue.ts';
import { Chat } from './chat.ts';
import type { FeedRelay } from './composed-feed.ts';
import { ConferenceRooms } from './conference-rooms.ts';
import { ConferenceScene } from './conference-scene.ts';
import { ContentSharing } from './content-sharing.ts';
import type { KeptOrder } from './kept-order.ts';
import { LiveLayout } from './live-layout.ts';
import type { MeetingLayout } from './meeting-layout.ts';
import { type ConferenceRules, Moderation } from './moderation.ts';
import { PictureQuality } from './picture-quality.ts';
import { Roster } from './roster.ts';
import { noPicture, type Snapshot, type SnapshotWish, takeSnapshot } from './snapshot.ts';
import type { SpeakerRules } from './speaker-tracker.ts';
import { Talk } from './talk.ts';

/** Why everybody had to leave. */
export type ConferenceEnd = 'conference-closed' | 'shutdown' | GatewayErrorCode;

/** What a participant's own call or visit says of it. */
export type ParticipantChange = Partial<
  Pick<Participant, 'hasAudio' | 'hasVideo' | 'muted' | 'alarms' | 'away'>
>;

export interface LiveConferenceDeps {
  readonly relay: FeedRelay;
  readonly bridge: RoomBridge;
  readonly stage: StagePort;
  readonly clock: Clock;
  readonly speaker: SpeakerRules;
  /** Hands and floor as they were before the rooms were gone. */
  readonly kept?: KeptOrder | undefined;
  /** How halls see it is otherwise than before. */
  readonly onLayout: () => void;
  /** Hands and floor are otherwise than before, as long as it runs. */
  readonly onOrder?: (order: KeptOrder) => void;
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
  readonly #rooms: ConferenceRooms;
  readonly #scene: ConferenceScene;
  readonly #liveLayout: LiveLayout;
  readonly #quality = new PictureQuality();
  readonly #opening = new SerialQueue();
  readonly #talk = new Talk(this.roster, (id, speaking) => this.#scene.talking(id, speaking));
  readonly #ended = new AbortController();
  #conference: Conference;

  constructor(conference: Conference, deps: LiveConferenceDeps) {
    this.#conference = conference;
    this.#deps = deps;
    this.#rooms = new ConferenceRooms({ ...deps, opening: this.#opening });
    this.#scene = new ConferenceScene(conference, { ...deps, opening: this.#opening }, () => ({
      conference: this.#conference,
      roster: this.roster,
      layout: this.layout,
      order: this.moderation.order,
      message: this.moderation.rules?.message,
    }));
    this.#liveLayout = new LiveLayout(conference, {
      isHere: id => this.#isHere(id),
      onChange: () => {
        this.#scene.peopleChanged();
        deps.onLayout();
      },
      onSpotlight: () => this.moderation.spotlightChanged(),
    });
    const drop = (sharerId: ParticipantId) => this.#rooms.dropContent(this.#conference, sharerId);
    this.content = new ContentSharing({ roster: this.roster, clock: deps.clock, drop });
    this.moderation = new Moderation({
      ...deps,
      roster: this.roster,
      isMutedOnEntry: one => this.#isMutedOnEntry(one),
      showFloor: (now, before) => this.#liveLayout.showFloor(now, before),
      spotlightId: () => this.#liveLayout.spotlightId,
      onOrder: () => {
        this.#scene.floorChanged();
        if (!this.#ended.signal.aborted) deps.onOrder?.(this.moderation.kept);
      },
    });
    this.roster.watch(() => this.#scene.peopleChanged());
  }

  /** As it is stored now. */
  get conference(): Conference {
    return this.#conference;
  }

  /** Somebody changed what is stored; halls see it at once, but for who leads or is pinned here. */
  changed(conference: Conference): void {
    const before = this.#conference;
    this.#conference = conference;
    if (before.name !== conference.name) this.#scene.nameChanged();
    this.#liveLayout.storedChanged(before, conference);
  }

  /** What holds for everybody here; a message is shown, who comes in may be muted. */
  govern(rules: ConferenceRules | undefined): void {
    if (this.moderation.govern(rules)) this.#scene.messageChanged();
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
    this.#liveLayout.spotlight(id);
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
    return this.#liveLayout.now;
  }

  /** Changes how halls see it; who has left meanwhile neither leads nor is pinned. */
  setLayout(layout: MeetingLayout): void {
    this.#liveLayout.set(layout);
  }

  /** Fires with a `ConferenceEnd` as reason when everybody has to leave. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  /** Opens the rooms; harmless when they are open. */
  openRooms(signal: AbortSignal): Promise<void> {
    return this.#rooms.open(this.#conference, signal);
  }

  /** Opens the scene, with the cameras of the browsers already here; harmless when it is open. */
  openScene(signal: AbortSignal): Promise<void> {
    return this.#scene.open(signal);
  }

  add(participant: Participant): void {
    this.roster.add(participant);
  }

  /** Somebody here cannot decode H.264 and is shown the composed picture, for which there has to be a scene. */
  showComposed(id: ParticipantId): void {
    this.#scene.showComposed(id);
  }

  /** Takes somebody out of the roster, of the speakers and of the scene. */
  async remove(id: ParticipantId): Promise<void> {
    this.#talk.forget(id);
    this.moderation.remove(id);
    this.#quality.forget(id);
    this.roster.remove(id);
    this.#liveLayout.left(id);
    this.#scene.forgetSpeaker(id);
    this.content.remove(id);
    await this.#scene.remove(id, [id, contentFeedId(id) as ParticipantId]);
  }

  /** Changes what is known of somebody here; one who is muted does not speak, whatever is measured. */
  update(id: ParticipantId, change: ParticipantChange): void {
    this.roster.update(id, change);
    this.#talk.weigh(id);
  }

  /** Makes a chair of somebody here. */
  lead(id: ParticipantId): void {
    this.roster.update(id, { chair: true });
    this.moderation.leads(id);
  }

  talking(id: ParticipantId, talking: boolean): void {
    this.#talk.heard(id, talking);
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
    if (content && !this.content.shown(id))
      return void this.#rooms.dropContent(this.#conference, id);
    if (!content) this.roster.update(id, { hasVideo: true });
    const { codec, mid, isLayered = false } = stream;
    const camera = { codec, mid, isLayered, name: participant.name, content };
    this.#scene.published(feedId as ParticipantId, camera);
  }

  videoUnpublished(feedId: string): void {
    const sharerId = sharerOf(feedId) as ParticipantId | undefined;
    if (sharerId === undefined) this.roster.update(feedId as ParticipantId, { hasVideo: false });
    else this.content.ended(sharerId);
    this.#scene.unpublished(feedId as ParticipantId);
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
    if (!this.#scene.isOpen && stage.health().ok)
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
    this.#scene.stageRestored();
  }

  /** The stage came back without this one; a call looks after its endpoint itself. */
  notRestoredOnStage(id: ParticipantId): void {
    this.#scene.notRestored(id);
  }

  relayLost(): void {
    this.#scene.relayChanged();
  }

  relayRestored(): void {
    this.#scene.relayChanged();
  }

  /** The room server dropped a feed or a seat of ours. */
  seatLost(id: ParticipantId): void {
    this.#scene.seatLost(id);
  }

  /** Puts everybody out. Rooms and scene are closed as far as their engines still live. */
  async close(reason: ConferenceEnd): Promise<void> {
    if (this.#ended.signal.aborted) return;
    this.#ended.abort(reason);
    this.content.close();
    this.#scene.stop();
    await this.#opening.run(async () => undefined);
    await Promise.all([this.#scene.close(), this.#rooms.close(this.#conference)]);
  }

  #isHere(participantId: string): boolean {
    return this.roster.get(participantId as ParticipantId) !== undefined;
  }

  #markLines(): void {
    for (const { id } of this.roster.list())
      this.roster.update(id, { poorLine: this.#quality.isPoorLine(id) });
  }
}

function nobody(): GatewayError {
  return new GatewayError('not-found', 'There is no such participant in this conference.');
}
