import { describe, expect, test } from 'vitest';
import { KeyframeRequester } from '../../../src/stage/scene/keyframe-requester.ts';

function aRequester(
  options: { minIntervalMs?: number; burst?: boolean; canSend?: () => boolean } = {},
) {
  const sentMs: number[] = [];
  let nowMs = 0;
  const requester = new KeyframeRequester({
    minIntervalMs: () => options.minIntervalMs ?? 500,
    burstAllowed: () => options.burst ?? true,
    send: () => {
      if (options.canSend && !options.canSend()) return false;
      sentMs.push(nowMs);
      return true;
    },
  });
  /** Ticks every 20 ms, as the stage does. */
  const until = (endMs: number) => {
    for (; nowMs < endMs; nowMs += 20) requester.tick(nowMs);
  };
  const request = () => requester.request(nowMs);
  return { requester, sentMs, until, request };
}

describe('requests for a key frame', () => {
  test('close together become one at once and one later', () => {
    const { requester, sentMs, until, request } = aRequester();
    request();
    until(100);
    request();
    request();
    until(500);
    expect(sentMs).toEqual([0]);
    until(520);
    expect(sentMs).toEqual([0, 500]);
    requester.satisfied();
    until(5_000);
    expect(sentMs).toEqual([0, 500]);
  });

  test('are repeated until a key frame comes, but not for ever', () => {
    const { sentMs, until, request } = aRequester();
    request();
    until(60_000);
    expect(sentMs.slice(0, 3)).toEqual([0, 500, 1_000]);
    expect(sentMs).toHaveLength(30);
  });

  test('do not begin to be counted anew by who keeps asking', () => {
    const { sentMs, until, request } = aRequester();
    for (let second = 0; second < 14; second += 1) {
      request();
      until(second * 1_000);
    }
    until(60_000);
    expect(sentMs).toHaveLength(30);
  });

  test('stop when a key frame comes', () => {
    const { requester, sentMs, until, request } = aRequester();
    request();
    until(900);
    requester.satisfied();
    until(60_000);
    expect(sentMs).toEqual([0, 500]);
  });

  test('wait until they can be sent', () => {
    let canSend = false;
    const { sentMs, until, request } = aRequester({ canSend: () => canSend });
    request();
    until(5_000);
    canSend = true;
    until(5_040);
    expect(sentMs).toEqual([5_000]);
  });

  test('follow each other sooner when they are answered, for a few', () => {
    const { requester, sentMs, until, request } = aRequester();
    for (let i = 0; i < 100; i++) {
      request();
      requester.satisfied();
      until((i + 1) * 20);
    }
    expect(sentMs.slice(0, 3)).toEqual([0, 100, 200]);
    const inOneSecond = sentMs.filter(sentAtMs => sentAtMs >= 1_000).length;
    expect(inOneSecond).toBe(2);
  });

  test('are not hurried when none is answered', () => {
    const { sentMs, until, request } = aRequester();
    for (let i = 0; i < 20; i++) {
      request();
      until((i + 1) * 50);
    }
    expect(sentMs).toEqual([0, 500]);
  });

  test('keep a longer distance where one is a whole SIP transaction', () => {
    const { requester, sentMs, until, request } = aRequester({
      minIntervalMs: 1_000,
      burst: false,
    });
    for (let i = 0; i < 10; i++) {
      request();
      requester.satisfied();
      request();
      until((i + 1) * 300);
    }
    expect(sentMs).toEqual([0, 1_000, 2_000]);
  });
});
