import { Store } from '../../shared/store.ts';

export interface Notice {
  readonly id: number;
  readonly kind: 'done' | 'failed';
  readonly text: string;
}

const SHOWN_MS = 6000;

/** Short words on what has just been done, or could not be. */
export class Notices {
  readonly store = new Store<{ notices: readonly Notice[] }>({ notices: [] });
  #lastId = 0;

  add(kind: Notice['kind'], text: string): void {
    this.#lastId += 1;
    const id = this.#lastId;
    this.store.set({ notices: [...this.store.get().notices.slice(-3), { id, kind, text }] });
    // What failed stays until it is read.
    if (kind === 'done') setTimeout(() => this.dismiss(id), SHOWN_MS);
  }

  dismiss(id: number): void {
    this.store.set({ notices: this.store.get().notices.filter(notice => notice.id !== id) });
  }
}
