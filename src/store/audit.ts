import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Actor, Change } from '../domain/actor.ts';
import { searchText } from '../util/search-text.ts';
import type { Tables } from './schema.ts';

export type { Change };

/** Adds a row in the transaction of the change itself, so that neither is there without the other. */
export async function recordChange(
  trx: Kysely<Tables>,
  by: Actor,
  { action, entity, entityId, before, after }: Change,
): Promise<void> {
  const row = {
    id: randomUUID(),
    at_ms: Date.now(),
    actor_kind: by.kind,
    actor_id: by.userId ?? null,
    actor_name: by.name,
    actor_address: by.address ?? null,
    action,
    entity,
    entity_id: entityId ?? null,
    before: before === undefined ? null : JSON.stringify(before),
    after: after === undefined ? null : JSON.stringify(after),
    search: searchText(by.name, action, entity, namesIn(before), namesIn(after)),
  };
  await trx.insertInto('audit').values(row).execute();
}

/** What a thing is called, where that is told. */
function namesIn(facts: unknown): string {
  if (typeof facts !== 'object' || facts === null) return '';
  const { name, login, number } = facts as Record<string, unknown>;
  return [name, login, number].filter(value => typeof value === 'string').join(' ');
}

type Facts = Readonly<Record<string, unknown>>;

/** The fields in which two versions of a thing differ, as each had them. */
export function difference(before: Facts, after: Facts): { before: Facts; after: Facts } {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = keys.filter(key => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
  const pick = (facts: Facts) => Object.fromEntries(changed.map(key => [key, facts[key]]));
  return { before: pick(before), after: pick(after) };
}
