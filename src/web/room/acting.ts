/** What a chair does in one place of the page, from the click to its answer. Knows no React. */
import type { ChairRequest } from '../../contract/chair.ts';
import { Store } from '../shared/store.ts';
import { ActError } from './events.ts';
import { withMember } from './set-of.ts';

/** A button that works shows it only after so long: most answers come sooner. */
const SLOW_MS = 300;

export interface ActingState {
  /** Acts that have had no answer for a while. */
  readonly slow: ReadonlySet<string>;
  /** Why the last act of this place was refused, as a code of the error table. */
  readonly problem: string | undefined;
}

/** Names an act, so that the same one is told from another. */
export function actKey(act: ChairRequest): string {
  return JSON.stringify(act);
}

/** Acts of one place: each one once at a time, different ones beside each other. */
export class Acting extends Store<ActingState> {
  readonly #act: (act: ChairRequest) => Promise<void>;
  readonly #running = new Set<string>();

  constructor(act: (act: ChairRequest) => Promise<void>) {
    super({ slow: new Set(), problem: undefined });
    this.#act = act;
  }

  /** Resolves with whether it was done; an act that is being done already is not. */
  async do(act: ChairRequest): Promise<boolean> {
    const key = actKey(act);
    if (this.#running.has(key)) return false;
    this.#running.add(key);
    const timer = setTimeout(() => this.#setSlow(key, true), SLOW_MS);
    try {
      await this.#act(act);
      this.set({ problem: undefined });
      return true;
    } catch (err) {
      this.set({ problem: err instanceof ActError ? err.code : 'unknown' });
      return false;
    } finally {
      clearTimeout(timer);
      this.#running.delete(key);
      this.#setSlow(key, false);
    }
  }

  #setSlow(key: string, isSlow: boolean): void {
    const { slow: before } = this.get();
    const slow = withMember(before, key, isSlow);
    if (slow !== before) this.set({ slow });
  }
}
