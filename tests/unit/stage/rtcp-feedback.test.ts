import { describe, expect, test } from 'vitest';
import { buildPli, buildReport, parseRtcp } from '../../../src/stage/rtp/rtcp.ts';
import { buildTmmbn } from '../../../src/stage/rtp/rtcp-feedback.ts';
import { aFir, aNack, aRemb, aTmmbr } from './feedback.ts';

const limit = (means: 'tmmbr' | 'remb', mediaSsrc: number, bitrateBps: number, overhead = 0) => ({
  kind: 'bitrate-limit',
  means,
  mediaSsrc,
  ownerSsrc: 0xee,
  bitrateBps,
  overheadBytes: overhead,
});

describe('a generic NACK', () => {
  test('names a packet and those of the sixteen after it whose bit is set', () => {
    expect(parseRtcp(aNack(5, [65_534, 0b1000_0000_0000_0101], [7, 0]))).toEqual([
      { kind: 'nack', mediaSsrc: 5, seqs: [65_534, 65_535, 1, 14, 7] },
    ]);
  });

  test('of everything is read no further than is of use', () => {
    const all = Array.from({ length: 4_000 }, (_, i) => [i * 17, 0xffff] as const);
    const [item] = parseRtcp(aNack(5, ...all.slice(0, 3_000)));
    expect(item?.kind === 'nack' && item.seqs.length).toBeLessThan(600);
  });

  test('without entries says nothing', () => {
    expect(parseRtcp(aNack(5))).toEqual([]);
  });
});

describe('a limit of the bit rate', () => {
  test('is a TMMBR with an entry for each stream', () => {
    expect(parseRtcp(aTmmbr([5, 100_000, 40], [6, 512_000, 0]))).toEqual([
      limit('tmmbr', 5, 100_000, 40),
      limit('tmmbr', 6, 512_000),
    ]);
  });

  test('is mantissa times a power of two, as large as that may be', () => {
    const data = aTmmbr([5, 0, 511]);
    data.writeUInt32BE(0xffffffff, 16);
    expect(parseRtcp(data)).toEqual([limit('tmmbr', 5, 131_071 * 2 ** 63, 511)]);
  });

  test('is a REMB for as many streams as it names', () => {
    expect(parseRtcp(aRemb((3 << 18) | 32_000, 5, 6))).toEqual([
      limit('remb', 5, 256_000),
      limit('remb', 6, 256_000),
    ]);
  });

  test('is confirmed by a TMMBN, which names its owner', () => {
    const data = buildTmmbn(0x11, limit('tmmbr', 0x11, 256_001, 40));
    // exponent 1, mantissa 128000, overhead 40
    expect(data.toString('hex')).toBe('84cd00040000001100000000' + '000000ee07e80028');
  });
});

test('a FIR asks for each stream it names; one without entries for that in its header', () => {
  const ssrcs = (data: Buffer) =>
    parseRtcp(data).map(item => 'mediaSsrc' in item && item.mediaSsrc);
  expect(ssrcs(aFir(5, 6))).toEqual([5, 6]);
  expect(ssrcs(aFir())).toEqual([0x77]);
});

test('damaged feedback never throws, and what comes before the damage is read', () => {
  const parts = [
    buildReport(7, 'phone', undefined, undefined),
    aNack(5, [1, 0xffff], [9, 1]),
    aTmmbr([5, 256_000, 40], [6, 1, 1]),
    aRemb(1_000, 5, 6),
    aFir(5),
    buildPli(1, 2),
  ];
  const whole = Buffer.concat(parts);
  for (let length = 0; length < whole.length; length++)
    expect(() => parseRtcp(whole.subarray(0, length))).not.toThrow();
  for (let at = 0; at < whole.length; at++)
    for (const value of [0, 1, 0x7f, 0x80, 0xff]) {
      const damaged = Buffer.from(whole);
      damaged[at] = value;
      expect(() => parseRtcp(damaged)).not.toThrow();
    }
  expect(parseRtcp(whole.subarray(0, whole.length - 5)).at(-1)?.kind).toBe('keyframe-request');
  expect(parseRtcp(Buffer.concat([...parts.slice(0, 2), Buffer.alloc(20)]))).toHaveLength(1);
});
