import { describe, expect, test } from 'vitest';
import { readPacketTimes, SilenceGauge } from '../../../src/media/packet-times.ts';

const TYPES = ['audio', 'video'];
const FLAGS = [['RTP', 'filled'], ['RTCP']];

/** A reply as rtpengine 10.5 gives it, with the last packets of sound and picture, RTP and RTCP. */
function reply(tags: Record<string, number[][]>) {
  const entries = Object.entries(tags).map(([tag, medias]) => {
    const told = medias.map((streams, medium) => ({
      type: TYPES[medium],
      streams: streams.map((at, which) => ({ 'last packet': at, flags: FLAGS[which] })),
    }));
    return [tag, { medias: told }];
  });
  return { result: 'ok', created: 1000, tags: Object.fromEntries(entries) };
}

describe('times of packets', () => {
  test('are the latest of all streams of the endpoint, RTP and RTCP', () => {
    const tags = {
      endpoint: [
        [1000, 1003],
        [1001, 1007],
      ],
      inside: [[1050], [1060]],
    };
    expect(readPacketTimes(reply(tags), 'endpoint')).toEqual({
      createdSec: 1000,
      lastPacketSec: 1007,
      lastAudioSec: 1000,
    });
  });

  test('of an endpoint without sound say that none ever came', () => {
    const picture = { type: 'video', streams: [{ 'last packet': 1009, flags: ['RTP'] }] };
    const query = { ...reply({}), tags: { endpoint: { medias: [picture] } } };
    expect(readPacketTimes(query, 'endpoint')).toMatchObject({ lastAudioSec: 1000 });
  });

  test.each([
    ['an unknown call', { result: 'error', 'error-reason': 'Unknown call-id' }],
    ['a reply without the endpoint', reply({ inside: [[1001]] })],
    ['an endpoint without streams', reply({ endpoint: [] })],
    ['no reply at all', undefined],
  ])('there are none in %s', (_, query) => {
    expect(readPacketTimes(query, 'endpoint')).toBeUndefined();
  });
});

describe('silence', () => {
  const at = (lastPacketSec: number, lastAudioSec = lastPacketSec) => ({
    createdSec: 1000,
    lastPacketSec,
    lastAudioSec,
  });
  const anyMs = (gauge: SilenceGauge, ...[times, nowMs]: Parameters<SilenceGauge['silence']>) =>
    gauge.silence(times, nowMs).anyMs;

  test('of one that never sent counts from the offer', () => {
    const gauge = new SilenceGauge(50_000);
    expect(anyMs(gauge, at(1000), 53_000)).toBe(3_000);
    expect(anyMs(gauge, at(1000), 58_000)).toBe(8_000);
  });

  test('ends when the time of the last packet moves, and grows while it stands', () => {
    const gauge = new SilenceGauge(50_000);
    expect(anyMs(gauge, at(1004), 55_000)).toBe(0);
    expect(anyMs(gauge, at(1009), 60_000)).toBe(0);
    expect(anyMs(gauge, at(1009), 65_000)).toBe(5_000);
    expect(anyMs(gauge, at(1009), 70_000)).toBe(10_000);
    expect(anyMs(gauge, at(1019), 71_000)).toBe(0);
  });

  test('does not care how far rtpengine’s clock is from ours', () => {
    const gauge = new SilenceGauge(50_000);
    const hourAhead = { createdSec: 4600, lastPacketSec: 4600, lastAudioSec: 4600 };
    expect(gauge.silence(hourAhead, 52_000)).toEqual({ anyMs: 2_000, audioMs: 2_000 });
  });

  test('of the sound goes on while there is a picture, and ends by itself', () => {
    const gauge = new SilenceGauge(50_000);
    expect(gauge.silence(at(1004, 1004), 55_000)).toEqual({ anyMs: 0, audioMs: 0 });
    expect(gauge.silence(at(1006, 1004), 57_000)).toEqual({ anyMs: 0, audioMs: 2_000 });
    expect(gauge.silence(at(1008, 1004), 59_000)).toEqual({ anyMs: 0, audioMs: 4_000 });
    expect(gauge.silence(at(1010, 1010), 61_000)).toEqual({ anyMs: 0, audioMs: 0 });
  });
});
