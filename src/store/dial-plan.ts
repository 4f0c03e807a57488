import { type Kysely, sql } from 'kysely';
import { GatewayError } from '../domain/errors.ts';
import { isPostgres } from './dialect.ts';
import type { Tables } from './schema.ts';

/** A number of our own among the database's advisory locks. */
const DIAL_PLAN_LOCK = 5060;

/**
 * Sites and conferences share what can be dialled: no number means two things.
 *
 * @throws GatewayError `conflict` when the other table has this number
 */
export async function refuseDialled(
  db: Kysely<Tables>,
  other: 'site' | 'conference',
  number: string,
): Promise<void> {
  // Two at once would each find the number free; SQLite has one writer anyway.
  if (isPostgres(db)) await sql`select pg_advisory_xact_lock(${DIAL_PLAN_LOCK})`.execute(db);
  const query = db.selectFrom(other).select('id').where('number', '=', number);
  if (!(await query.executeTakeFirst())) return;
  throw new GatewayError('conflict', `A ${other} has this number.`, {
    details: { field: 'number' },
  });
}
