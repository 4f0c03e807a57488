import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pino from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SYSTEM } from '../../../src/domain/actor.ts';
import { openStore, type Store } from '../../../src/store/index.ts';

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'diemcau-audit-'));
  store = await openStore({ file: join(folder, 'a.sqlite'), log: pino({ level: 'silent' }) });
  await store.note({ by: SYSTEM, action: 'sign-in-refused', entity: 'user' });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

it.each([
  "update audit set action = 'signed-in'",
  'delete from audit',
  "update audit set search = '' where 1 = 1",
  'insert or replace into audit select * from audit',
])('SQLite itself refuses “%s”', async statement => {
  const database = new DatabaseSync(join(folder, 'a.sqlite'));
  expect(() => database.exec(statement)).toThrow('append-only');
  database.close();
  const { items } = await store.listAudit({ sort: 'atMs', limit: 9, offset: 0 });
  expect(items.map(({ action }) => action)).toEqual(['sign-in-refused']);
});

it('no code changes or deletes what stands in it', () => {
  const sources = readdirSync('src', { recursive: true, encoding: 'utf8' });
  const found = sources
    .filter(name => name.endsWith('.ts'))
    .filter(name => {
      const text = readFileSync(join('src', name), 'utf8');
      return /(?:updateTable|deleteFrom|replaceInto|mergeInto|dropTable)\(\s*['"]audit['"]/.test(
        text,
      );
    });
  expect(found).toEqual([]);
});
