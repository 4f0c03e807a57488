import type { AudioName, AudioPlan, RelayedStream } from '../sdp/index.ts';
import type { LegSound } from './endpoint-sound.ts';
import type { Place } from './place.ts';
import type { RtpAddress, StagePort } from './ports.ts';

type SpokenCodec = 'pcma' | 'pcmu';

interface Opened {
  readonly address: RtpAddress;
  readonly codec: SpokenCodec;
  readonly payloadType: number;
}

/** An endpoint's sound in the lobby: the stage's announcer speaks to it and hears its keys. */
export class AnnouncedSound implements LegSound {
  readonly isOnHold = false;
  readonly #stage: StagePort;
  readonly #place: Place;
  #opened: Opened | undefined;

  constructor(stage: StagePort, place: Place) {
    this.#stage = stage;
    this.#place = place;
  }

  transcodeTo(audio: AudioPlan): AudioName | undefined {
    return spoken(audio) === audio.codec ? undefined : spoken(audio);
  }

  async settle(
    _before: AudioPlan | undefined,
    after: AudioPlan | undefined,
    relayed: RelayedStream | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    if (!after || !relayed) return;
    const { host, rtpPort, rtcpPort, payloadType } = relayed;
    const sendTo = { host, rtpPort, rtcpPort };
    if (!this.#fits(after, relayed)) {
      await this.#place.openScene(signal);
      this.#opened = await this.#open(after, payloadType, signal);
    }
    await this.#stage.request('announcer.connect', { ...this.#member(), to: sendTo }, signal);
  }

  inner(audio: AudioPlan) {
    if (!this.#opened) return undefined;
    const { address, codec, payloadType } = this.#opened;
    return { ...address, payloadType, codec, direction: audio.direction };
  }

  async meter(): Promise<void> {
    // Who talks in the lobby is nobody's business.
  }

  forgetStage(): void {
    this.#opened = undefined;
  }

  /** The announcer goes with the endpoint's place on the stage. */
  async leave(): Promise<void> {
    this.forgetStage();
  }

  async setMuted(): Promise<void> {
    // Nobody hears it here.
  }

  async #open(audio: AudioPlan, payloadType: number, signal: AbortSignal): Promise<Opened> {
    const codec = spoken(audio);
    const dtmfPayloadType = audio.dtmf?.payloadType;
    const terms = { codec, payloadType, ...(dtmfPayloadType !== undefined && { dtmfPayloadType }) };
    const request = { ...this.#member(), ...terms };
    const { sound } = await this.#stage.request('announcer.open', request, signal);
    return { address: sound, codec, payloadType };
  }

  #fits(audio: AudioPlan, { payloadType }: RelayedStream): boolean {
    return this.#opened?.codec === spoken(audio) && this.#opened.payloadType === payloadType;
  }

  #member() {
    return { sceneId: this.#place.sceneId, participantId: this.#place.participantId };
  }
}

/** The announcer speaks G.711; the relay makes it anything else. */
function spoken({ codec }: AudioPlan): SpokenCodec {
  return codec === 'pcmu' ? 'pcmu' : 'pcma';
}
