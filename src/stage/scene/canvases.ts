import type { Composer } from '../compose/composer.ts';
import { type CanvasGroup, groupName, SharedCanvas, type Subject } from './shared-canvas.ts';

/** What one receiver is to be sent. */
export interface CanvasWish extends Subject {
  readonly receiverId: string;
  readonly group: CanvasGroup;
}

/** Wishes that one canvas fulfils. */
interface Cluster {
  readonly group: CanvasGroup;
  readonly subject: Subject;
  readonly receiverIds: ReadonlySet<string>;
}

/**
 * The canvases of a scene: one for each group of receivers that see the same. When what
 * they see changes, their canvas is painted anew rather than another opened, so that a
 * change of the speaker costs most receivers nothing.
 */
export class Canvases {
  readonly #composer: () => Composer;
  readonly #now: () => number;
  #open: readonly SharedCanvas[] = [];

  /** @param composer opened when it is first asked for */
  constructor(composer: () => Composer, now: () => number) {
    this.#composer = composer;
    this.#now = now;
  }

  get all(): readonly SharedCanvas[] {
    return this.#open;
  }

  /**
   * Brings canvases to what is wanted now; gives each receiver its own.
   *
   * @param mayOpen false when there is no room for another: whoever would need one has none
   */
  settle(wishes: readonly CanvasWish[], mayOpen = true): ReadonlyMap<string, SharedCanvas> {
    const free = new Set(this.#open);
    const placed = new Map<string, SharedCanvas>();
    const settled = clustersOf(wishes).flatMap(cluster => {
      const canvas = closest(cluster, free) ?? (mayOpen ? this.#new(cluster) : undefined);
      if (!canvas) return [];
      free.delete(canvas);
      canvas.paint(cluster.subject);
      canvas.receiverIds = cluster.receiverIds;
      for (const id of cluster.receiverIds) placed.set(id, canvas);
      return [canvas];
    });
    for (const canvas of free) canvas.close();
    this.#open = settled;
    return placed;
  }

  #new({ group, subject }: Cluster): SharedCanvas {
    return new SharedCanvas(this.#composer(), group, subject, this.#now);
  }

  tick(atMs: number): void {
    for (const canvas of this.#open) canvas.tick(atMs);
  }

  close(): void {
    for (const canvas of this.#open) canvas.close();
    this.#open = [];
  }
}

/** The largest first: they choose their canvas before others do. */
function clustersOf(wishes: readonly CanvasWish[]): Cluster[] {
  const clusters = new Map<string, { group: CanvasGroup; subject: Subject; ids: Set<string> }>();
  for (const wish of wishes) {
    const { receiverId, group, key } = wish;
    const name = `${groupName(group)} ${key}`;
    const known = clusters.get(name);
    if (known) known.ids.add(receiverId);
    else {
      const subject = { key, painting: wish.painting };
      clusters.set(name, { group, subject, ids: new Set([receiverId]) });
    }
  }
  return [...clusters.values()]
    .map(({ group, subject, ids }) => ({ group, subject, receiverIds: ids }))
    .toSorted((a, b) => b.receiverIds.size - a.receiverIds.size);
}

/** Of the canvases of the group the one most of them see already; any other rather than a new one. */
function closest(
  { group, receiverIds }: Cluster,
  free: ReadonlySet<SharedCanvas>,
): SharedCanvas | undefined {
  const name = groupName(group);
  const shared = (canvas: SharedCanvas) =>
    [...receiverIds].filter(id => canvas.receiverIds.has(id)).length;
  return [...free]
    .filter(canvas => canvas.groupName === name)
    .toSorted((a, b) => shared(b) - shared(a))[0];
}
