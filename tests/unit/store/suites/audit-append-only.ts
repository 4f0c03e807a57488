import { Kysely, sql } from 'kysely';
import pino from 'pino';
import { expect, it } from 'vitest';
import { SYSTEM } from '../../../../src/domain/actor.ts';
import { isPostgres } from '../../../../src/store/dialect.ts';
import { dialectOf, openStore } from '../../../../src/store/index.ts';
import type { Databases } from '../../../support/postgres/both.ts';

const log = pino({ level: 'silent' });
const CHANGES = [
  "update audit set action = 'signed-in'",
  "update audit set search = '' where 1 = 1",
  'delete from audit',
];
const OF_SQLITE = ['insert or replace into audit select * from audit'];
const OF_POSTGRES = ['truncate audit', 'truncate audit cascade'];

export function auditAppendOnly(databases: Databases): void {
  it('the database itself refuses to change or delete what is logged', async () => {
    const file = await databases.empty();
    const store = await openStore({ file, log });
    const db = new Kysely<unknown>({ dialect: dialectOf({ file, log }) });
    try {
      await store.note({ by: SYSTEM, action: 'sign-in-refused', entity: 'user' });
      const own = isPostgres(db) ? OF_POSTGRES : OF_SQLITE;
      for (const statement of [...CHANGES, ...own])
        await expect(sql.raw(statement).execute(db)).rejects.toThrow('append-only');
      const { items } = await store.listAudit({ sort: 'atMs', limit: 9, offset: 0 });
      expect(items.map(({ action }) => action)).toEqual(['sign-in-refused']);
    } finally {
      await db.destroy();
      await store.close();
    }
  });
}
