/** What was told last of each thing, to tell no more than what differs. */
export class LastTold<T extends { readonly id: string }> {
  readonly #texts = new Map<string, string>();

  /** Those that are otherwise than they were when this was last asked. */
  changed(now: readonly T[]): T[] {
    return now.filter(thing => {
      const text = JSON.stringify(thing);
      const differs = this.#texts.get(thing.id) !== text;
      this.#texts.set(thing.id, text);
      return differs;
    });
  }

  forget(id: string): void {
    this.#texts.delete(id);
  }

  clear(): void {
    this.#texts.clear();
  }
}
