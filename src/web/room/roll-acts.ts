/** What a chair does with the roll, from the click to its answer. Knows no React. */
import type { RecordFormat, RecordLanguage, RollChange } from '../../contract/records.ts';
import type { NamedFile } from '../shared/save-file.ts';
import { Store } from '../shared/store.ts';
import { ActError } from './events.ts';
import type { RollApi } from './roll-api.ts';

export interface RollActsState {
  /** So many have had no answer yet. */
  readonly running: number;
  /** Why the last one was refused, as a code of the error table. */
  readonly problem: string | undefined;
}

export class RollActs extends Store<RollActsState> {
  readonly #api: RollApi;
  readonly #save: (file: NamedFile) => void;

  constructor(api: RollApi, save: (file: NamedFile) => void) {
    super({ running: 0, problem: undefined });
    this.#api = api;
    this.#save = save;
  }

  /** Each resolves with whether it was done. */
  start(): Promise<boolean> {
    return this.#do(() => this.#api.start());
  }

  mark(rowId: string, change: RollChange): Promise<boolean> {
    return this.#do(() => this.#api.mark(rowId, change));
  }

  markRestAbsent(): Promise<boolean> {
    return this.#do(() => this.#api.markRestAbsent());
  }

  sign(name: string): Promise<boolean> {
    return this.#do(() => this.#api.sign(name));
  }

  download(format: RecordFormat, language: RecordLanguage): Promise<boolean> {
    return this.#do(async () => this.#save(await this.#api.file(format, language)));
  }

  async #do(act: () => Promise<void>): Promise<boolean> {
    this.set({ running: this.get().running + 1 });
    try {
      await act();
      this.set({ problem: undefined });
      return true;
    } catch (err) {
      this.set({ problem: err instanceof ActError ? err.code : 'unknown' });
      return false;
    } finally {
      this.set({ running: this.get().running - 1 });
    }
  }
}
