import { expect, it } from 'vitest';
import { endWords } from '../../../src/contract/call-ends.ts';
import type { EndReason } from '../../../src/domain/call.ts';
import { type GatewayErrorCode, OUTCOMES } from '../../../src/domain/errors.ts';

const OTHER_ENDS: Record<Exclude<EndReason, GatewayErrorCode>, true> = {
  'peer-hangup': true,
  'room-hangup': true,
  cancelled: true,
  operator: true,
  shutdown: true,
  crash: true,
};

it.each([...Object.keys(OUTCOMES), ...Object.keys(OTHER_ENDS)])(
  '%s is said in words of its own, in both languages',
  code => {
    const { vi, en } = endWords(code);
    expect(vi).toMatch(/^\p{Lu}.*\.$/u);
    expect(en).toMatch(/^\p{Lu}.*\.$/u);
    expect(en).not.toBe(endWords('unheard-of').en);
  },
);

it('says of what it does not know what to look at', () => {
  expect(endWords('unheard-of').en).toContain('system health');
});
