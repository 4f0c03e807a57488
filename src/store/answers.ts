import type { Kysely } from 'kysely';
import { stored } from './errors.ts';
import type { Tables } from './schema.ts';

/** An answer as it is kept; `sealed` is undefined while it is being made. */
interface KeptAnswer {
  readonly requestMac: string;
  readonly sealed: string | undefined;
}

/** Answers to requests with an idempotency key, in the database. */
export function answerStore(db: Kysely<Tables>) {
  return {
    addAnswer: (row: { id: string; requestMac: string; createdAtMs: number }) =>
      stored(async (): Promise<KeptAnswer | undefined> => {
        const { id, requestMac, createdAtMs } = row;
        const added = await db
          .insertInto('given_answer')
          .values({ id, request_mac: requestMac, sealed: null, created_at_ms: createdAtMs })
          .onConflict(conflict => conflict.column('id').doNothing())
          .executeTakeFirst();
        if (added.numInsertedOrUpdatedRows) return undefined;
        const earlier = await db
          .selectFrom('given_answer')
          .select(['request_mac', 'sealed'])
          .where('id', '=', id)
          .executeTakeFirst();
        return earlier && { requestMac: earlier.request_mac, sealed: earlier.sealed ?? undefined };
      }),
    setAnswer: (id: string, sealed: string) =>
      stored(async () => {
        await db.updateTable('given_answer').set({ sealed }).where('id', '=', id).execute();
      }),
    deleteAnswer: (id: string) =>
      stored(async () => {
        await db.deleteFrom('given_answer').where('id', '=', id).execute();
      }),
    deleteAnswersBefore: (createdAtMs: number) =>
      stored(async () => {
        await db.deleteFrom('given_answer').where('created_at_ms', '<', createdAtMs).execute();
      }),
  };
}

export type GivenAnswerStore = ReturnType<typeof answerStore>;
