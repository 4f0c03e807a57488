import { beforeEach, describe, expect, it } from 'vitest';
import { PictureQuality } from '../../../src/conferences/picture-quality.ts';
import type { StreamQuality } from '../../../src/contract/stage.ts';
import type { ParticipantId } from '../../../src/domain/ids.ts';

const [AN, BA] = ['an', 'ba'] as [ParticipantId, ParticipantId];

const stream = (participantId: string, change: Partial<StreamQuality> = {}): StreamQuality => ({
  participantId,
  content: false,
  packetsReceived: 100,
  lossRatio: 0,
  jitterMs: 4,
  bitrateBps: 500_000,
  decoded: false,
  ...change,
});

describe('the quality of cameras', () => {
  let quality: PictureQuality;
  let atMs: number;

  beforeEach(() => {
    quality = new PictureQuality();
    atMs = 1_000_000;
  });

  function second(...streams: StreamQuality[]): void {
    atMs += 1000;
    quality.heard(streams, atMs);
  }

  it('the last second is known, and the minute before it', () => {
    for (let n = 1; n <= 100; n++) second(stream(AN, { packetsReceived: n }));
    expect(quality.latest(AN)?.packetsReceived).toBe(100);
    const kept = quality.history(AN).map(sample => sample.stream.packetsReceived);
    expect([kept.length, kept[0], kept.at(-1)]).toEqual([60, 41, 100]);
    expect(quality.history(AN).at(-1)?.atMs).toBe(atMs);
  });

  it('a camera that stops is not known any more, its minute is, for a minute', () => {
    second(stream(AN), stream(BA));
    second(stream(BA));
    expect([quality.latest(AN), quality.latest(BA)]).toEqual([undefined, stream(BA)]);
    expect(quality.history(AN)).toHaveLength(1);
    for (let n = 0; n < 60; n++) second(stream(BA));
    expect(quality.history(AN)).toEqual([]);
  });

  it('a lossy line is poor after 3 s, until its camera stops or it is forgotten', () => {
    const lossy = () => second(stream(AN, { lossRatio: 0.2 }), stream(BA));
    for (let n = 0; n < 2; n++) lossy();
    expect(quality.isPoorLine(AN)).toBe(false);
    lossy();
    expect([quality.isPoorLine(AN), quality.isPoorLine(BA)]).toEqual([true, false]);
    second(stream(BA));
    expect(quality.isPoorLine(AN)).toBe(false);
    for (let n = 0; n < 3; n++) lossy();
    quality.forget(AN);
    expect([quality.isPoorLine(AN), quality.latest(AN)]).toEqual([false, undefined]);
  });

  it('slides do not count as the camera', () => {
    second(stream(AN, { bitrateBps: 1 }), stream(AN, { content: true, lossRatio: 1 }));
    expect(quality.latest(AN)).toMatchObject({ content: false, bitrateBps: 1 });
    expect(quality.history(AN)).toHaveLength(1);
  });

  it('after the loss of the stage nothing is known', () => {
    for (let n = 0; n < 3; n++) second(stream(AN, { lossRatio: 0.2 }));
    quality.clear();
    expect([quality.latest(AN), quality.history(AN)]).toEqual([undefined, []]);
    expect(quality.isPoorLine(AN)).toBe(false);
  });
});
