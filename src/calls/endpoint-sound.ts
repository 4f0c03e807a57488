import type { Logger } from 'pino';
import type { CallId, ConferenceId } from '../domain/ids.ts';
import type { AudioName, AudioPlan, innerSdp, RelayedStream } from '../sdp/index.ts';
import type { Place } from './place.ts';
import type { AudioSeat, MediaRelay, RoomBridge, StagePort } from './ports.ts';

export interface EndpointSoundDeps {
  readonly relay: MediaRelay;
  readonly bridge: RoomBridge;
  readonly stage: StagePort;
}

export interface EndpointSoundOptions {
  readonly callId: CallId;
  readonly place: Place;
  readonly log: Logger;
}

/** Where an endpoint's sound goes and comes from, which follows what is negotiated. */
export interface LegSound {
  readonly isOnHold: boolean;
  /** The coder the inner side speaks when it is not the endpoint's own. */
  transcodeTo(audio: AudioPlan): AudioName | undefined;
  /** Brings it to what was negotiated. @param relayed where the relay takes the inner side's sound */
  settle(
    before: AudioPlan | undefined,
    after: AudioPlan | undefined,
    relayed: RelayedStream | undefined,
    signal: AbortSignal,
  ): Promise<void>;
  /** The inner side's line for the relay; undefined without a place. */
  inner(
    audio: AudioPlan,
    relayed: RelayedStream,
  ): NonNullable<Parameters<typeof innerSdp>[0]['audio']> | undefined;
  meter(signal: AbortSignal): Promise<void>;
  /** What it had on the stage is gone: `settle` and `meter` open it anew. */
  forgetStage(): void;
  /** Leaves the endpoint's sound out, or takes it in again. */
  setMuted(muted: boolean, signal: AbortSignal): Promise<void>;
  /** Safe to call twice. */
  leave(): Promise<void>;
}

type MixedCodec = 'opus' | 'pcma' | 'pcmu';

/** Coders the room server mixes as they come; anything else is transcoded to Opus by the relay. */
const NATIVE: Partial<Record<AudioName, MixedCodec>> = {
  opus: 'opus',
  pcma: 'pcma',
  pcmu: 'pcmu',
};

interface Seated {
  readonly seat: AudioSeat;
  readonly codec: AudioName;
  readonly dtmfPayloadType: number | undefined;
  readonly sendTo: RelayedStream;
}

/** An endpoint's place in the mixed sound, which follows what is negotiated. */
export class EndpointSound implements LegSound {
  readonly #deps: EndpointSoundDeps;
  readonly #options: EndpointSoundOptions;
  #seated: Seated | undefined;
  #isOnHold = false;
  #isMuted = false;
  #isMetered = false;

  constructor(deps: EndpointSoundDeps, options: EndpointSoundOptions) {
    this.#deps = deps;
    this.#options = options;
  }

  transcodeTo(audio: AudioPlan): AudioName | undefined {
    return NATIVE[audio.codec] === undefined ? 'opus' : undefined;
  }

  get isOnHold(): boolean {
    return this.#isOnHold;
  }

  /**
   * Takes a place, changes it where coder, number or ports are others, and mutes it
   * while the endpoint is on hold: what comes then is music, not the hall.
   */
  async settle(
    before: AudioPlan | undefined,
    after: AudioPlan | undefined,
    relayed: RelayedStream | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    if (!after || !relayed) return;
    if (!this.#fits(after, relayed)) {
      await this.leave();
      this.#seated = await this.#join(after, relayed, signal);
      if (this.#isMetered) await this.meter(signal);
    }
    await this.#followHold(before, after, signal);
  }

  inner(audio: AudioPlan, relayed: RelayedStream) {
    if (!this.#seated) return undefined;
    return {
      ...this.#seated.seat.address,
      payloadType: relayed.payloadType,
      codec: NATIVE[audio.codec] ?? ('opus' as const),
      direction: audio.direction,
    };
  }

  /** Lets the stage hear when the endpoint talks; without it the call goes on, only nobody notices who speaks. */
  async meter(signal: AbortSignal): Promise<void> {
    const { callId, place, log } = this.#options;
    if (!this.#seated) return;
    this.#isMetered = true;
    try {
      await place.openScene(signal);
      const { codec, dtmfPayloadType } = this.#seated;
      const keys = dtmfPayloadType === undefined ? {} : { dtmfPayloadType };
      const member = { sceneId: place.sceneId, participantId: place.participantId };
      const params = { ...member, codec, ...keys };
      const { copy } = await this.#deps.stage.request('meter.open', params, signal);
      await this.#deps.relay.copyAudio(callId, copy, signal);
    } catch (err) {
      log.warn({ err }, 'sound not metered');
    }
  }

  forgetStage(): void {
    // A meter is opened each time it is asked for.
  }

  async setMuted(muted: boolean, signal: AbortSignal): Promise<void> {
    this.#isMuted = muted;
    await this.#seated?.seat.setMuted(this.#isOnHold || muted, signal);
  }

  async leave(): Promise<void> {
    const seated = this.#seated;
    this.#seated = undefined;
    await seated?.seat.leave();
  }

  #fits(audio: AudioPlan, relayed: RelayedStream): boolean {
    if (!this.#seated) return false;
    const { codec, dtmfPayloadType, sendTo } = this.#seated;
    return (
      codec === audio.codec &&
      dtmfPayloadType === audio.dtmf?.payloadType &&
      sendTo.payloadType === relayed.payloadType &&
      sendTo.host === relayed.host &&
      sendTo.rtpPort === relayed.rtpPort
    );
  }

  async #join(audio: AudioPlan, relayed: RelayedStream, signal: AbortSignal): Promise<Seated> {
    const { sceneId, participantId, name } = this.#options.place;
    const { host, rtpPort, rtcpPort, payloadType } = relayed;
    const request = {
      conferenceId: sceneId as ConferenceId,
      participantId,
      name,
      codec: NATIVE[audio.codec] ?? 'opus',
      payloadType,
      sendTo: { host, rtpPort, rtcpPort },
    };
    const seat = await this.#deps.bridge.joinAudio(request, signal);
    const dtmfPayloadType = audio.dtmf?.payloadType;
    return { seat, codec: audio.codec, dtmfPayloadType, sendTo: relayed };
  }

  async #followHold(
    before: AudioPlan | undefined,
    after: AudioPlan,
    signal: AbortSignal,
  ): Promise<void> {
    const was = this.#isOnHold;
    this.#isOnHold = isHeld(before, after, was);
    if (this.#isOnHold !== was || this.#isMuted)
      await this.#seated?.seat.setMuted(this.#isOnHold || this.#isMuted, signal);
  }
}

/** An endpoint that took our sound before and takes none now is on hold; one that never did only speaks. */
function isHeld(before: AudioPlan | undefined, after: AudioPlan, was: boolean): boolean {
  const takes = after.direction === 'sendrecv' || after.direction === 'sendonly';
  if (takes || !before) return false;
  const took = before.direction === 'sendrecv' || before.direction === 'sendonly';
  return took || was;
}
