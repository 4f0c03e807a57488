/** One thing that was opened and how it is closed. */
interface Step {
  readonly name: string;
  readonly run: () => Promise<void> | void;
}

/** What a call has opened so far, closed newest first; closing twice does nothing. */
export class Cleanup {
  readonly #steps: Step[] = [];
  #closing: Promise<Error[]> | undefined;

  /** Remembers how to release what was just acquired. Throws once closing has begun. */
  add(name: string, run: Step['run']): void {
    if (this.#closing) throw new Error(`cleanup "${name}" added after close`);
    this.#steps.push({ name, run });
  }

  /** Runs every step even when one fails; resolves with the failures, never rejects. */
  close(): Promise<Error[]> {
    this.#closing ??= this.#drain();
    return this.#closing;
  }

  async #drain(): Promise<Error[]> {
    const failures: Error[] = [];
    for (const step of this.#steps.reverse()) {
      try {
        await step.run();
      } catch (cause) {
        failures.push(new Error(`cleanup "${step.name}" failed`, { cause }));
      }
    }
    return failures;
  }
}
