import type { AnswerOf } from '../../../contract/operation.ts';
import { Store } from '../../shared/store.ts';
import type { AnyOperation, Ask, Client } from './client.ts';
import type { Live } from './live.ts';
import { type Problem, toProblem } from './problem.ts';

/** What the gateway answered to a question that is on show, as far as it has come. */
export interface Answer<T> {
  readonly data: T | undefined;
  readonly problem: Problem | undefined;
  readonly isLoading: boolean;
}

const SETTLE_MS = 120;

/**
 * One question whose answer is on show: asked again when something of its kind was changed,
 * by whomever. The last answer stays until the next is there.
 */
export class Question<O extends AnyOperation> {
  readonly store: Store<Answer<AnswerOf<O>>>;
  readonly #client: Client;
  readonly #operation: O;
  readonly #ask: Ask<O>;
  #round = 0;

  constructor(client: Client, operation: O, ask: Ask<O>, before?: AnswerOf<O>) {
    this.#client = client;
    this.#operation = operation;
    this.#ask = ask;
    this.store = new Store({ data: before, problem: undefined, isLoading: true });
  }

  async load(): Promise<void> {
    this.#round += 1;
    const round = this.#round;
    this.store.set({ isLoading: true });
    try {
      const call = this.#client.call as (o: O, ask: Ask<O>) => Promise<AnswerOf<O>>;
      const data = await call.call(this.#client, this.#operation, this.#ask);
      if (round === this.#round) this.store.set({ data, problem: undefined, isLoading: false });
    } catch (thrown) {
      if (round === this.#round) this.store.set({ problem: toProblem(thrown), isLoading: false });
    }
  }

  /** Asks again whenever something of these kinds, or `*` of any, is changed; gives its undo. */
  follow(live: Live, entities: readonly string[]): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const undo = live.onStored(stored => {
      const isMine = !stored || entities.includes('*') || entities.includes(stored.entity);
      if (!isMine) return;
      clearTimeout(timer);
      timer = setTimeout(() => void this.load(), SETTLE_MS);
    });
    return () => {
      clearTimeout(timer);
      undo();
    };
  }
}
