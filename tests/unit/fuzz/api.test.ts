import { expect, it } from 'vitest';
import { fuzzApi } from '../../fuzz/api.ts';

/** A thousand of what `npm run fuzz -- api` does; a busy machine takes its time. */
it('random requests are answered, refused, and never fail by our fault', {
  timeout: 120_000,
}, async () => {
  const { failure, statuses } = await fuzzApi({ runs: 1000, seed: 5 });
  expect(failure).toBeUndefined();
  expect(Object.keys(statuses)).toEqual(expect.arrayContaining(['200', '400', '401', '404']));
});
