import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import { openStore, type Store } from '../../../src/store/index.ts';
import { PostgresCluster } from './cluster.ts';

const log = pino({ level: 'silent' });
const CLUSTER_TIMEOUT_MS = 120_000;

/** Makes databases for one test; they are gone after it. */
export interface Databases {
  /** A new store with nothing in it. */
  store(): Promise<Store>;
  /** Where a new database is in which nothing has run yet. */
  empty(): Promise<string>;
  /** A folder for files. */
  folder(): string;
}

type Makers = Omit<Databases, 'folder'>;

/** The same tests on SQLite and on PostgreSQL. */
export function onBothDatabases(name: string, tests: (databases: Databases) => void): void {
  describe(`${name}, on SQLite`, () => {
    let files = 0;
    const tidy = tidying(folder => ({
      empty: async () => {
        files += 1;
        return join(folder(), `${files}.sqlite`);
      },
      store: () => openStore({ file: ':memory:', log }),
    }));
    tests(tidy);
  });
  describe(`${name}, on PostgreSQL`, () => {
    let cluster: PostgresCluster;
    beforeAll(async () => {
      cluster = await PostgresCluster.start();
      const first = await openStore({ file: await cluster.createDatabase(), log });
      await first.close();
    }, CLUSTER_TIMEOUT_MS);
    afterAll(() => cluster?.stop(), CLUSTER_TIMEOUT_MS);
    tests(
      tidying(() => ({
        empty: () => cluster.createDatabase(),
        // A copy of the first one, in which all migrations have run.
        store: async () => openStore({ file: await cluster.createDatabase('test_1'), log }),
      })),
    );
  });
}

/** Closes and removes after each test what it was given. */
function tidying(make: (folder: () => string) => Makers): Databases {
  let opened: Store[] = [];
  let folders: string[] = [];
  const folder = () => {
    const made = mkdtempSync(join(tmpdir(), 'diemcau-store-'));
    folders.push(made);
    return made;
  };
  const makers = make(folder);
  afterEach(async () => {
    for (const store of opened) await store.close();
    for (const made of folders) rmSync(made, { recursive: true });
    [opened, folders] = [[], []];
  });
  return {
    folder,
    empty: () => makers.empty(),
    store: async () => {
      const store = await makers.store();
      opened.push(store);
      return store;
    },
  };
}
