import { type Kysely, sql } from 'kysely';
import { GatewayError } from '../domain/errors.ts';
import type { Tables } from './schema.ts';

/**
 * Begins a change: the row has the next version from now on, and nobody else changes it before
 * the transaction is over. False when there is none.
 *
 * @param seen the version that was changed; undefined changes whatever is there
 * @throws GatewayError `version-conflict` with the version that is there
 */
export async function claimVersion(
  trx: Kysely<Tables>,
  table: 'site' | 'conference',
  id: string,
  seen: number | undefined,
): Promise<boolean> {
  const next = { version: sql<number>`version + 1`, changed_at_ms: Date.now() };
  const all = trx.updateTable(table).set(next).where('id', '=', id);
  const claim = seen === undefined ? all : all.where('version', '=', seen);
  if ((await claim.executeTakeFirst()).numUpdatedRows > 0n) return true;
  const row = await trx.selectFrom(table).select('version').where('id', '=', id).executeTakeFirst();
  if (!row) return false;
  throw new GatewayError(
    'version-conflict',
    'Somebody else changed this meanwhile. Look at it again, then repeat your change.',
    { details: { current: row.version } },
  );
}
