import type { Migration, MigrationProvider } from 'kysely';
import * as sitesAndConferences from './001-sites-and-conferences.ts';
import * as admission from './002-admission.ts';
import * as registrations from './003-registrations.ts';
import * as layout from './004-layout.ts';
import * as audit from './005-audit.ts';
import * as adminModel from './006-admin-model.ts';
import * as people from './010-people.ts';
import * as answers from './020-answers.ts';
import * as calls from './021-calls.ts';
import * as webhooks from './030-webhooks.ts';
import * as meetings from './040-meetings.ts';
import * as records from './041-records.ts';
import * as attendance from './042-attendance.ts';
import * as passes from './043-passes.ts';
import * as speakingOrders from './044-speaking-orders.ts';

/** All migrations, forward only; names sort in the order they run and never change. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '001-sites-and-conferences': sitesAndConferences,
  '002-admission': admission,
  '003-registrations': registrations,
  '004-layout': layout,
  '005-audit': audit,
  '006-admin-model': adminModel,
  '010-people': people,
  '020-answers': answers,
  '021-calls': calls,
  '030-webhooks': webhooks,
  '040-meetings': meetings,
  '041-records': records,
  '042-attendance': attendance,
  '043-passes': passes,
  '044-speaking-orders': speakingOrders,
};

export const migrationProvider: MigrationProvider = {
  getMigrations: async () => ({ ...MIGRATIONS }),
};
