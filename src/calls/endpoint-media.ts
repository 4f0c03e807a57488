/**
 * The media of one leg: its relay ports, its place in the mixed sound, its
 * camera and picture on the stage, its feed in the browsers' room. What is
 * negotiated, first or again, goes through `#settle`; whatever it opens is
 * released by the call's `Cleanup`.
 */
import type { Logger } from 'pino';
import { FEED_PROFILE_LEVEL_ID } from '../contract/stage.ts';
import { GatewayError } from '../domain/errors.ts';
import type { CallId, ConferenceId, ParticipantId } from '../domain/ids.ts';
import {
  answer,
  compare,
  feedOffer,
  innerSdp,
  type LocalAddresses,
  type MediaPlan,
  offer,
  readRelaySdp,
  relayOffer,
  type VideoPlan,
} from '../sdp/index.ts';
import { allSettled } from '../util/all-settled.ts';
import type { Cleanup } from '../util/cleanup.ts';
import { AnnouncedSound } from './announced-sound.ts';
import { EndpointSound, type LegSound } from './endpoint-sound.ts';
import {
  assumedPlan,
  capabilitiesOf,
  type MediaTerms,
  type OfferForm,
  POLICY_OF,
  planAnswer,
  planOffer,
} from './media-terms.ts';
import type { Place } from './place.ts';
import type { MediaRelay, PublishedFeed, RoomBridge, RtpAddress, StagePort } from './ports.ts';
import { comesIn, stageTerms } from './stage-terms.ts';

export interface EndpointMediaDeps {
  readonly relay: MediaRelay;
  readonly bridge: RoomBridge;
  readonly stage: StagePort;
}

export interface EndpointMediaOptions {
  readonly callId: CallId;
  /** Where it is at first; `moveTo` changes it. */
  readonly place: Place;
  readonly terms: MediaTerms;
  readonly cleanup: Cleanup;
  readonly log: Logger;
}

interface StageEndpoint {
  readonly endpoint: RtpAddress;
  readonly feed: RtpAddress & {
    readonly ssrc: number;
    readonly payloadType: number;
    readonly cname: string;
  };
}

type Relayed = NonNullable<ReturnType<typeof readRelaySdp>>;

export class EndpointMedia {
  readonly #deps: EndpointMediaDeps;
  readonly #options: EndpointMediaOptions;
  #place: Place;
  #sound: LegSound;
  #plan: MediaPlan | undefined;
  #local: LocalAddresses | undefined;
  #stage: StageEndpoint | undefined;
  #isPublished = false;
  #published: PublishedFeed | undefined;
  #isOpen = false;
  /** By its own switch. */
  #isMuted = false;
  /** By whoever runs the meeting. */
  #isHeld = false;
  #description = '';
  #version = 0;

  constructor(deps: EndpointMediaDeps, options: EndpointMediaOptions) {
    this.#deps = deps;
    this.#options = options;
    this.#place = options.place;
    this.#sound = this.#newSound();
  }

  get hasAudio(): boolean {
    return this.#plan?.audio !== undefined;
  }

  /** Whether the endpoint sends a picture now. */
  get hasVideo(): boolean {
    return this.#isPublished && comesIn(this.#plan?.video);
  }

  /** The endpoint's sound is left out of the conference: by its own switch, held so, or on hold. */
  get isMuted(): boolean {
    return this.#isMuted || this.#isHeld || this.#sound.isOnHold;
  }

  /** Whether the endpoint should send sound now; music on hold is not asked for. */
  get isSoundDue(): boolean {
    return comesIn(this.#plan?.audio) && !this.#sound.isOnHold;
  }

  get isPictureDue(): boolean {
    return comesIn(this.#plan?.video) && !this.#sound.isOnHold;
  }

  /** Who it is where it is now. */
  get participantId(): ParticipantId {
    return this.#place.participantId;
  }

  /**
   * Opens everything the endpoint needs to hear and see; gives the answer to its offer.
   *
   * @throws GatewayError naming the engine that failed
   */
  async open(media: MediaPlan, signal: AbortSignal): Promise<string> {
    await this.#settle(media, signal);
    return this.#describe(local => answer(media, local));
  }

  /**
   * The same for an endpoint that offered nothing: gives our offer, which `accept` completes.
   * Again, in another form, when the endpoint refused it.
   */
  async openForOwnOffer(form: OfferForm, signal: AbortSignal): Promise<string> {
    const { terms } = this.#options;
    await this.#settle(assumedPlan(terms, form), signal);
    const srtp = POLICY_OF[form];
    return this.#describe(local => offer(capabilitiesOf({ ...terms, srtp }), local));
  }

  /** Takes the endpoint's answer to an offer of ours. */
  async accept(offerSdp: string, answerSdp: string, signal: AbortSignal): Promise<void> {
    await this.#settle(planAnswer(offerSdp, answerSdp, this.#options.terms), signal);
  }

  /** Takes a later offer of the endpoint; gives the answer, which is the same as before when nothing changed. */
  async reopen(offerSdp: string, signal: AbortSignal): Promise<string> {
    const media = planOffer(offerSdp, this.#options.terms);
    const isSame = this.#plan !== undefined && compare(this.#plan, media).length === 0;
    if (!isSame) await this.#settle(media, signal);
    return this.#describe(local => answer(media, local));
  }

  /** What stands, as an offer of ours to an endpoint that asks for one. */
  reoffer(): string {
    const { terms } = this.#options;
    const after = this.#plan;
    if (!after) throw new GatewayError('invalid-state', 'nothing stands yet');
    return this.#describe(local => offer(capabilitiesOf(terms), local, { after }));
  }

  /** Takes the endpoint elsewhere; its own side of the call does not change. The old place is left after. */
  async moveTo(place: Place, signal: AbortSignal): Promise<void> {
    const left = this.member;
    await this.#sound.leave();
    this.#place = place;
    this.#sound = this.#newSound();
    this.#stage = undefined;
    await this.#settle(required(this.#plan), signal);
    await this.#deps.stage.request('participant.remove', left, signal);
  }

  /** The relay is away: the room server would take the feed's silence for its end. */
  async unpublishFeed(): Promise<void> {
    const published = this.#published;
    this.#published = undefined;
    this.#isPublished = false;
    await published?.leave();
  }

  /**
   * The relay has forgotten the call: what stands is opened there anew, for the
   * endpoint at ports that `reoffer` tells it.
   */
  async reopenAtRelay(signal: AbortSignal): Promise<void> {
    await this.unpublishFeed();
    await this.#settle(required(this.#plan), signal);
  }

  /** The stage came back without the endpoint, which is opened there anew and notices nothing of it. */
  async reopenOnStage(signal: AbortSignal): Promise<void> {
    await this.unpublishFeed();
    this.#stage = undefined;
    this.#sound.forgetStage();
    await this.#settle(required(this.#plan), signal);
  }

  /** The endpoint's own switch; it is heard only when it is not held muted as well. */
  async toggleMute(signal: AbortSignal): Promise<void> {
    await this.#setOwnSwitch(!this.#isMuted, signal);
  }

  /** Opens the endpoint's own switch, for who asked to speak and may now. */
  openMicrophone(signal: AbortSignal): Promise<void> {
    return this.#setOwnSwitch(false, signal);
  }

  /** Whoever runs the meeting holds the endpoint muted, or lets it go to its own switch. */
  async holdMuted(held: boolean, signal: AbortSignal): Promise<void> {
    await this.#sound.setMuted(held || this.#isMuted, signal);
    this.#isHeld = held;
  }

  /** Lets the stage hear when the endpoint talks; without it the call goes on, only nobody notices who speaks. */
  meterSound(signal: AbortSignal): Promise<void> {
    return this.#sound.meter(signal);
  }

  /** Shows the endpoint's camera to browsers, once; does nothing without video. */
  async publishFeed(signal: AbortSignal): Promise<void> {
    const { callId, cleanup } = this.#options;
    const { kind, sceneId, participantId, name } = this.#place;
    const conferenceId = sceneId as ConferenceId;
    const { relay, bridge, stage } = this.#deps;
    const feed = this.#stage?.feed;
    if (!feed || this.#isPublished || kind === 'lobby') return;
    this.#isPublished = true;
    const plainOffer = feedOffer({
      ...feed,
      sessionId: String(Date.now()),
      profileLevelId: FEED_PROFILE_LEVEL_ID,
    });
    const offerSdp = await relay.offerFeed(callId, plainOffer, signal);
    const published = await bridge.publishVideo(
      { conferenceId, participantId, name, offerSdp },
      signal,
    );
    this.#published = published;
    cleanup.add('feed', () => published.leave());
    const plainAnswer = await relay.answerFeed(callId, published.answerSdp, signal);
    const to = required(readRelaySdp(plainAnswer)?.video);
    await stage.request('endpoint.connect', { sceneId, participantId, feed: address(to) }, signal);
  }

  async #setOwnSwitch(muted: boolean, signal: AbortSignal): Promise<void> {
    await this.#sound.setMuted(muted || this.#isHeld, signal);
    this.#isMuted = muted;
  }

  /** A description for the endpoint; its version grows when it says something else than the last. RFC 3264 §8. */
  #describe(write: (local: LocalAddresses) => string): string {
    const local = required(this.#local);
    if (write({ ...local, sessionVersion: this.#version }) !== this.#description) {
      this.#version += 1;
      this.#description = write({ ...local, sessionVersion: this.#version });
    }
    return this.#description;
  }

  /** Brings relay, sound and stage to what was negotiated. */
  async #settle(media: MediaPlan, signal: AbortSignal): Promise<void> {
    this.#releaseLater();
    const inner = await this.#offerToRelay(media, signal);
    await allSettled([
      this.#sound.settle(this.#plan?.audio, media.audio, inner.audio, signal),
      this.#settlePicture(media.video, signal),
    ]);
    const outer = await this.#answerFromRelay(media, inner, signal);
    if (media.video && inner.video) {
      const connection = { ...this.member, endpoint: address(inner.video) };
      await this.#deps.stage.request('endpoint.connect', connection, signal);
    }
    this.#plan = media;
    this.#local = this.#localAddresses(outer);
  }

  #releaseLater(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    const { callId, cleanup } = this.#options;
    const { relay, stage } = this.#deps;
    cleanup.add('media relay', () => relay.release(callId));
    cleanup.add('stage', async () => {
      await stage.request('participant.remove', this.member);
    });
    cleanup.add('mixed sound', () => this.#sound.leave());
  }

  async #offerToRelay(media: MediaPlan, signal: AbortSignal): Promise<Relayed> {
    const { callId } = this.#options;
    const transcodeTo = media.audio && this.#sound.transcodeTo(media.audio);
    const options = transcodeTo ? { transcodeTo } : {};
    const sdp = await this.#deps.relay.offerLeg(callId, relayOffer(media), options, signal);
    return required(readRelaySdp(sdp));
  }

  async #answerFromRelay(media: MediaPlan, inner: Relayed, signal: AbortSignal): Promise<Relayed> {
    const audio = media.audio && inner.audio && this.#sound.inner(media.audio, inner.audio);
    const video = media.video && this.#stage && innerVideo(media.video, this.#stage);
    const parts = { ...(audio && { audio }), ...(video && { video }) };
    const innerAnswer = innerSdp({ sessionId: String(Date.now()), ...parts });
    const { callId } = this.#options;
    return required(readRelaySdp(await this.#deps.relay.answerLeg(callId, innerAnswer, signal)));
  }

  /** A picture that ends keeps its place, silent, until it comes again. */
  async #settlePicture(video: VideoPlan | undefined, signal: AbortSignal): Promise<void> {
    const { stage } = this.#deps;
    const member = this.member;
    const before = this.#plan?.video;
    if (this.#stage) {
      const terms = video ? stageTerms(video) : before && { ...stageTerms(before), ...SILENT };
      if (terms) await stage.request('endpoint.update', { ...member, ...terms }, signal);
    } else if (video) {
      await this.#place.openScene(signal);
      const terms = { ...member, name: this.#place.name, ...stageTerms(video) };
      this.#stage = await stage.request('endpoint.add', terms, signal);
    }
  }

  #localAddresses({ audio, video }: Relayed): LocalAddresses {
    return {
      host: required(audio ?? video).host,
      ...(audio && {
        audioPort: audio.rtpPort,
        audioRtcpPort: audio.rtcpPort,
        ...(audio.crypto && { audioCrypto: audio.crypto }),
      }),
      ...(video && {
        videoPort: video.rtpPort,
        videoRtcpPort: video.rtcpPort,
        ...(video.crypto && { videoCrypto: video.crypto }),
      }),
      sessionId: numericId(this.#options.callId),
      sessionVersion: this.#version,
    };
  }

  /** What the stage knows it by. */
  get member() {
    return { sceneId: this.#place.sceneId, participantId: this.#place.participantId };
  }

  #newSound(): LegSound {
    const { callId, log } = this.#options;
    const place = this.#place;
    if (place.kind === 'lobby') return new AnnouncedSound(this.#deps.stage, place);
    return new EndpointSound(this.#deps, { callId, place, log });
  }
}

const SILENT = { sends: false, receives: false } as const;

function innerVideo(video: VideoPlan, { endpoint }: StageEndpoint) {
  const { payloadType, codec, packetizationMode, profileLevelId, direction } = video;
  return { ...endpoint, payloadType, codec, packetizationMode, profileLevelId, direction };
}

function address({ host, rtpPort, rtcpPort }: RtpAddress): RtpAddress {
  return { host, rtpPort, rtcpPort };
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new GatewayError('internal', 'relay left out a stream');
  return value;
}

/** The same digits for the same call, so that `o=` stays while its version grows; RFC 3264 §8. */
function numericId(callId: CallId): string {
  return String(Number.parseInt(callId.replaceAll('-', '').slice(0, 12), 16));
}
