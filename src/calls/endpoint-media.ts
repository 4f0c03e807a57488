/**
 * The media of one leg: its relay ports, its place in the mixed sound, its
 * camera and picture on the stage, its feed in the browsers' room. Every step
 * that opens something puts its release on the call's `Cleanup`.
 */
import type { Logger } from 'pino';
import { FEED_PROFILE_LEVEL_ID, type StageParams } from '../contract/stage.ts';
import { GatewayError } from '../domain/errors.ts';
import type { CallId, ConferenceId, ParticipantId } from '../domain/ids.ts';
import {
  type AudioName,
  answer,
  feedOffer,
  innerSdp,
  type MediaPlan,
  plan,
  readRelaySdp,
  relayOffer,
} from '../sdp/index.ts';
import { allSettled } from '../util/all-settled.ts';
import type { Cleanup } from '../util/cleanup.ts';
import type { AudioSeat, MediaRelay, RoomBridge, RtpAddress, StagePort } from './ports.ts';

export interface EndpointMediaDeps {
  readonly relay: MediaRelay;
  readonly bridge: RoomBridge;
  readonly stage: StagePort;
  readonly maxVideoBitrateBps: number;
}

export interface EndpointMediaOptions {
  readonly callId: CallId;
  readonly conferenceId: ConferenceId;
  readonly participantId: ParticipantId;
  readonly name: string;
  readonly cleanup: Cleanup;
  readonly log: Logger;
}

type StageEndpoint = {
  readonly endpoint: RtpAddress;
  readonly feed: RtpAddress & {
    readonly ssrc: number;
    readonly payloadType: number;
    readonly cname: string;
  };
};

/** Codecs the room server mixes as they come; anything else is transcoded to Opus by the relay. */
const NATIVE: Partial<Record<AudioName, 'opus' | 'pcma' | 'pcmu'>> = {
  opus: 'opus',
  pcma: 'pcma',
  pcmu: 'pcmu',
};

/**
 * Reads an offer and decides what of it is taken.
 *
 * @throws GatewayError `offer-required`, `sdp-invalid`, `no-common-codec`, `no-common-crypto`
 */
export function planOffer(offerSdp: string | undefined, maxVideoBitrateBps: number): MediaPlan {
  if (offerSdp === undefined)
    throw new GatewayError('offer-required', 'INVITE without SDP is not supported');
  const result = plan(offerSdp, {
    audio: ['opus', 'g722', 'pcma', 'pcmu'],
    video: true,
    maxVideoBitrateBps,
  });
  if (!result.ok) throw new GatewayError(result.code, result.reason);
  return result.plan;
}

export class EndpointMedia {
  readonly #deps: EndpointMediaDeps;
  readonly #options: EndpointMediaOptions;
  #audio: { readonly seat: AudioSeat; readonly codec: AudioName } | undefined;
  #stage: StageEndpoint | undefined;
  #answers = 0;

  constructor(deps: EndpointMediaDeps, options: EndpointMediaOptions) {
    this.#deps = deps;
    this.#options = options;
  }

  get hasAudio(): boolean {
    return this.#audio !== undefined;
  }

  get hasVideo(): boolean {
    return this.#stage !== undefined;
  }

  /**
   * Opens everything the endpoint needs to hear and see; gives the answer SDP.
   *
   * @throws GatewayError naming the engine that failed
   */
  async open(media: MediaPlan, signal: AbortSignal): Promise<string> {
    const { callId, cleanup } = this.#options;
    const { relay, stage } = this.#deps;
    cleanup.add('media relay', () => relay.release(callId));
    cleanup.add('stage', async () => {
      if (stage.health().ok) await stage.request('participant.remove', this.#member());
    });
    const inner = await this.#offerToRelay(media, signal);
    await allSettled([
      media.audio && this.#joinAudio(media.audio.codec, required(inner.audio), signal),
      media.video && this.#enterStage(media.video, signal),
    ]);
    return this.#answerFromRelay(media, inner, signal);
  }

  /** Lets the stage hear when the endpoint talks; without it the call goes on, only nobody notices who speaks. */
  async meterSound(signal: AbortSignal): Promise<void> {
    const { callId, log } = this.#options;
    if (!this.#audio) return;
    try {
      const params = { ...this.#member(), codec: this.#audio.codec };
      const { copy } = await this.#deps.stage.request('meter.open', params, signal);
      await this.#deps.relay.copyAudio(callId, copy, signal);
    } catch (err) {
      log.warn({ err }, 'sound not metered');
    }
  }

  /** Shows the endpoint's camera to browsers; does nothing without video. */
  async publishFeed(signal: AbortSignal): Promise<void> {
    const { callId, conferenceId, participantId, name, cleanup } = this.#options;
    const { relay, bridge, stage } = this.#deps;
    const feed = this.#stage?.feed;
    if (!feed) return;
    const plainOffer = feedOffer({
      ...feed,
      sessionId: sessionId(),
      profileLevelId: FEED_PROFILE_LEVEL_ID,
    });
    const offerSdp = await relay.offerFeed(callId, plainOffer, signal);
    const published = await bridge.publishVideo(
      { conferenceId, participantId, name, offerSdp },
      signal,
    );
    cleanup.add('feed', () => published.leave());
    const plainAnswer = await relay.answerFeed(callId, published.answerSdp, signal);
    const to = required(readRelaySdp(plainAnswer)?.video);
    await stage.request(
      'endpoint.connect',
      { sceneId: conferenceId, participantId, feed: address(to) },
      signal,
    );
  }

  /**
   * Takes a later offer of the endpoint: the same places, newly negotiated.
   * A medium that was not there at the start is refused by the answer's port 0.
   *
   * @throws GatewayError `sdp-invalid`, `no-common-codec`, or the engine's
   */
  async reopen(offerSdp: string, signal: AbortSignal): Promise<string> {
    const media = this.#withinReach(planOffer(offerSdp, this.#deps.maxVideoBitrateBps));
    const inner = await this.#offerToRelay(media, signal);
    if (media.video && this.#stage)
      await this.#deps.stage.request(
        'endpoint.update',
        { ...this.#member(), ...stageEndpoint(media.video) },
        signal,
      );
    return this.#answerFromRelay(media, inner, signal);
  }

  async #offerToRelay(media: MediaPlan, signal: AbortSignal) {
    const transcode = media.audio !== undefined && NATIVE[media.audio.codec] === undefined;
    const sdp = await this.#deps.relay.offerLeg(
      this.#options.callId,
      relayOffer(media),
      transcode ? { transcodeTo: 'opus' } : {},
      signal,
    );
    const inner = readRelaySdp(sdp);
    if (!inner) throw new GatewayError('internal', 'relay gave no addresses');
    return inner;
  }

  async #joinAudio(
    codec: AudioName,
    relayed: RtpAddress & { payloadType: number },
    signal: AbortSignal,
  ): Promise<void> {
    const { conferenceId, participantId, name, cleanup } = this.#options;
    const seat = await this.#deps.bridge.joinAudio(
      {
        conferenceId,
        participantId,
        name,
        codec: NATIVE[codec] ?? 'opus',
        payloadType: relayed.payloadType,
        sendTo: address(relayed),
      },
      signal,
    );
    cleanup.add('mixed sound', () => seat.leave());
    this.#audio = { seat, codec };
  }

  async #enterStage(video: NonNullable<MediaPlan['video']>, signal: AbortSignal): Promise<void> {
    const { stage } = this.#deps;
    const member = this.#member();
    this.#stage = await stage.request(
      'endpoint.add',
      { ...member, name: this.#options.name, ...stageEndpoint(video) },
      signal,
    );
  }

  async #answerFromRelay(
    media: MediaPlan,
    inner: NonNullable<ReturnType<typeof readRelaySdp>>,
    signal: AbortSignal,
  ): Promise<string> {
    const innerAnswer = innerSdp({ sessionId: sessionId(), ...this.#innerParts(media, inner) });
    const outer = readRelaySdp(
      await this.#deps.relay.answerLeg(this.#options.callId, innerAnswer, signal),
    );
    const host = outer?.audio?.host ?? outer?.video?.host;
    if (!outer || !host) throw new GatewayError('internal', 'relay gave no addresses');
    if (media.video && inner.video)
      await this.#deps.stage.request(
        'endpoint.connect',
        { ...this.#member(), endpoint: address(inner.video) },
        signal,
      );
    this.#answers += 1;
    return answer(media, {
      host,
      ...(outer.audio && { audioPort: outer.audio.rtpPort, audioRtcpPort: outer.audio.rtcpPort }),
      ...(outer.video && { videoPort: outer.video.rtpPort, videoRtcpPort: outer.video.rtcpPort }),
      sessionId: numericId(this.#options.callId),
      sessionVersion: this.#answers,
    });
  }

  #innerParts(media: MediaPlan, inner: NonNullable<ReturnType<typeof readRelaySdp>>) {
    return {
      ...(media.audio &&
        this.#audio && {
          audio: {
            ...this.#audio.seat.address,
            payloadType: required(inner.audio).payloadType,
            codec: NATIVE[media.audio.codec] ?? ('opus' as const),
            direction: media.audio.direction,
          },
        }),
      ...(media.video &&
        this.#stage && {
          video: {
            ...this.#stage.endpoint,
            payloadType: media.video.payloadType,
            packetizationMode: media.video.packetizationMode,
            profileLevelId: media.video.profileLevelId,
            direction: media.video.direction,
          },
        }),
    };
  }

  #withinReach(media: MediaPlan): MediaPlan {
    const { audio, video, ...rest } = media;
    return {
      ...rest,
      ...(audio && audio.codec === this.#audio?.codec && { audio }),
      ...(video && this.#stage && { video }),
    };
  }

  #member() {
    return { sceneId: this.#options.conferenceId, participantId: this.#options.participantId };
  }
}

/** How the stage is told of what was negotiated. */
function stageEndpoint(
  video: NonNullable<MediaPlan['video']>,
): Omit<StageParams<'endpoint.add'>, 'sceneId' | 'participantId' | 'name'> {
  const { payloadType, packetizationMode, profileLevelId, maxFs, maxMbps, maxBitrateBps } = video;
  return {
    payloadType,
    sends: video.direction === 'sendrecv' || video.direction === 'recvonly',
    receives: video.direction === 'sendrecv' || video.direction === 'sendonly',
    keyframe: video.refresh,
    limits: { packetizationMode, profileLevelId, maxFs, maxMbps, maxBitrateBps },
  };
}

function address({ host, rtpPort, rtcpPort }: RtpAddress): RtpAddress {
  return { host, rtpPort, rtcpPort };
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new GatewayError('internal', 'relay left out a stream');
  return value;
}

/** A session id for `o=`, RFC 8866 §5.2: digits, new each time. */
function sessionId(): string {
  return String(Date.now());
}

/** The same digits for the same call, so that `o=` stays while its version grows; RFC 3264 §8. */
function numericId(callId: CallId): string {
  return String(Number.parseInt(callId.replaceAll('-', '').slice(0, 12), 16));
}
