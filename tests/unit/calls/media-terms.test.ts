import { expect, it } from 'vitest';
import { termsOf } from '../../../src/calls/media-terms.ts';
import type { EndpointId, SiteId } from '../../../src/domain/ids.ts';
import type { FoundEndpoint } from '../../../src/domain/site.ts';

const USUAL = { maxVideoBitrateBps: 768_000, maxSentBitrateBps: 1_500_000, srtp: 'off' } as const;
const found = (site: Partial<FoundEndpoint['site']>, quirks?: string): FoundEndpoint => ({
  endpoint: {
    id: 'e' as EndpointId,
    siteId: 's' as SiteId,
    sipUsername: 'main',
    fixedAddresses: [],
    ...(quirks !== undefined && { quirks }),
  },
  site: { id: 's' as SiteId, name: 'Xã', ...site },
});

it('a site that says nothing of its own has what is usual', () => {
  expect(termsOf(USUAL, found({}))).toEqual(USUAL);
});

it('a site says whether its calls are encrypted, and its endpoint which device it is', () => {
  const terms = termsOf(USUAL, found({ srtp: 'required' }, 'huawei-refresh-names-label'));
  expect(terms).toMatchObject({ srtp: 'required', quirks: 'huawei-refresh-names-label' });
});

it.each([
  ['a slow line', 1_000_000, 872_000],
  ['a line that hardly carries anything', 128_000, 64_000],
  ['a fast line', 100_000_000, 1_500_000],
])('%s limits what the hall is sent, and leaves room for sound', (_, lineSpeedBps, expected) => {
  expect(termsOf(USUAL, found({ lineSpeedBps })).maxSentBitrateBps).toBe(expected);
});
