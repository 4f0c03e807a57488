/**
 * The store: sites, endpoints, where these are registered, and conferences in
 * SQLite, by way of Kysely. Implements the core's store ports; knows no rules of
 * its own but uniqueness. Start reading at `schema.ts` and `migrations/`.
 */
import { join } from 'node:path';
import { Kysely, Migrator } from 'kysely';
import type { Logger } from 'pino';
import type { CallStore } from '../calls/call-archive.ts';
import type { ConferenceAdminStore } from '../conferences/ports.ts';
import type { MeetingHistory, MeetingStore } from '../meetings/ports.ts';
import type { PeopleStore } from '../people/ports.ts';
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
import type { Tables } from './schema.ts';
import { sessionStore } from './sessions.ts';
import { siteStore } from './sites.ts';
import { sqliteDialect } from './sqlite.ts';
import { tokenStore } from './tokens.ts';
import { userStore } from './users.ts';
import { webhookStore } from './webhooks.ts';

export type Store = SiteAdminStore &
  ConferenceAdminStore &
  BindingStore &
  EndpointEventStore &
  CallStore &
  PeopleStore &
  MeetingStore &
  MeetingHistory &
  GivenAnswerStore &
  WebhookStore & {
    facts(): Promise<DatabaseFacts>;
    /** Told of each change that went into the audit log, once it is committed; returns its own undo. */
    onStored(listener: (change: CommittedChange) => void): () => void;
    close(): Promise<void>;
  };

/**
 * Opens the database and brings it to the newest form.
 *
 * @param options.file path of the SQLite file, or `:memory:`
 * @throws Error when it cannot be opened or a migration fails; nothing is half done
 */
export async function openStore(options: {
  readonly file: string;
  readonly log: Logger;
}): Promise<Store> {
  const events = new TypedEmitter<{ stored: CommittedChange }>((_, err) =>
    options.log.error({ err }, 'listener failed'),
  );
  const dialect = tellingChanges(sqliteDialect(options.file), changes => {
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
    ...bindingStore(db),
    ...endpointEventStore(db),
    ...userStore(db),
    ...sessionStore(db),
    ...tokenStore(db),
    ...auditStore(db),
    ...answerStore(db),
    ...meetingStore(db),
    ...callStore(db),
    ...webhookStore(db),
    facts: databaseFacts(db),
    onStored: listener => events.on('stored', listener),
    close: () => db.destroy(),
  };
}

/** The database's place in the data folder. */
export function databaseFile(dataDir: string): string {
  return join(dataDir, 'diemcau.sqlite');
}

async function migrate(db: Kysely<Tables>, log: Logger): Promise<void> {
  const migrator = new Migrator({ db, provider: migrationProvider });
  const { error, results } = await migrator.migrateToLatest();
  for (const { migrationName, status } of results ?? [])
    log.info({ migrationName, status }, 'migration');
  if (error) throw new Error('the database could not be brought up to date', { cause: error });
}
