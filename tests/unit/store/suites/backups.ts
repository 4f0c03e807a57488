import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import pino from 'pino';
import { expect, it } from 'vitest';
import type { ConferenceId, SiteGroupId, SiteId } from '../../../../src/domain/ids.ts';
import { backUp, restore } from '../../../../src/store/backup/index.ts';
import { openStore, type Store } from '../../../../src/store/index.ts';
import type { Databases } from '../../../support/postgres/both.ts';
import { LAN } from '../../../support/principals.ts';

const log = pino({ level: 'silent' });

export function backups(databases: Databases): void {
  const fill = async (store: Store) => {
    await store.insertGroup({ id: 'g1' as SiteGroupId, name: 'Cụm 1' }, LAN);
    const sites = Array.from({ length: 30 }, (_, i) => ({
      id: `s${i}` as SiteId,
      name: `Xã “${i}”\n'; --`,
      groupId: 'g1' as SiteGroupId,
      endpoints: [],
    }));
    await store.insertSites(sites, LAN);
    const names = { name: 'Giao ban', number: '1001', alias: 'giao-ban' };
    const members = [{ siteId: 's3' as SiteId, role: 'hq', dial: 'out' } as const];
    const id = 'c1' as ConferenceId;
    await store.insertConferences([{ id, ...names, members, layout: 'auto' }], LAN);
  };
  const everything = async (store: Store) => ({
    sites: await store.listSites(),
    groups: await store.listGroups(),
    conferences: await store.listConferences(),
    audit: await store.listAudit({ sort: '-atMs', limit: 500, offset: 0 }),
  });

  it('hold one moment of what others go on writing, and bring all of it back', async () => {
    const file = await databases.empty();
    const folder = databases.folder();
    const backup = join(folder, 'backup.jsonl');
    const store = await openStore({ file, log });
    await fill(store);
    let isOver = false;
    const writer = (async () => {
      for (let i = 0; !isOver; i += 1) {
        await store.insertSites([{ id: `w${i}` as SiteId, name: `W ${i}`, endpoints: [] }], LAN);
        await setImmediate(); // SQLite answers within the same turn
      }
    })();
    await backUp({ file, log }, backup);
    isOver = true;
    await writer;
    expect(statSync(backup).mode & 0o777).toBe(0o600);

    const other = await databases.empty();
    await restore({ file: other, log }, backup);
    const copy = await openStore({ file: other, log });
    const [before, after] = [await everything(store), await everything(copy)];
    // Each site of the writer is there with its row in the audit log, or neither is.
    const written = after.sites.filter(({ id }) => id.startsWith('w')).length;
    expect(after.audit.total).toBe(32 + written);
    const own = <T extends { id: string }>(rows: readonly T[]) =>
      rows.filter(({ id }) => !id.startsWith('w'));
    expect(own(after.sites)).toEqual(own(before.sites));
    expect(after.groups).toEqual(before.groups);
    expect(after.conferences).toEqual(before.conferences);
    await store.close();
    await copy.close();
  });

  it('take the place of what is there, and what came later is gone', async () => {
    const file = await databases.empty();
    const backup = join(databases.folder(), 'backup.jsonl');
    const first = await openStore({ file, log });
    await fill(first);
    const before = await everything(first);
    await backUp({ file, log }, backup);
    await first.deleteSite('s3' as SiteId, LAN);
    await first.insertSites([{ id: 'late' as SiteId, name: 'Late', endpoints: [] }], LAN);
    await first.close();
    await restore({ file, log }, backup);
    const second = await openStore({ file, log });
    expect(await everything(second)).toEqual(before);
    // What stands in the audit log can still not be changed.
    await second.insertSites([{ id: 'new' as SiteId, name: 'New', endpoints: [] }], LAN);
    await second.close();
  });

  it.each([
    [
      'a newer program wrote',
      (text: string) => text.replace('"020-answers"', '"999-later"'),
      /newer/,
    ],
    ['is cut off', (text: string) => text.slice(0, -40), /not whole/],
    ['lacks a row', (text: string) => text.split('\n').toSpliced(3, 1).join('\n'), /not whole/],
    ['is something else', () => 'PK\u0003\u0004', /no backup/],
    ['is empty', () => '', /no backup/],
  ])('that %s are refused, and all stays as it was', async (_, spoil, reason) => {
    const file = await databases.empty();
    const backup = join(databases.folder(), 'backup.jsonl');
    const store = await openStore({ file, log });
    await fill(store);
    await backUp({ file, log }, backup);
    writeFileSync(backup, spoil(readFileSync(backup, 'utf8')));
    const before = await everything(store);
    await expect(restore({ file, log }, backup)).rejects.toThrow(reason);
    expect(await everything(store)).toEqual(before);
    await store.close();
  });
}
