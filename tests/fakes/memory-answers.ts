import type { AnswerStore } from '../../src/api/core.ts';

/** Answers to requests with an idempotency key, in memory. */
export class MemoryAnswers implements AnswerStore {
  readonly rows = new Map<
    string,
    { requestMac: string; sealed: string | undefined; atMs: number }
  >();

  async addAnswer({ id, requestMac, createdAtMs }: Parameters<AnswerStore['addAnswer']>[0]) {
    const earlier = this.rows.get(id);
    if (!earlier) this.rows.set(id, { requestMac, sealed: undefined, atMs: createdAtMs });
    return earlier;
  }

  async setAnswer(id: string, sealed: string): Promise<void> {
    const row = this.rows.get(id);
    if (row) row.sealed = sealed;
  }

  async deleteAnswer(id: string): Promise<void> {
    this.rows.delete(id);
  }

  async deleteAnswersBefore(createdAtMs: number): Promise<void> {
    for (const [id, { atMs }] of this.rows) if (atMs < createdAtMs) this.rows.delete(id);
  }
}
