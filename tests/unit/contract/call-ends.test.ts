import { expect, it } from 'vitest';
import { CALL_ENDS, endWords } from '../../../src/contract/call-ends.ts';
import { OUTCOMES } from '../../../src/domain/errors.ts';

const OTHER_ENDS = ['peer-hangup', 'room-hangup', 'cancelled', 'operator', 'shutdown'];

it('has words only for ends that exist', () => {
  const known = [...Object.keys(OUTCOMES), ...OTHER_ENDS];
  expect(Object.keys(CALL_ENDS).filter(code => !known.includes(code))).toEqual([]);
});

it.each([...Object.keys(OUTCOMES).filter(code => code.startsWith('peer-')), ...OTHER_ENDS])(
  '%s is said in words of its own, in both languages',
  code => {
    expect(CALL_ENDS[code]?.vi).toMatch(/^\p{Lu}.*\.$/u);
    expect(CALL_ENDS[code]?.en).toMatch(/^\p{Lu}.*\.$/u);
  },
);

it('says of our own faults what to look at', () => {
  expect(endWords('stage-down').en).toContain('system health');
});
