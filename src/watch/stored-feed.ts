import type { Permission } from '../contract/permissions.ts';
import type { Principal } from '../domain/actor.ts';
import type { Feed, Told } from './feed.ts';
import type { StoredChange, StoredChanges } from './ports.ts';

/** Who hears of changes of what; of anything else only who may read the audit log. */
const NEEDS: Readonly<Record<string, Permission>> = {
  site: 'sites.read',
  'site-group': 'sites.read',
  conference: 'conferences.read',
  meeting: 'conferences.read',
  record: 'records.read',
  user: 'people.read',
  webhook: 'webhooks.write',
};
/** More than so many changed things of a kind at once are told as the kind alone. */
const MAX_IDS = 20;

/** That stored things have changed: who shows them asks for them again. */
export class StoredFeed implements Feed {
  readonly gapMs = 100;
  readonly #stored: StoredChanges;
  readonly #changed = new Map<string, Set<string | undefined>>();

  constructor(stored: StoredChanges) {
    this.#stored = stored;
  }

  audienceOf({ permissions }: Principal): string {
    return [...permissions].sort().join(' ');
  }

  async open(changed: () => void): Promise<() => void> {
    return this.#stored.onStored(({ entity, id }: StoredChange) => {
      const ids = this.#changed.get(entity) ?? new Set();
      this.#changed.set(entity, ids.add(id));
      changed();
    });
  }

  /** Nothing: who begins to watch has just asked for what it shows. */
  whole(): readonly Told[] {
    return [];
  }

  changes(): readonly Told[] {
    const told = [...this.#changed].flatMap(([entity, ids]) => tell(entity, [...ids]));
    this.#changed.clear();
    return told;
  }
}

function tell(entity: string, ids: readonly (string | undefined)[]): Told[] {
  const needs = NEEDS[entity] ?? 'audit.read';
  return (ids.length > MAX_IDS ? [undefined] : ids).map(
    id =>
      ({ permissions }) =>
        permissions.has(needs)
          ? { type: 'stored', entity, ...(id !== undefined && { id }) }
          : undefined,
  );
}
