import { expect, it } from 'vitest';
import { Nonces } from '../../../src/sip/nonces.ts';

it('remembers a bounded number of nonces, and believes none that it forgot', () => {
  let nowMs = 1_000;
  const nonces = new Nonces(() => nowMs, 100);
  const first = nonces.create();
  expect(nonces.use(first, 1)).toBe('fresh');
  nowMs += 1;
  for (let i = 0; i < 100; i++) nonces.use(nonces.create(), 1);
  expect(nonces.use(first, 2)).toBe('stale');
  expect(nonces.use(nonces.create(), 1)).toBe('fresh');
});
