import { describe, expect, test } from 'vitest';
import {
  buildFir,
  buildPli,
  buildReport,
  ntpMiddleOf,
  parseRtcp,
  type ReportBlock,
} from '../../../src/stage/rtp/rtcp.ts';

const NOW_MS = Date.UTC(2024, 0, 1) + 500;
const BLOCK: ReportBlock = {
  ssrc: 0x01020304,
  fractionLost: 64,
  totalLost: -3,
  highestSeq: 0x00012345,
  jitter: 90,
  lastSenderReport: 0xaabbccdd,
  delaySinceSenderReport: 65_536,
};
const SENDER = { ssrc: 7, nowMs: NOW_MS, timestamp: 2 ** 32 + 5, packets: 10, octets: 1000 };

describe('a report', () => {
  test('of a sender is read as it was written', () => {
    const items = parseRtcp(buildReport(7, 'stage', SENDER, BLOCK));
    expect(items).toEqual([
      {
        kind: 'sender-report',
        ssrc: 7,
        ntpMiddle: ntpMiddleOf(NOW_MS),
        ntpMs: NOW_MS,
        rtpTimestamp: 5,
      },
      { kind: 'reception', block: BLOCK },
    ]);
  });

  test('of a receiver is read as it was written', () => {
    expect(parseRtcp(buildReport(7, 'stage', undefined, BLOCK))).toEqual([
      { kind: 'reception', block: BLOCK },
    ]);
  });

  test('carries the NTP time of the timestamp', () => {
    const data = buildReport(7, 'stage', SENDER, undefined);
    expect(data.readUInt32BE(8)).toBe(Math.floor(NOW_MS / 1000) + 2_208_988_800);
    expect(data.readUInt32BE(12)).toBe(2 ** 31); // half a second
    expect(data.readUInt32BE(16)).toBe(5);
    expect(ntpMiddleOf(NOW_MS)).toBe(data.readUInt32BE(10));
  });

  test.each(['a', 'ab', 'abc', 'abcd', 'x'.repeat(300)])(
    'is a compound of whole words, with CNAME %s',
    cname => {
      const data = buildReport(7, cname, undefined, undefined);
      const second = 4 + data.readUInt16BE(2) * 4;
      expect(data[second + 1]).toBe(202);
      expect(second + 4 + data.readUInt16BE(second + 2) * 4).toBe(data.length);
      const length = data[second + 9] ?? 0;
      expect(data.subarray(second + 10, second + 10 + length).toString()).toBe(cname.slice(0, 255));
      expect(data[second + 10 + length]).toBe(0); // end of the chunk, RFC 3550 §6.5
    },
  );
});

describe('a request for a key frame', () => {
  test('is a PLI of RFC 4585', () => {
    expect(buildPli(0x11, 0x22).toString('hex')).toBe('81ce00020000001100000022');
  });

  test('is a FIR of RFC 5104 with its number', () => {
    expect(buildFir(0x11, 0x22, 0x101).toString('hex')).toBe(
      '84ce00040000001100000000' + '0000002201000000',
    );
  });

  test.each([
    ['PLI', buildPli(1, 2)],
    ['FIR', buildFir(1, 2, 3)],
  ])('is recognised after a report: %s', (_, feedback) => {
    const compound = Buffer.concat([buildReport(1, 'c', undefined, undefined), feedback]);
    expect(parseRtcp(compound)).toEqual([{ kind: 'keyframe-request', mediaSsrc: 2 }]);
  });
});

test('the clock of a sender report may be in the era that begins in 2036, or none', () => {
  const data = buildReport(7, 'stage', SENDER, undefined);
  data.writeUInt32BE(1, 8);
  data.writeUInt32BE(0, 12);
  expect(parseRtcp(data)).toMatchObject([{ ntpMs: Date.UTC(2036, 1, 7, 6, 28, 17) }]);
  data.writeUInt32BE(0, 8);
  expect(parseRtcp(data)).toMatchObject([{ ntpMs: 0 }]);
});

test('damaged packets give what comes before the damage and never throw', () => {
  const whole = Buffer.concat([buildReport(7, 'stage', SENDER, BLOCK), buildPli(1, 2)]);
  for (let length = 0; length < whole.length; length++)
    expect(() => parseRtcp(whole.subarray(0, length))).not.toThrow();
  for (let at = 0; at < whole.length; at++)
    for (const value of [0, 0x7f, 0xff]) {
      const damaged = Buffer.from(whole);
      damaged[at] = value;
      expect(() => parseRtcp(damaged)).not.toThrow();
    }
});
