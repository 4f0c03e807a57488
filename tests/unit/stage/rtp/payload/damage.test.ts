import { describe, expect, test } from 'vitest';
import type { AccessUnit, VideoCodec } from '../../../../../src/stage/rtp/payload/access-unit.ts';
import { depacketizerFor } from '../../../../../src/stage/rtp/payload/depacketizer.ts';
import { inspectorFor } from '../../../../../src/stage/rtp/payload/inspect.ts';
import { packetize } from '../../../../../src/stage/rtp/payload/packetize.ts';
import { MAX_UNIT_BYTES } from '../../../../../src/stage/rtp/payload/unit-buffer.ts';
import { pick, type Random, seeded } from '../../../../fuzz/mutate.ts';
import { fuA, IDR, NON_IDR, PPS, SPS, stapA } from '../../builders.ts';

const hex = (...texts: string[]) => texts.map(text => Buffer.from(text, 'hex'));

/** Payloads that mean something, to be damaged. */
const SEEDS: Record<VideoCodec, readonly Buffer[]> = {
  h264: [
    SPS,
    PPS,
    IDR,
    NON_IDR,
    stapA(SPS, PPS, IDR),
    fuA(IDR, 'start'),
    fuA(IDR, 'middle'),
    fuA(IDR, 'end'),
  ],
  vp8: hex(
    '9080055001009d012a8002680100112233',
    '1051010011223344',
    '00aabbccdd',
    '90f091110122334455',
  ),
  h263: hex(
    '0060000000008002 0c0e0501'.replace(' ', ''),
    '006000000000880102',
    '9d6a145080000000aabbcc',
    'c56a145080000000000000ff112233',
  ),
  'h263-1998': hex(
    '040080020c0e050122',
    '04008801022233',
    '0000aabbcc',
    '04288002 0c0e058802'.replace(' ', ''),
    '0600ff80020c0e05',
  ),
  h261: hex(
    '00000000000100160001100102',
    '0000100000011001020304',
    'b4000000aabbccdd',
    '1c110000ffee',
  ),
};
const CODECS = Object.keys(SEEDS) as VideoCodec[];
const SEQUENCES = 2_000;
const PACKETS = 24;

function damaged(payload: Buffer, random: Random): Buffer {
  const copy = Buffer.from(payload);
  const at = Math.floor(random() * copy.length);
  switch (Math.floor(random() * 6)) {
    case 0:
      return copy.subarray(0, at);
    case 1:
      copy[at] = Math.floor(random() * 256);
      return copy;
    case 2:
      copy[at] = (copy[at] ?? 0) ^ (1 << Math.floor(random() * 8));
      return copy;
    case 3:
      return Buffer.from(Array.from({ length: random() * 30 }, () => random() * 256));
    case 4:
      return Buffer.concat([copy.subarray(0, at), pick(random, Object.values(SEEDS).flat())]);
    default:
      return copy;
  }
}

function sequence(codec: VideoCodec, random: Random): { units: AccessUnit[]; bytes: number } {
  const depacketizer = depacketizerFor(codec);
  const inspect = inspectorFor(codec);
  const units: AccessUnit[] = [];
  let [seq, timestamp, epoch, bytes] = [Math.floor(random() * 0x10000), 0, 1, 0];
  for (let sent = 0; sent < PACKETS; sent++) {
    const payload = damaged(pick(random, SEEDS[codec]), random);
    if (random() < 0.1) seq += Math.ceil(random() * 3);
    if (random() < 0.3) timestamp += 3_600;
    if (random() < 0.02) epoch += 1;
    const marker = random() < 0.2;
    seq = (seq + 1) & 0xffff;
    bytes += payload.length;
    inspect(payload);
    units.push(...depacketizer.push({ seq, timestamp, marker, epoch, payload }));
  }
  return { units, bytes };
}

describe('payloads that are damaged, cut off or noise', () => {
  test.each(CODECS)('of %s never throw, and units are no longer than what came', codec => {
    const random = seeded(0xd1e);
    let total = 0;
    for (let run = 0; run < SEQUENCES; run++) {
      const { units, bytes } = sequence(codec, random);
      const length = units.reduce((sum, unit) => sum + unit.data.length, 0);
      // Start codes and headers written anew, 7 bytes at most for a payload, and 12 empty GOBs of 26 bits.
      expect(length).toBeLessThanOrEqual(bytes + (7 * 4 + 12 * 4) * PACKETS);
      expect(units.every(unit => unit.data.length > 0 && unit.data.length <= MAX_UNIT_BYTES)).toBe(
        true,
      );
      total += units.length;
    }
    expect(total).toBeGreaterThan(SEQUENCES / 4); // not all of it is noise
  });

  test.each(CODECS.filter(codec => codec !== 'h261'))(
    'noise as a picture of %s never throws',
    codec => {
      const random = seeded(0xca11);
      for (let run = 0; run < SEQUENCES; run++) {
        const unit = Buffer.concat(
          Array.from({ length: 6 }, () => damaged(pick(random, SEEDS[codec]), random)),
        );
        const macroblocks = Buffer.from(
          Array.from({ length: random() * 40 }, () => random() * 256),
        );
        const packetizationMode = random() < 0.5 ? 0 : 1;
        const payloads = packetize(codec, unit, {
          maxPayloadBytes: 20,
          packetizationMode,
          macroblocks,
        });
        expect(payloads.every(payload => payload.length > 0)).toBe(true);
      }
    },
  );
});
