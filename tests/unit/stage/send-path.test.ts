import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { nowMs } from '../../../src/stage/clock.ts';
import { parseRtp, type RtpPacket, seqDiff } from '../../../src/stage/rtp/packet.ts';
import { parseRtcp } from '../../../src/stage/rtp/rtcp.ts';
import type { FeedbackItem } from '../../../src/stage/rtp/rtcp-feedback.ts';
import type { EndpointTerms } from '../../../src/stage/scene/endpoint.ts';
import { SendPath } from '../../../src/stage/scene/send-path.ts';
import { aPacket } from './builders.ts';
import { aNack, aRemb, aTmmbr } from './feedback.ts';

const SSRC = 0xcafe;
const OTHER_SSRC = 0xbeef;
const PICTURE_INTERVAL_MS = 40;
const PACKET_BYTES = 1_200;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0); // nothing ticks when nothing waits
  vi.useRealTimers();
});

function aPath(
  maxBitrateBps: number,
  feedback = { nack: true, tmmbr: true },
  codec: EndpointTerms['codec'] = 'h264',
) {
  const sent: (RtpPacket & { readonly atMs: number })[] = [];
  const confirmed: string[] = [];
  const rates: number[] = [];
  const camera = { keyframesAsked: 0 };
  const limits = { packetizationMode: 1, profileLevelId: '42e01f', maxFs: 3_600, maxMbps: 108_000 };
  const path = new SendPath({
    ssrc: SSRC,
    terms: {
      payloadType: 97,
      codec,
      feedback,
      limits: { ...limits, packetizationMode: codec === 'h264' ? 1 : 0, maxBitrateBps },
    },
    sendRtp: data => sent.push({ ...(parseRtp(data) ?? expect.fail('not RTP')), atMs: nowMs() }),
    sendFeedback: data => confirmed.push(data.toString('hex')),
    onKeyframeNeeded: () => {
      camera.keyframesAsked += 1;
    },
    onRate: ({ maxBitrateBps: bitrateBps }) => rates.push(bitrateBps),
  });
  let seq = 0;
  /** A picture of so many bytes, now; time does not pass. */
  const show = (bytes: number, startsKeyframe = false) => {
    const timestamp = Math.round(nowMs() * 90) % 2 ** 32;
    const count = Math.ceil(bytes / PACKET_BYTES);
    for (let index = 0; index < count; index++) {
      const marker = index === count - 1;
      const payload = Buffer.alloc(PACKET_BYTES, 1);
      const packet = aPacket({ seq: seq++ & 0xffff, timestamp, marker, payload });
      path.out.forward('a', { ...packet, epoch: 1 }, nowMs(), {
        startsKeyframe: startsKeyframe && index === 0,
      });
    }
  };
  const hear = (data: Buffer) => {
    for (const item of parseRtcp(data)) path.feedback(item as FeedbackItem, nowMs());
  };
  return { path, sent, confirmed, rates, camera, show, hear };
}

describe('a NACK', () => {
  test('brings the packets again as they were, also those that waited', async () => {
    const { sent, show, hear } = aPath(512_000);
    show(10 * PACKET_BYTES);
    await vi.advanceTimersByTimeAsync(300);
    const picture = sent.splice(0).map(({ atMs: _, ...packet }) => packet);
    expect(picture).toHaveLength(10);
    hear(aNack(SSRC, [picture[2]?.seq ?? 0, 0b1]));
    await vi.advanceTimersByTimeAsync(100);
    expect(sent.map(({ atMs: _, ...packet }) => packet)).toEqual([picture[2], picture[3]]);
  });

  test.each([
    ['about another stream', { nack: true, tmmbr: true }, OTHER_SSRC],
    ['that was not negotiated', { nack: false, tmmbr: true }, SSRC],
  ])('%s brings nothing', async (_, feedback, ssrc) => {
    const { sent, show, hear } = aPath(512_000, feedback);
    show(PACKET_BYTES);
    hear(aNack(ssrc, [sent[0]?.seq ?? 0, 0]));
    await vi.advanceTimersByTimeAsync(100);
    expect(sent).toHaveLength(1);
  });

  test('brings nothing into a line that is behind already', async () => {
    const { sent, show, hear } = aPath(256_000);
    show(PACKET_BYTES);
    show(20_000);
    hear(aNack(SSRC, [sent[0]?.seq ?? 0, 0]));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(new Set(sent.map(packet => packet.seq)).size).toBe(sent.length);
  });
});

describe('a limit that the endpoint asks for', () => {
  test('holds from then on, and is confirmed with its owner', () => {
    const { path, confirmed, hear } = aPath(2_000_000);
    hear(aTmmbr([OTHER_SSRC, 64_000, 0], [SSRC, 256_000, 0]));
    expect(path.rate).toEqual({ maxBitrateBps: 256_000, reason: 'requested' });
    expect(confirmed).toEqual(['84cd00040000cafe00000000000000ee07e80000']);
  });

  test('by TMMBR counts only where that was negotiated', () => {
    const { path, confirmed, hear } = aPath(2_000_000, { nack: false, tmmbr: false });
    hear(aTmmbr([SSRC, 256_000, 0]));
    expect(path.rate.reason).toBe('negotiated');
    expect(confirmed).toEqual([]);
  });

  test('by REMB holds as long as it is repeated, and is not confirmed', () => {
    const { path, confirmed, rates, hear } = aPath(2_000_000);
    hear(aRemb((3 << 18) | 32_000, SSRC));
    expect(path.rate.maxBitrateBps).toBe(256_000);
    expect(path.rate.reason).toBe('requested');
    path.pace(nowMs() + 10_000);
    expect(path.rate).toEqual({ maxBitrateBps: 2_000_000, reason: 'negotiated' });
    expect(rates).toEqual([256_000, 2_000_000]);
    expect(confirmed).toEqual([]);
  });
});

describe('a key frame of 100 kB to 256 kbit/s', () => {
  const playSeconds = async (seconds: number, eachPicture: () => void) => {
    for (let ms = 0; ms < seconds * 1_000; ms += PICTURE_INTERVAL_MS) {
      await vi.advanceTimersByTimeAsync(PICTURE_INTERVAL_MS);
      eachPicture();
    }
  };

  test('is no burst, and what would be late behind it is given up until a key frame', async () => {
    const { sent, camera, show } = aPath(256_000);
    const beganMs = nowMs();
    show(100_000, true);
    await playSeconds(4, () => show(PACKET_BYTES));
    const keyframe = sent.filter(packet => packet.timestamp === sent[0]?.timestamp);
    expect(keyframe).toHaveLength(84);
    expect((keyframe.at(-1)?.atMs ?? 0) - beganMs).toBeGreaterThan(1_500);
    expect(sent).toHaveLength(84);
    expect(camera.keyframesAsked).toBeGreaterThan(0);

    sent.length = 0;
    const againMs = nowMs();
    show(3_000, true);
    await playSeconds(2, () => show(PACKET_BYTES));
    expect(sent).toHaveLength(3 + 50);
    expect(Math.max(...sent.map(({ atMs }) => atMs)) - againMs).toBeLessThanOrEqual(2_000);
    for (const [index, { seq }] of sent.entries())
      expect(seqDiff(seq, sent[0]?.seq ?? 0)).toBe(index);
  });

  test('is asked for when there is room for it, not while it is not', async () => {
    const { path, camera, show } = aPath(256_000);
    show(100_000, true);
    await playSeconds(1, () => show(PACKET_BYTES));
    expect(camera.keyframesAsked).toBe(0);
    await playSeconds(1, () => show(PACKET_BYTES));
    expect(camera.keyframesAsked).toBe(1);
    path.clear();
  });
});

test('a stream encoded for less than the cap is spread for what it is', async () => {
  const { path, sent, show } = aPath(4_000_000);
  path.encodedFor(256_000, nowMs());
  show(20 * PACKET_BYTES);
  await vi.advanceTimersByTimeAsync(100);
  expect(sent.length).toBeLessThan(12);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(sent).toHaveLength(20);
});

test('a packet of H.263 that looks like an aggregate of H.264 goes as it is', () => {
  const { path, sent } = aPath(1_000_000, undefined, 'h263');
  const modeB = Buffer.from('98623028000000000123456789abcdef', 'hex'); // RFC 2190 §5.2, SBIT 3
  path.out.forward('a', { ...aPacket({ seq: 1, payload: modeB }), epoch: 1 }, nowMs());
  expect(sent.map(({ payload }) => payload)).toEqual([modeB]);
});
