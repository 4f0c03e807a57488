/**
 * The store: sites, endpoints, where these are registered, and conferences in
 * SQLite, by way of Kysely. Implements the core's store ports; knows no rules of
 * its own but uniqueness. Start reading at `schema.ts` and `migrations/`.
 */
import { join } from 'node:path';
import { type Dialect, Kysely, Migrator } from 'kysely';
import type { Logger } from 'pino';
import type { CallStore } from '../calls/call-archive.ts';
import type { ConferenceAdminStore, OrderStore, PassStore } from '../conferences/ports.ts';
import type { Settings } from '../config/index.ts';
import type { MeetingHistory, MeetingStore } from '../meetings/ports.ts';
import type { PeopleStore } from '../people/ports.ts';
import type { RecordStore } from '../records/ports.ts';
import type { BindingStore, EndpointEventStore, SiteAdminStore } from '../sites/ports.ts';
import { TypedEmitter } from '../util/typed-emitter.ts';
import type { WebhookStore } from '../webhooks/ports.ts';
import { answerStore, type GivenAnswerStore } from './answers.ts';
import { auditStore } from './audit-log.ts';
import { bindingStore } from './bindings.ts';
import { callStore } from './calls.ts';
import { type CommittedChange, tellingChanges } from './committed-changes.ts';
import { conferenceStore } from './conferences.ts';
import { endpointEventStore } from './endpoint-events.ts';
import { type DatabaseFacts, databaseFacts } from './facts.ts';
import { meetingStore } from './meetings.ts';
import { migrationProvider } from './migrations/index.ts';
import { passStore } from './passes.ts';
import { postgresDialect } from './postgres.ts';
import { recordStore } from './records.ts';
import type { Tables } from './schema.ts';
import { sessionStore } from './sessions.ts';
import { siteStore } from './sites.ts';
import { orderStore } from './speaking-orders.ts';
import { sqliteDialect } from './sqlite.ts';
import { tokenStore } from './tokens.ts';
import { userStore } from './users.ts';
import { webhookStore } from './webhooks.ts';

export type Store = SiteAdminStore &
  ConferenceAdminStore &
  PassStore &
  OrderStore &
  BindingStore &
  EndpointEventStore &
  CallStore &
  PeopleStore &
  MeetingStore &
  MeetingHistory &
  RecordStore &
  GivenAnswerStore &
  WebhookStore & {
    facts(): Promise<DatabaseFacts>;
    /** Told of each change that went into the audit log, once it is committed; returns its own undo. */
    onStored(listener: (change: CommittedChange) => void): () => void;
    close(): Promise<void>;
  };

export interface StoreOptions {
  /** Path of the SQLite file, `:memory:`, or a URL that begins with `postgresql:`. */
  readonly file: string;
  readonly log: Logger;
}

/**
 * Opens the database and brings it to the newest form.
 *
 * @throws Error when it cannot be opened or a migration fails; nothing is half done
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const events = new TypedEmitter<{ stored: CommittedChange }>((_, err) =>
    options.log.error({ err }, 'listener failed'),
  );
  const dialect = tellingChanges(dialectOf(options), changes => {
    for (const change of changes) events.emit('stored', change);
  });
  const db = new Kysely<Tables>({ dialect });
  try {
    await migrate(db, options.log);
  } catch (err) {
    await db.destroy();
    throw err;
  }
  return {
    ...siteStore(db),
    ...conferenceStore(db),
    ...passStore(db),
    ...orderStore(db),
    ...bindingStore(db),
    ...endpointEventStore(db),
    ...userStore(db),
    ...sessionStore(db),
    ...tokenStore(db),
    ...auditStore(db),
    ...answerStore(db),
    ...meetingStore(db),
    ...recordStore(db),
    ...callStore(db),
    ...webhookStore(db),
    facts: databaseFacts(db),
    onStored: listener => events.on('stored', listener),
    close: () => db.destroy(),
  };
}

/** Where the database is: at the URL of the settings, else a file in the data folder. */
export function databaseOf(settings: Pick<Settings, 'dataDir' | 'databaseUrl'>): string {
  return settings.databaseUrl ?? join(settings.dataDir, 'diemcau.sqlite');
}

/** Opens nothing yet. @throws Error when a file cannot be opened */
export function dialectOf({ file, log }: StoreOptions): Dialect {
  return /^postgres(ql)?:/.test(file) ? postgresDialect(file, log) : sqliteDialect(file);
}

async function migrate(db: Kysely<Tables>, log: Logger): Promise<void> {
  const migrator = new Migrator({ db, provider: migrationProvider });
  const { error, results } = await migrator.migrateToLatest();
  for (const { migrationName, status } of results ?? [])
    log.info({ migrationName, status }, 'migration');
  if (error) throw new Error('the database could not be brought up to date', { cause: error });
}
