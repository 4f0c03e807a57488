import { Store } from '../../shared/store.ts';

export interface Snapshot {
  /** As a `data:` address: what the pages' policy lets pictures come from. */
  readonly url: string;
  readonly atMs: number;
}

export interface SnapshotState {
  readonly pictures: ReadonlyMap<string, Snapshot>;
  /** Who has no picture to take. */
  readonly without: ReadonlySet<string>;
}

export interface SnapshotOptions {
  /** Takes the picture of a participant. */
  readonly take: (participantId: string) => Promise<string>;
  readonly now: () => number;
}

const REFRESH_MS = 6000;
const MAX_AT_ONCE = 2;

/** Pictures of those whose tiles are in view, taken one after the other, the oldest first. */
export class Snapshots {
  readonly store = new Store<SnapshotState>({ pictures: new Map(), without: new Set() });
  readonly #options: SnapshotOptions;
  readonly #inView = new Set<string>();
  readonly #takenAtMs = new Map<string, number>();
  readonly #running = new Set<string>();

  constructor(options: SnapshotOptions) {
    this.#options = options;
  }

  setInView(participantId: string, isInView: boolean): void {
    if (isInView) this.#inView.add(participantId);
    else this.#inView.delete(participantId);
  }

  /** Takes what is due; called every second while somebody looks. */
  tick(): void {
    const now = this.#options.now();
    const due = [...this.#inView]
      .filter(id => !this.#running.has(id) && now - this.#agedFrom(id) >= REFRESH_MS)
      .sort((a, b) => this.#agedFrom(a) - this.#agedFrom(b));
    for (const id of due.slice(0, MAX_AT_ONCE - this.#running.size)) void this.#take(id);
  }

  #agedFrom(id: string): number {
    return this.#takenAtMs.get(id) ?? Number.NEGATIVE_INFINITY;
  }

  async #take(id: string): Promise<void> {
    this.#running.add(id);
    const without = new Set(this.store.get().without);
    try {
      const url = await this.#options.take(id);
      const pictures = new Map(this.store.get().pictures);
      without.delete(id);
      this.store.set({ pictures: pictures.set(id, { url, atMs: this.#options.now() }), without });
    } catch {
      this.store.set({ without: without.add(id) }); // shown as such; the next try comes soon
    } finally {
      this.#takenAtMs.set(id, this.#options.now());
      this.#running.delete(id);
    }
  }
}

/** A picture as an address that an `<img>` takes. */
export function dataUrl(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error ?? new Error('not readable'));
    reader.readAsDataURL(blob);
  });
}
