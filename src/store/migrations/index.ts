import type { Migration, MigrationProvider } from 'kysely';
import * as sitesAndConferences from './001-sites-and-conferences.ts';

/** All migrations, forward only; names sort in the order they run and never change. */
const MIGRATIONS: Record<string, Migration> = {
  '001-sites-and-conferences': sitesAndConferences,
};

export const migrationProvider: MigrationProvider = {
  getMigrations: async () => MIGRATIONS,
};
