import { Kysely, Migrator } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SYSTEM } from '../../../src/domain/actor.ts';
import { recordChange } from '../../../src/store/audit.ts';
import { type CommittedChange, tellingChanges } from '../../../src/store/committed-changes.ts';
import { migrationProvider } from '../../../src/store/migrations/index.ts';
import type { Tables } from '../../../src/store/schema.ts';
import { sqliteDialect } from '../../../src/store/sqlite.ts';

let db: Kysely<Tables>;
let told: CommittedChange[];

beforeEach(async () => {
  told = [];
  db = new Kysely<Tables>({
    dialect: tellingChanges(sqliteDialect(':memory:'), changes => told.push(...changes)),
  });
  await new Migrator({ db, provider: migrationProvider }).migrateToLatest();
});
afterEach(() => db.destroy());

const changed = { entity: 'site', entityId: 's1', action: 'changed' };

it('a change is told when its transaction is committed, not before', async () => {
  await db.transaction().execute(async trx => {
    await recordChange(trx, SYSTEM, changed);
    await recordChange(trx, SYSTEM, { entity: 'settings', action: 'changed' });
    expect(told).toEqual([]);
  });
  expect(told).toEqual([
    { entity: 'site', id: 's1', action: 'changed' },
    { entity: 'settings', action: 'changed' },
  ]);
});

it('a change that is taken back is not told, nor with the next one', async () => {
  const failed = db.transaction().execute(async trx => {
    await recordChange(trx, SYSTEM, changed);
    throw new Error('taken back');
  });
  await expect(failed).rejects.toThrow('taken back');
  await recordChange(db, SYSTEM, { ...changed, entityId: 's2' });
  expect(told).toEqual([{ entity: 'site', id: 's2', action: 'changed' }]);
});

it('many rows of one insert are told each', async () => {
  const row = {
    at_ms: 1,
    actor_kind: 'system',
    actor_id: null,
    actor_name: 'x',
    actor_address: null,
    action: 'created',
    entity: 'site',
    before: null,
    after: null,
    search: '',
  };
  const rows = ['a', 'b'].map(id => ({ ...row, id, entity_id: id }));
  await db.insertInto('audit').values(rows).execute();
  expect(told.map(({ id }) => id)).toEqual(['a', 'b']);
});
