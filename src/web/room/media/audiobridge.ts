/**
 * Everybody's sound: ours out, the mix without us in. Ours is the microphone and the sound of
 * what we share in one track: who shares hears it by itself, and not a second time in the mix.
 */
import type { ConnectionStats } from '../network/counters.ts';
import type { Handle, JanusSession, Jsep, Message } from './janus.ts';
import {
  createOffer,
  createRestartOffer,
  limitSender,
  replaceTrack,
  send,
  sendTrack,
  statsOf,
} from './janus.ts';
import { mixSound, type SoundMix } from './sound-mix.ts';

export interface AudioBridgeOptions {
  readonly roomId: string;
  readonly microphone: MediaStreamTrack | undefined;
  readonly onSound: (stream: MediaStream) => void;
  readonly onTalking: (participantId: string, talking: boolean) => void;
  readonly onTrouble: (isTroubled: boolean) => void;
  readonly onFailed: () => void;
}

export class AudioBridge {
  readonly #session: JanusSession;
  readonly #options: AudioBridgeOptions;
  readonly #negotiated = Promise.withResolvers<void>();
  #handle: Handle | undefined;
  #microphone: MediaStreamTrack | undefined;
  /** Of what we share. */
  #shared: MediaStreamTrack | undefined;
  #mix: SoundMix = mixSound([]);

  constructor(session: JanusSession, options: AudioBridgeOptions) {
    this.#session = session;
    this.#options = options;
    this.#microphone = options.microphone;
    this.#mixAnew();
  }

  /** Where we send nothing there is nothing to mix. */
  get #isSilent(): boolean {
    return this.#mix.track === undefined;
  }

  async join(): Promise<void> {
    this.#handle = await this.#session.attach('audiobridge', {
      onMessage: (message, jsep) => this.#onMessage(message, jsep),
      onTrack: (track, _mid, on) => {
        if (on && track.kind === 'audio') this.#options.onSound(new MediaStream([track]));
      },
      restartIce: () => this.#restartIce(),
      onTrouble: this.#options.onTrouble,
      onFailed: this.#options.onFailed,
    });
    await send(this.#handle, {
      request: 'join',
      room: this.#options.roomId,
      muted: this.#isSilent,
    });
  }

  /** Speaks with another microphone; false where it takes joining anew, as none was there before. */
  async changeMicrophone(microphone: MediaStreamTrack | undefined): Promise<boolean> {
    this.#microphone = microphone;
    return this.#sendMix();
  }

  /** Sends the sound of what we share with the microphone's, whose switch does not silence it; undefined ends that. */
  async shareSound(sound: MediaStreamTrack | undefined): Promise<void> {
    if (this.#shared === sound) return;
    this.#shared = sound;
    await this.#negotiated.promise;
    const isSent = await this.#sendMix();
    const { track } = this.#mix;
    if (!this.#handle) return;
    if (!isSent && track) await sendTrack(this.#handle, 'audio', track);
    const offer = isSent || !track ? undefined : await createOffer(this.#handle, []);
    await send(this.#handle, { request: 'configure', muted: this.#isSilent }, offer);
  }

  /** For good. */
  close(): void {
    this.#mix.close();
  }

  /** False where the room server does not expect anything of us. */
  async #sendMix(): Promise<boolean> {
    const before = this.#mixAnew();
    const isSent =
      this.#handle !== undefined && (await replaceTrack(this.#handle, 'audio', this.#mix.track));
    before.close();
    return isSent;
  }

  /** @returns the mix before, which is still sent */
  #mixAnew(): SoundMix {
    const before = this.#mix;
    this.#mix = mixSound([this.#microphone, this.#shared].filter(track => track !== undefined));
    return before;
  }

  stats(): Promise<ConnectionStats> {
    return statsOf('sound', this.#handle);
  }

  /** Undefined: as much as the browser wants. */
  limit(maxBitrateBps: number | undefined): Promise<void> {
    const limits = maxBitrateBps === undefined ? {} : { maxBitrate: maxBitrateBps };
    return limitSender(this.#handle, 'audio', () => [limits]);
  }

  async #restartIce(): Promise<void> {
    if (!this.#handle) return;
    await send(this.#handle, { request: 'configure' }, await createRestartOffer(this.#handle));
  }

  #onMessage(message: Message, jsep: Jsep | undefined): void {
    const { audiobridge, id } = message;
    if (audiobridge === 'talking' || audiobridge === 'stopped-talking')
      this.#options.onTalking(String(id), audiobridge === 'talking');
    if (audiobridge === 'joined' && id !== undefined) void this.#negotiate();
    if (jsep) this.#handle?.handleRemoteJsep({ jsep, success: () => this.#negotiated.resolve() });
  }

  async #negotiate(): Promise<void> {
    if (!this.#handle) return;
    const capture = this.#mix.track ?? false;
    const tracks = [{ type: 'audio', capture, recv: true, dontStop: true }] as const;
    const offer = await createOffer(this.#handle, [...tracks]);
    await send(this.#handle, { request: 'configure', muted: this.#isSilent }, offer);
  }
}
