import { expect, test } from 'vitest';
import { difference } from '../../../src/store/audit.ts';

test('a change is told by the fields that differ, and by no others', () => {
  const before = { name: 'Xã Phú Mỹ', number: '101', endpoints: [{ id: 'a' }] };
  const after = { name: 'Xã Phú Mỹ', number: '102', endpoints: [{ id: 'a' }], notes: 'mới' };
  expect(difference(before, after)).toEqual({
    before: { number: '101', notes: undefined },
    after: { number: '102', notes: 'mới' },
  });
});
