import { type RawMessage, readMessage } from './raw-message.ts';

export type Match = (message: RawMessage) => boolean;

const PATIENCE_MS = 8_000;

/** Keeps what came in until somebody takes it. */
export class Inbox {
  readonly stray: Buffer[] = [];
  readonly #messages: RawMessage[] = [];
  /** Many calls may wait at one peer. */
  readonly #waiting = new Set<() => void>();

  push(data: Buffer): void {
    this.#messages.push(readMessage(data));
    for (const wake of [...this.#waiting]) wake();
  }

  async take(what: string, match: Match): Promise<RawMessage> {
    const deadlineMs = Date.now() + PATIENCE_MS;
    for (;;) {
      const index = this.#messages.findIndex(match);
      const [found] = index < 0 ? [] : this.#messages.splice(index, 1);
      if (found) return found;
      if (Date.now() > deadlineMs) throw new Error(`no ${what}; got: ${this.#summary()}`);
      await this.#news(deadlineMs - Date.now() + 1);
    }
  }

  #news(waitMs: number): Promise<void> {
    return new Promise(resolve => {
      const wake = () => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, waitMs);
      this.#waiting.add(wake);
    });
  }

  #summary(): string {
    return this.#messages.map(message => message.startLine).join(' | ') || 'nothing';
  }
}
