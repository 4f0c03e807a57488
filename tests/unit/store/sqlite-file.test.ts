import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kysely, Migrator, sql } from 'kysely';
import pino from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Conference } from '../../../src/domain/conference.ts';
import type { ConferenceId } from '../../../src/domain/ids.ts';
import { openStore } from '../../../src/store/index.ts';
import { migrationProvider } from '../../../src/store/migrations/index.ts';
import type { Tables } from '../../../src/store/schema.ts';
import { sqliteDialect } from '../../../src/store/sqlite.ts';
import { LAN } from '../../support/principals.ts';

const log = pino({ level: 'silent' });
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'diemcau-store-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('the database and its side files are readable by their owner alone', async () => {
  const store = await openStore({ file: join(folder, 'data', 'a.sqlite'), log });
  await store.listSites();
  const modes = readdirSync(join(folder, 'data')).map(
    name => statSync(join(folder, 'data', name)).mode & 0o777,
  );
  expect(modes.length).toBeGreaterThan(1);
  expect(new Set(modes)).toEqual(new Set([0o600]));
  await store.close();
});

it('a file that is no database is refused and left as it was', async () => {
  const file = join(folder, 'a.sqlite');
  writeFileSync(file, 'not a database, but longer than a header of one would be '.repeat(20));
  const { size } = statSync(file);
  await expect(openStore({ file, log })).rejects.toThrow('not a database');
  expect(statSync(file).size).toBe(size);
});

it('conferences from before layouts are shown as auto', async () => {
  const file = join(folder, 'old.sqlite');
  const old = new Kysely<Tables>({ dialect: sqliteDialect(file) });
  const migrator = new Migrator({ db: old, provider: migrationProvider });
  expect((await migrator.migrateTo('003-registrations')).error).toBeUndefined();
  await sql`insert into conference (id, name, number, alias, created_at_ms)
    values ('c1', 'Giao ban', '1001', 'giao-ban', 1)`.execute(old);
  await old.destroy();
  const store = await openStore({ file, log });
  expect(await store.findByNumber('1001')).toMatchObject({
    id: 'c1',
    name: 'Giao ban',
    number: '1001',
    alias: 'giao-ban',
    members: [],
    layout: 'auto',
  });
  await store.close();
});

it('a closed store says so in the core’s words', async () => {
  const store = await openStore({ file: ':memory:', log });
  await store.close();
  await expect(store.listSites()).rejects.toMatchObject({ code: 'store-unavailable' });
});

it('keeps what was stored over a restart, and is brought up to date once', async () => {
  const file = join(folder, 'deep', 'db.sqlite');
  const weekly: Conference = {
    id: 'c1' as ConferenceId,
    name: 'Giao ban tuần',
    number: '1001',
    alias: 'giao-ban',
    members: [],
    layout: 'auto',
  };
  const first = await openStore({ file, log });
  await first.insertConferences([weekly], LAN);
  await first.close();
  const second = await openStore({ file, log });
  expect(await second.findByNumber('1001')).toMatchObject({ alias: 'giao-ban' });
  await second.close();
});
