import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Actor } from '../domain/actor.ts';
import type { Tables } from './schema.ts';

/** A change as it goes into the audit log. */
export interface Change {
  /** `created`, `changed`, `deleted`, or what was done. */
  readonly action: string;
  readonly entity: string;
  readonly entityId?: string;
  /** Only what differs, without secrets. */
  readonly before?: unknown;
  readonly after?: unknown;
}

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
  };
  await trx.insertInto('audit').values(row).execute();
}

type Facts = Readonly<Record<string, unknown>>;

/** The fields in which two versions of a thing differ, as each had them. */
export function difference(before: Facts, after: Facts): { before: Facts; after: Facts } {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = keys.filter(key => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
  const pick = (facts: Facts) => Object.fromEntries(changed.map(key => [key, facts[key]]));
  return { before: pick(before), after: pick(after) };
}
