import { beforeEach, expect, test } from 'vitest';
import type { EndpointId, SiteId } from '../../../src/domain/ids.ts';
import { findByAddress } from '../../../src/sites/fixed-addresses.ts';
import { MemoryStore } from '../../fakes/memory-store.ts';

let store: MemoryStore;

beforeEach(async () => {
  store = new MemoryStore();
  const endpoint = (user: string, ...fixedAddresses: string[]) => ({
    id: user as EndpointId,
    siteId: 's' as SiteId,
    sipUsername: user,
    ha1: { md5: '', sha256: undefined },
    fixedAddresses,
  });
  const endpoints = [
    endpoint('one', '10.1.2.3'),
    endpoint('hall-a', '10.9.0.0/16', '2001:db8:9::/48'),
    endpoint('hall-b', '10.9.0.0/16'),
    endpoint('nowhere'),
  ];
  await store.insertSite({ id: 's' as SiteId, name: 'Xã', endpoints });
});

test.each([
  ['an address of one endpoint', '10.1.2.3', undefined, 'one'],
  ['an address of one endpoint, whatever it calls itself', '10.1.2.3', 'admin', 'one'],
  ['an IPv6 network', '2001:db8:9::1', undefined, 'hall-a'],
  ['a network of two, by name', '10.9.4.4', 'hall-b', 'hall-b'],
  ['a network of two, without a name', '10.9.4.4', 'admin', undefined],
  ['a stranger', '10.2.2.3', 'one', undefined],
  ['no address at all', 'example', 'one', undefined],
])('%s', async (_, host, claimed, expected) => {
  const found = await findByAddress(store, host, claimed);
  expect(found?.endpoint.sipUsername).toBe(expected);
});
