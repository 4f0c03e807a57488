import type { Kysely } from 'kysely';
import { GatewayError } from '../domain/errors.ts';
import type { Tables } from './schema.ts';

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
  const query = db.selectFrom(other).select('id').where('number', '=', number);
  if (!(await query.executeTakeFirst())) return;
  throw new GatewayError('conflict', `A ${other} has this number.`, {
    details: { field: 'number' },
  });
}
