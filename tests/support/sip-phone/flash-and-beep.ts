import { Decoder } from '../../../src/stage/compose/decoder.ts';
import { planesOf } from '../../../src/stage/compose/ffmpeg.ts';
import { parseRtp } from '../../../src/stage/rtp/packet.ts';
import { depacketizerFor } from '../../../src/stage/rtp/payload/depacketizer.ts';
import { encodeMovingPicture } from './moving-picture.ts';
import type { CodecMedia, RoomCodec } from './room-codec.ts';
import { beeps, peakOf } from './sound.ts';

/** Five go into the five seconds of sound. */
const EVERY_SEC = 1;
const FPS = 25;
const RTP_HEADER_BYTES = 12;
const BRIGHT_LUMA = 150;
const LOUD_PEAK = 0.05;
/** A flash and its beep are no further apart. */
const SAME_MS = 450;

/** What a codec sends that flashes and beeps at the same moment, once a second. */
export function flashAndBeep(): CodecMedia {
  const picture = { width: 640, height: 360, fps: FPS, bitrateBps: 500_000, durationSec: 5 };
  const frames = encodeMovingPicture({ ...picture, colour: 'black', flashEverySec: EVERY_SEC });
  return { frames, fps: FPS, audio: beeps(EVERY_SEC) };
}

/** Notes when flashes and beeps arrive at a codec. `close` frees its decoder. */
export class LipSyncMeter {
  readonly #flashesMs: number[] = [];
  readonly #beepsMs: number[] = [];
  readonly #decoder = new Decoder('h264', { onBroken: () => undefined });
  readonly #depacketizer = depacketizerFor('h264');
  #isBright = false;
  #isLoud = false;

  constructor({ audio, video }: RoomCodec) {
    audio.onPacket = data => this.#hear(data.subarray(RTP_HEADER_BYTES));
    video.onPacket = data => this.#see(data);
  }

  /** Sound after picture of each flash that had its beep, in ms. */
  get offsetsMs(): number[] {
    return this.#flashesMs.flatMap(flashMs => {
      const offsets = this.#beepsMs.map(beepMs => beepMs - flashMs);
      return offsets.filter(offsetMs => Math.abs(offsetMs) < SAME_MS).slice(0, 1);
    });
  }

  forget(): void {
    this.#flashesMs.length = 0;
    this.#beepsMs.length = 0;
  }

  close(): void {
    void this.#decoder.close();
  }

  #hear(piece: Buffer): void {
    const isLoud = peakOf(piece) > LOUD_PEAK;
    if (isLoud && !this.#isLoud) this.#beepsMs.push(performance.now());
    this.#isLoud = isLoud;
  }

  #see(data: Buffer): void {
    const packet = parseRtp(data);
    if (!packet) return;
    for (const unit of this.#depacketizer.push({ ...packet, epoch: 0 })) {
      const coded = { ...unit, data: new Uint8Array(unit.data), takenAtMs: performance.now() };
      this.#decoder.decode(coded, performance.now());
      const isBright = this.#luma() > BRIGHT_LUMA;
      if (isBright && !this.#isBright) this.#flashesMs.push(performance.now());
      this.#isBright = isBright;
    }
  }

  /** Of a point a third from the left and from above: in the large place of every layout. */
  #luma(): number {
    const { picture } = this.#decoder;
    const plane = picture && planesOf(picture)?.[0];
    if (!plane) return 0;
    const [x, y] = [Math.trunc(picture.width / 3), Math.trunc(picture.height / 3)];
    return plane.data[y * plane.stride + x] ?? 0;
  }
}
