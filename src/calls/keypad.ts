/** By which way a key came: telephone events in the RTP (RFC 4733), or SIP INFO. */
export type KeyPath = 'rtp' | 'info';

/**
 * The keys of one endpoint, each once: a device that sends every key both ways is
 * heard by the way its first key came.
 */
export class Keypad {
  readonly #listeners = new Set<(key: string) => void>();
  #path: KeyPath | undefined;

  heard(path: KeyPath, key: string): void {
    this.#path ??= path;
    if (path !== this.#path) return;
    for (const listener of [...this.#listeners]) listener(key);
  }

  /** Returns its own undo. */
  onKey(listener: (key: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
