import type { AdminUpdate } from '../contract/admin-events.ts';
import type { Principal } from '../domain/actor.ts';

/** An update as somebody gets it; undefined when nothing in it is for that one. */
export type Told = (who: Principal) => AdminUpdate | undefined;

/** Something that can be watched: all of it at first, then what changes. */
export interface Feed {
  /** Updates are no closer than this; what changes between two is told together. */
  readonly gapMs: number;
  /** Who has the same audience is told the same; undefined for who may not watch this. */
  audienceOf(who: Principal): string | undefined;
  /**
   * Looks from now on; only then may `whole` and `changes` be asked.
   *
   * @param changed there is something new to tell
   * @returns its own undo
   */
  open(changed: () => void): Promise<() => void>;
  /** All there is now. */
  whole(): readonly Told[];
  /** What is new since this was last asked. */
  changes(): readonly Told[];
}

/** What somebody sees who is limited to groups of sites, in one word. */
export function groupAudience({ groupIds }: Principal): string {
  return groupIds ? [...groupIds].sort().join(' ') : 'everything';
}
