import { expect, it } from 'vitest';
import { endWords } from '../../../src/contract/call-ends.ts';
import { OUTCOMES } from '../../../src/domain/errors.ts';

const OTHER_ENDS = ['peer-hangup', 'room-hangup', 'cancelled', 'operator', 'shutdown'];

it.each([...Object.keys(OUTCOMES), ...OTHER_ENDS])(
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
