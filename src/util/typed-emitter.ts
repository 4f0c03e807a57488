/** Events as a typed record; `on` gives its own undo; a listener that throws cannot stop the others. */
export class TypedEmitter<Events extends object> {
  readonly #listeners = new Map<keyof Events, Set<(event: never) => void>>();
  readonly #onListenerError: (name: keyof Events, err: unknown) => void;

  /** @param onListenerError told of a listener that threw; the emit goes on */
  constructor(onListenerError: (name: keyof Events, err: unknown) => void) {
    this.#onListenerError = onListenerError;
  }

  /** Subscribes; the returned function unsubscribes and may be called twice. */
  on<K extends keyof Events>(name: K, listener: (event: Events[K]) => void): () => void {
    const set = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, set);
    set.add(listener as (event: never) => void);
    return () => set.delete(listener as (event: never) => void);
  }

  emit<K extends keyof Events>(name: K, event: Events[K]): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) {
      try {
        (listener as (event: Events[K]) => void)(event);
      } catch (err) {
        this.#onListenerError(name, err);
      }
    }
  }
}
