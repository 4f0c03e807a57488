import { parseRtp } from '../../../src/stage/rtp/packet.ts';
import type { AccessUnit } from '../../../src/stage/rtp/payload/access-unit.ts';
import { depacketizerFor } from '../../../src/stage/rtp/payload/depacketizer.ts';
import { lastPictureOf, type SeenPicture } from '../seen-picture.ts';
import type { RoomCodec } from './room-codec.ts';

/** The screen of a room codec: what it receives, decoded when somebody looks. */
export class HallScreen {
  readonly #codec: RoomCodec['videoCodec'];
  readonly #payloadTypes = new Set<number>();
  /** Since the last key frame. */
  #units: AccessUnit[] = [];
  #pictures = 0;

  /** Takes the codec's received packets for itself. */
  constructor({ video, videoCodec }: RoomCodec) {
    this.#codec = videoCodec;
    const depacketizer = depacketizerFor(videoCodec);
    video.onPacket = data => {
      const packet = parseRtp(data);
      if (!packet) return;
      this.#payloadTypes.add(packet.payloadType);
      for (const unit of depacketizer.push({ ...packet, epoch: 0 })) this.#take(unit);
    };
  }

  /** All that packets had so far. */
  get payloadTypes(): number[] {
    return [...this.#payloadTypes];
  }

  /** Coded pictures so far. */
  get pictures(): number {
    return this.#pictures;
  }

  /** What it shows now. @throws Error before the first key frame */
  async look(): Promise<SeenPicture> {
    const units = this.#units;
    if (units.length === 0) throw new Error('no key frame yet');
    const stream = Buffer.concat(units.map(({ data }) => data));
    return lastPictureOf(stream, this.#codec, units.length);
  }

  #take(unit: AccessUnit): void {
    this.#pictures += 1;
    if (unit.isKeyframe) this.#units = [];
    else if (this.#units.length === 0) return;
    this.#units.push(unit);
  }
}
