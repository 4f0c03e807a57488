import { expect, it } from 'vitest';
import { verdictWords } from '../../../src/contract/verdict-words.ts';
import type { EndReason } from '../../../src/domain/call.ts';
import { type GatewayErrorCode, OUTCOMES } from '../../../src/domain/errors.ts';

const NORMAL_ENDS: Record<Exclude<EndReason, GatewayErrorCode>, true> = {
  'peer-hangup': true,
  'room-hangup': true,
  cancelled: true,
  operator: true,
  shutdown: true,
  crash: true,
};

it.each([...Object.keys(NORMAL_ENDS), ...Object.keys(OUTCOMES)])(
  'a call that ended by %s is told in words of its own, in both languages',
  reason => {
    const { vi, en } = verdictWords(reason);
    expect([vi, en]).not.toEqual(Object.values(verdictWords('no such reason')));
    expect(vi).not.toBe(en);
    for (const text of [vi, en]) expect(text).toMatch(/^\S.*\.$/);
  },
);
