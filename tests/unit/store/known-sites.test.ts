import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SYSTEM } from '../../../src/domain/actor.ts';
import type { EndpointId, SiteGroupId, SiteId } from '../../../src/domain/ids.ts';
import { openStore, type Store } from '../../../src/store/index.ts';
import { SILENT } from '../api/support.ts';

const GROUP = 'g1' as SiteGroupId;
const id = 's1' as SiteId;

let folder: string;
/** Two programs on one database; the second knows nothing of what the first does. */
let one: Store;
let other: Store;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'diemcau-known-'));
  const file = join(folder, 'diemcau.sqlite');
  one = await openStore({ file, log: SILENT });
  other = await openStore({ file, log: SILENT });
  await one.insertGroup({ id: GROUP, name: 'Huyện' }, SYSTEM);
  const site = { id, name: 'Xã A', groupId: GROUP, endpoints: [] };
  await one.insertSites([site], SYSTEM);
});
afterEach(async () => {
  await one.close();
  await other.close();
  rmSync(folder, { recursive: true });
});

const list = async () => (await other.findSites({ sort: 'name' })).items;

it('a list has what another program changed since the last one', async () => {
  expect(await list()).toMatchObject([{ name: 'Xã A', version: 1, endpoints: [] }]);
  const endpoint = { id: 'e1' as EndpointId, siteId: id, sipUsername: 'xa', fixedAddresses: [] };
  const change = (site: object) => ({ ...site, name: 'Xã B', endpoints: [endpoint] }) as never;
  await one.updateSite(id, 1, change, SYSTEM);
  expect(await list()).toMatchObject([
    { name: 'Xã B', version: 2, endpoints: [{ sipUsername: 'xa' }] },
  ]);
});

it('a group that was taken away is no longer a site’s', async () => {
  expect(await list()).toMatchObject([{ groupId: GROUP }]);
  await one.deleteGroup(GROUP, SYSTEM);
  expect((await list())[0]).not.toHaveProperty('groupId');
});

it('a site that was deleted is not listed', async () => {
  expect((await list()).length).toBe(1);
  await one.deleteSite(id, SYSTEM);
  expect(await list()).toEqual([]);
});
