import { describe, expect, test } from 'vitest';
import { readPacketTimes, SilenceGauge } from '../../../src/media/packet-times.ts';

/** A reply as rtpengine 10.5 gives it, with the last packets of each stream. */
function reply(tags: Record<string, number[][]>) {
  const entries = Object.entries(tags).map(([tag, medias]) => [
    tag,
    { medias: medias.map(streams => ({ streams: streams.map(at => ({ 'last packet': at })) })) },
  ]);
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
    });
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
  const at = (lastPacketSec: number) => ({ createdSec: 1000, lastPacketSec });

  test('of one that never sent counts from the offer', () => {
    const gauge = new SilenceGauge(50_000);
    expect(gauge.silentMs(at(1000), 53_000)).toBe(3_000);
    expect(gauge.silentMs(at(1000), 58_000)).toBe(8_000);
  });

  test('ends when the time of the last packet moves, and grows while it stands', () => {
    const gauge = new SilenceGauge(50_000);
    expect(gauge.silentMs(at(1004), 55_000)).toBe(0);
    expect(gauge.silentMs(at(1009), 60_000)).toBe(0);
    expect(gauge.silentMs(at(1009), 65_000)).toBe(5_000);
    expect(gauge.silentMs(at(1009), 70_000)).toBe(10_000);
    expect(gauge.silentMs(at(1019), 71_000)).toBe(0);
  });

  test('does not care how far rtpengine’s clock is from ours', () => {
    const gauge = new SilenceGauge(50_000);
    const hourAhead = { createdSec: 4600, lastPacketSec: 4600 };
    expect(gauge.silentMs(hourAhead, 52_000)).toBe(2_000);
  });
});
