import { type Kysely, type Selectable, sql } from 'kysely';
import { searchText } from '../../util/search-text.ts';
import { isPostgres } from '../dialect.ts';

/**
 * What an administrator keeps of sites and conferences, groups, versions against lost updates,
 * and columns to search and sort by. Endpoints need no account any more; a conference's leading
 * site is one of its members.
 */
export async function up(db: Kysely<Old>): Promise<void> {
  await addGroups(db);
  await widenSites(db);
  await rebuildEndpoints(db);
  await widenConferences(db);
  await addMembers(db);
  await fillSearch(db);
}

/** The tables as they are here; later migrations may change them. */
interface Old {
  site: { id: string; name: string; number: string | null; search: string; sort_name: string };
  endpoint: { site_id: string; sip_username: string | null };
  conference: {
    id: string;
    name: string;
    number: string;
    alias: string;
    search: string;
    sort_name: string;
  };
}

async function addGroups(db: Kysely<Old>): Promise<void> {
  await db.schema
    .createTable('site_group')
    .addColumn('id', 'text', c => c.primaryKey())
    .addColumn('name', 'text', c => c.notNull().unique())
    .execute();
}

async function widenSites(db: Kysely<Old>): Promise<void> {
  for (const name of ['district', 'commune', 'contact_name', 'contact_phone', 'notes', 'layout'])
    await db.schema.alterTable('site').addColumn(name, 'text').execute();
  await db.schema.alterTable('site').addColumn('line_speed_bps', 'integer').execute();
  await addCommon(db, 'site');
}

async function widenConferences(db: Kysely<Old>): Promise<void> {
  for (const name of ['chair_pin_hash', 'schedule', 'agenda'])
    await db.schema.alterTable('conference').addColumn(name, 'text').execute();
  for (const name of ['mute_on_entry', 'recording_wished'])
    await db.schema
      .alterTable('conference')
      .addColumn(name, 'integer', c => c.notNull().defaultTo(0))
      .execute();
  await addCommon(db, 'conference');
}

async function addCommon(db: Kysely<Old>, table: 'site' | 'conference'): Promise<void> {
  await db.schema
    .alterTable(table)
    .addColumn('group_id', 'text', c => c.references('site_group.id').onDelete('set null'))
    .execute();
  await db.schema
    .alterTable(table)
    .addColumn('version', 'integer', c => c.notNull().defaultTo(1))
    .execute();
  for (const name of ['changed_at_ms'])
    await db.schema
      .alterTable(table)
      .addColumn(name, 'bigint', c => c.notNull().defaultTo(0))
      .execute();
  // By bytes in both databases, so that lists have the same order.
  const text = isPostgres(db) ? sql`text collate "C"` : ('text' as const);
  for (const name of ['search', 'sort_name'])
    await db.schema
      .alterTable(table)
      .addColumn(name, text, c => c.notNull().defaultTo(''))
      .execute();
  await db.schema.createIndex(`${table}_sort`).on(table).column('sort_name').execute();
  await sql`update ${sql.table(table)} set changed_at_ms = created_at_ms`.execute(db);
}

/** SQLite cannot take NOT NULL away: endpoints, and what refers to them, are copied. */
async function rebuildEndpoints(db: Kysely<Old>): Promise<void> {
  await sql`create temporary table old_binding as select * from binding`.execute(db);
  await sql`create temporary table old_event as select * from endpoint_event`.execute(db);
  await sql`create temporary table old_endpoint as select * from endpoint`.execute(db);
  for (const table of ['binding', 'endpoint_event', 'endpoint'])
    await db.schema.dropTable(table).execute();
  await db.schema
    .createTable('endpoint')
    .addColumn('id', 'text', c => c.primaryKey())
    .addColumn('site_id', 'text', c => c.notNull().references('site.id').onDelete('cascade'))
    .addColumn('sip_username', 'text', c => c.unique())
    .addColumn('ha1', 'text')
    .addColumn('ha1_sha256', 'text')
    .addColumn('fixed_addresses', 'text', c => c.notNull().defaultTo('[]'))
    .addColumn('dial_address', 'text')
    .addColumn('dial_transport', 'text')
    .addColumn('vendor', 'text')
    .addColumn('model', 'text')
    .addColumn('quirks', 'text')
    .addColumn('is_backup', 'integer', c => c.notNull().defaultTo(0))
    .addColumn('position', 'integer', c => c.notNull())
    .execute();
  await db.schema.createIndex('endpoint_site').on('endpoint').column('site_id').execute();
  await db.schema
    .createTable('binding')
    .addColumn('sip_username', 'text', c =>
      c.notNull().references('endpoint.sip_username').onDelete('cascade'),
    )
    .addColumn('contact_uri', 'text', c => c.notNull())
    .addColumn('source_addr', 'text', c => c.notNull())
    .addColumn('sip_transport', 'text', c => c.notNull())
    .addColumn('user_agent', 'text', c => c.notNull())
    .addColumn('expires_at_ms', 'bigint', c => c.notNull())
    .addColumn('sip_call_id', 'text', c => c.notNull())
    .addColumn('cseq', 'bigint', c => c.notNull())
    .addColumn('position', 'integer', c => c.notNull())
    .addPrimaryKeyConstraint('binding_key', ['sip_username', 'contact_uri'])
    .execute();
  await db.schema
    .createTable('endpoint_event')
    .addColumn('endpoint_id', 'text', c =>
      c.notNull().references('endpoint.id').onDelete('cascade'),
    )
    .addColumn('at_ms', 'bigint', c => c.notNull())
    .addColumn('kind', 'text', c => c.notNull())
    .addColumn('detail', 'text', c => c.notNull())
    .execute();
  await db.schema
    .createIndex('endpoint_event_endpoint')
    .on('endpoint_event')
    .columns(['endpoint_id', 'at_ms'])
    .execute();
  const kept = 'id, site_id, sip_username, ha1, ha1_sha256, fixed_addresses, position';
  await sql`insert into endpoint (${sql.raw(kept)}) select ${sql.raw(kept)} from old_endpoint`.execute(
    db,
  );
  const binding =
    'sip_username, contact_uri, source_addr, sip_transport, user_agent, expires_at_ms, sip_call_id, cseq, position';
  await sql`insert into binding (${sql.raw(binding)}) select ${sql.raw(binding)} from old_binding`.execute(
    db,
  );
  const event = 'endpoint_id, at_ms, kind, detail';
  await sql`insert into endpoint_event (${sql.raw(event)}) select ${sql.raw(event)} from old_event`.execute(
    db,
  );
  for (const table of ['old_binding', 'old_event', 'old_endpoint'])
    await sql`drop table ${sql.table(table)}`.execute(db);
}

/** The leading site becomes a member with that role, in front when it was none. */
async function addMembers(db: Kysely<Old>): Promise<void> {
  for (const [name, usual] of [
    ['role', 'site'],
    ['dial', 'out'],
  ] as const)
    await db.schema
      .alterTable('conference_site')
      .addColumn(name, 'text', c => c.notNull().defaultTo(usual))
      .execute();
  await sql`insert into conference_site (conference_id, site_id, position)
    select id, hq_site_id, -1 from conference where hq_site_id is not null and not exists (
      select 1 from conference_site
      where conference_id = conference.id and site_id = conference.hq_site_id)`.execute(db);
  await sql`update conference_site set role = 'hq' where exists (
    select 1 from conference
    where conference.id = conference_site.conference_id
      and conference.hq_site_id = conference_site.site_id)`.execute(db);
  await db.schema.alterTable('conference').dropColumn('hq_site_id').execute();
}

async function fillSearch(db: Kysely<Old>): Promise<void> {
  const endpoints = await db.selectFrom('endpoint').select(['site_id', 'sip_username']).execute();
  for (const site of await db.selectFrom('site').select(['id', 'name', 'number']).execute())
    await db
      .updateTable('site')
      .set({ search: searchOfSite(site, endpoints), sort_name: searchText(site.name) })
      .where('id', '=', site.id)
      .execute();
  const conferences = db.selectFrom('conference').select(['id', 'name', 'number', 'alias']);
  for (const { id, name, number, alias } of await conferences.execute())
    await db
      .updateTable('conference')
      .set({ search: searchText(`${name} ${number} ${alias}`), sort_name: searchText(name) })
      .where('id', '=', id)
      .execute();
}

function searchOfSite(
  { id, name, number }: Pick<Selectable<Old['site']>, 'id' | 'name' | 'number'>,
  endpoints: readonly Selectable<Old['endpoint']>[],
): string {
  const own = endpoints.filter(endpoint => endpoint.site_id === id);
  return searchText([name, number, ...own.map(one => one.sip_username)].join(' '));
}
