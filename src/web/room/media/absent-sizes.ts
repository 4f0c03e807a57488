/**
 * Small sizes that are asked for and do not come. Where the full size does not come the room
 * server takes the small one by itself; the other way round it does not.
 *
 *   comes ──silent──▶ full instead ──silent──▶ neither
 *     ▲                                           │
 *     └──────────────── comes again ──────────────┘
 */

/** One m-line with a feed that is wanted small, at one look. */
export interface SmallLine {
  readonly mid: string;
  readonly feed: string;
  /** That have come so far. */
  readonly packets: number;
}

type Absence = 'full instead' | 'neither';

/** Looks in a row without a packet. */
const SILENT_LOOKS = 2;

export class AbsentSizes {
  readonly #absences = new Map<string, Absence>();
  #seen = new Map<string, { readonly line: SmallLine; readonly silentLooks: number }>();

  /** The full size of this feed is to be taken, although it is shown small. */
  has(feed: string): boolean {
    return this.#absences.get(feed) === 'full instead';
  }

  /** Published anew, or not wanted small any longer. */
  forget(feed: string): void {
    this.#absences.delete(feed);
  }

  /** Those that are wanted small, whichever size was asked for in the end. */
  look(lines: readonly SmallLine[]): void {
    const before = this.#seen;
    this.#seen = new Map(lines.map(line => [line.mid, this.#lookAt(line, before.get(line.mid))]));
  }

  #lookAt(line: SmallLine, seen: { line: SmallLine; silentLooks: number } | undefined) {
    const { feed, packets } = line;
    if (seen?.line.feed !== feed) return { line, silentLooks: 0 };
    if (seen.line.packets !== packets) {
      if (this.#absences.get(feed) === 'neither') this.#absences.delete(feed);
      return { line, silentLooks: 0 };
    }
    const silentLooks = seen.silentLooks + 1;
    if (silentLooks < SILENT_LOOKS) return { line, silentLooks };
    this.#absences.set(feed, this.#absences.has(feed) ? 'neither' : 'full instead');
    return { line, silentLooks: 0 };
  }
}
