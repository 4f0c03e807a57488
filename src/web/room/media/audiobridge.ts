/** Everybody's sound: our microphone out, the mix without us in. */
import type { ConnectionStats } from '../network/counters.ts';
import type { Handle, JanusSession, Jsep, Message } from './janus.ts';
import {
  createOffer,
  createRestartOffer,
  limitSender,
  replaceTrack,
  send,
  statsOf,
} from './janus.ts';

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
  #handle: Handle | undefined;

  constructor(session: JanusSession, options: AudioBridgeOptions) {
    this.#session = session;
    this.#options = options;
  }

  /** Without a microphone there is nothing to mix. */
  get #isSilent(): boolean {
    return this.#options.microphone === undefined;
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
    return this.#handle !== undefined && (await replaceTrack(this.#handle, 'audio', microphone));
  }

  stats(): Promise<ConnectionStats> {
    return statsOf('sound', this.#handle);
  }

  /** Undefined: as much as the browser wants. */
  limit(maxBitrateBps: number | undefined): Promise<void> {
    const limits = maxBitrateBps === undefined ? {} : { maxBitrate: maxBitrateBps };
    return limitSender(this.#handle, 'audio', limits);
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
    if (jsep) this.#handle?.handleRemoteJsep({ jsep });
  }

  async #negotiate(): Promise<void> {
    if (!this.#handle) return;
    const capture = this.#options.microphone ?? false;
    const tracks = [{ type: 'audio', capture, recv: true, dontStop: true }] as const;
    const offer = await createOffer(this.#handle, [...tracks]);
    await send(this.#handle, { request: 'configure', muted: this.#isSilent }, offer);
  }
}
