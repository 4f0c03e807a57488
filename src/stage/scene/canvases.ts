import type { Composer } from '../compose/composer.ts';
import type { Painting } from '../compose/protocol.ts';
import { type CanvasGroup, groupName, SharedCanvas } from './shared-canvas.ts';

/** What one receiver is to be sent. */
export interface CanvasWish {
  readonly receiverId: string;
  /** Equal for receivers that see the same. */
  readonly key: string;
  /** The best that the receiver takes. */
  readonly group: CanvasGroup;
  readonly paintingIn: (group: CanvasGroup) => Painting;
  /** Nothing that is made for others will do. */
  readonly isOwn?: boolean;
}

/** Wishes that one canvas fulfils. */
interface Cluster extends Omit<CanvasWish, 'receiverId'> {
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

  /** Whether some are open that nobody wants any more. */
  get isChanging(): boolean {
    return this.#open.some(({ receiverIds }) => receiverIds.size === 0);
  }

  /**
   * Brings canvases to what is wanted now; gives each receiver its own.
   *
   * @param mayOpen false when there is no room for another: whoever would need one keeps what it
   *   has, or sees what is made for others; only where nothing of that is for it, it has none
   * @param isWatched whether somebody sees it until something else comes: then it goes on that long
   */
  settle(
    wishes: readonly CanvasWish[],
    mayOpen = true,
    isWatched: (canvas: SharedCanvas) => boolean = () => false,
  ): ReadonlyMap<string, SharedCanvas> {
    const free = new Set(this.#open);
    const settled: SharedCanvas[] = [];
    const before = seenBy(this.#open);
    const place = (cluster: Cluster, canvas: SharedCanvas | undefined) => {
      if (!canvas) return false;
      free.delete(canvas);
      settled.push(canvas);
      canvas.paint({ key: cluster.key, painting: cluster.paintingIn(canvas.group) });
      canvas.receiverIds = cluster.receiverIds;
      return true;
    };
    const unserved = clustersOf(wishes)
      .filter(cluster => !place(cluster, closest(cluster, free)))
      .filter(cluster => !place(cluster, mayOpen ? this.#new(cluster) : kept(cluster, free)));
    for (const cluster of unserved) join(cluster, settled, before);
    for (const canvas of free) {
      canvas.receiverIds = new Set();
      if (isWatched(canvas)) settled.push(canvas);
      else canvas.close();
    }
    this.#open = settled;
    return seenBy(settled);
  }

  #new({ group, key, paintingIn }: Cluster): SharedCanvas {
    const subject = { key, painting: paintingIn(group) };
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
  const clusters = new Map<string, Cluster & { readonly receiverIds: Set<string> }>();
  for (const { receiverId, ...wish } of wishes) {
    const name = `${groupName(wish.group)} ${wish.key}`;
    const known = clusters.get(name);
    if (known) known.receiverIds.add(receiverId);
    else clusters.set(name, { ...wish, receiverIds: new Set([receiverId]) });
  }
  return [...clusters.values()].toSorted((a, b) => b.receiverIds.size - a.receiverIds.size);
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

function seenBy(canvases: readonly SharedCanvas[]): Map<string, SharedCanvas> {
  return new Map(
    canvases.flatMap(canvas => [...canvas.receiverIds].map(id => [id, canvas] as const)),
  );
}

/** One that they see already, in another group, and nobody else wants. */
function kept(
  { group, receiverIds }: Cluster,
  free: ReadonlySet<SharedCanvas>,
): SharedCanvas | undefined {
  return [...free].find(
    canvas =>
      decodes(group, canvas.group) && [...receiverIds].some(id => canvas.receiverIds.has(id)),
  );
}

/** Each sees on what it saw, though it is painted for others; who is new the best it can take. */
function join(
  { group, receiverIds, isOwn }: Cluster,
  canvases: readonly SharedCanvas[],
  before: ReadonlyMap<string, SharedCanvas>,
): void {
  if (isOwn) return;
  const understood = canvases.filter(canvas => decodes(group, canvas.group));
  const best = understood
    .filter(({ group: { width, height, bitrateBps } }) => {
      return width * height <= group.width * group.height && bitrateBps <= group.bitrateBps;
    })
    .toSorted((a, b) => b.group.bitrateBps - a.group.bitrateBps)[0];
  for (const id of receiverIds) {
    const seen = before.get(id);
    const canvas = seen && understood.includes(seen) ? seen : best;
    if (canvas) canvas.receiverIds = new Set([...canvas.receiverIds, id]);
  }
}

/** Whether a receiver in one group decodes what is made for another, size and rate aside. */
function decodes(own: CanvasGroup, other: CanvasGroup): boolean {
  return own.codec === other.codec && own.packetizationMode >= other.packetizationMode;
}
