import type { StageErrorCode } from '../contract/stage.ts';
import { GatewayError, type GatewayErrorCode } from '../domain/errors.ts';

/** What the stage says, in the gateway's words: a wrong request is our fault, never the caller's. */
const ERROR_CODES: Record<StageErrorCode, GatewayErrorCode> = {
  'bad-request': 'internal',
  'not-found': 'invalid-state',
  'ports-exhausted': 'media-ports-exhausted',
  'no-picture': 'no-picture',
  overloaded: 'media-ports-exhausted',
  internal: 'internal',
};

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: GatewayError) => void;
  readonly timer: NodeJS.Timeout;
}

/** Requests whose reply has not come yet; each is settled, by a reply, by time or by the loss of the stage. */
export class PendingRequests {
  readonly #timeoutMs: number;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** A new request; its reply rejects with a GatewayError. */
  open(): { readonly id: number; readonly reply: Promise<unknown> } {
    const id = ++this.#lastId;
    const reply = new Promise<unknown>((resolve, reject) => {
      const timer = setTimeout(() => this.#take(id)?.reject(stageDown()), this.#timeoutMs);
      this.#pending.set(id, { resolve, reject, timer });
    });
    return { id, reply };
  }

  resolve(id: number, result: unknown): void {
    this.#take(id)?.resolve(result);
  }

  reject(
    id: number,
    { code, message }: { readonly code: StageErrorCode; readonly message: string },
  ) {
    const details = { engine: 'stage' };
    this.#take(id)?.reject(new GatewayError(ERROR_CODES[code], `stage: ${message}`, { details }));
  }

  rejectAll(): void {
    for (const id of [...this.#pending.keys()]) this.#take(id)?.reject(stageDown());
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    clearTimeout(pending?.timer);
    this.#pending.delete(id);
    return pending;
  }
}

export function stageDown(): GatewayError {
  return new GatewayError('stage-down', 'The stage does not answer.', {
    details: { engine: 'stage' },
  });
}
