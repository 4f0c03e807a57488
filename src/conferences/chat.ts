import { randomUUID } from 'node:crypto';
import { type ChatLine, MAX_CHAT_LINES } from '../contract/chat.ts';

type Listener = (lines: readonly ChatLine[]) => void;

/** What people wrote in one meeting; the newest lines are kept. */
export class Chat {
  #lines: readonly ChatLine[] = [];
  readonly #listeners = new Set<Listener>();

  /** The oldest first. */
  get lines(): readonly ChatLine[] {
    return this.#lines;
  }

  add(line: Omit<ChatLine, 'id'>): void {
    const added = { id: randomUUID(), ...line };
    this.#lines = [...this.#lines, added].slice(-MAX_CHAT_LINES);
    for (const listener of [...this.#listeners]) listener([added]);
  }

  /** Calls back at once with what there is, and with every new line. Returns its own undo. */
  watch(listener: Listener): () => void {
    this.#listeners.add(listener);
    listener(this.#lines);
    return () => this.#listeners.delete(listener);
  }
}
