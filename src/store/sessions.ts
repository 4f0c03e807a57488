import type { Kysely, Selectable } from 'kysely';
import type { UserId } from '../domain/ids.ts';
import type { Session } from '../domain/user.ts';
import type { SessionStore } from '../people/ports.ts';
import { recordChange } from './audit.ts';
import { stored } from './errors.ts';
import type { Tables } from './schema.ts';
import { findUser } from './users.ts';

/** Who is signed in, in the database. */
export function sessionStore(db: Kysely<Tables>): SessionStore {
  return {
    insertSession: (session, noted) =>
      stored(() =>
        db.transaction().execute(async trx => {
          await trx.insertInto('session').values(rowOf(session)).execute();
          await trx
            .updateTable('account')
            .set({ last_sign_in_at_ms: session.createdAtMs })
            .where('id', '=', session.userId)
            .execute();
          await recordChange(trx, noted.by, noted);
        }),
      ),
    findSession: idHash =>
      stored(async () => {
        const query = db.selectFrom('session').selectAll().where('id_hash', '=', idHash);
        const row = await query.executeTakeFirst();
        const user = row && (await findUser(db, { id: row.account_id }));
        return user && { session: sessionOf(row), user };
      }),
    touchSession: (idHash, seenAtMs) =>
      stored(async () => {
        const change = db.updateTable('session').set({ seen_at_ms: seenAtMs });
        await change.where('id_hash', '=', idHash).execute();
      }),
    deleteSession: (idHash, noted) =>
      stored(() =>
        db.transaction().execute(async trx => {
          await trx.deleteFrom('session').where('id_hash', '=', idHash).execute();
          if (noted) await recordChange(trx, noted.by, noted);
        }),
      ),
    deleteSessionsBefore: ({ seenAtMs, expiresAtMs }) =>
      stored(async () => {
        const isOver = db
          .deleteFrom('session')
          .where(eb =>
            eb.or([eb('seen_at_ms', '<', seenAtMs), eb('expires_at_ms', '<', expiresAtMs)]),
          );
        await isOver.execute();
      }),
  };
}

function rowOf({ idHash, userId, createdAtMs, seenAtMs, expiresAtMs }: Session) {
  return {
    id_hash: idHash,
    account_id: userId,
    created_at_ms: createdAtMs,
    seen_at_ms: seenAtMs,
    expires_at_ms: expiresAtMs,
  };
}

function sessionOf(row: Selectable<Tables['session']>): Session {
  return {
    idHash: row.id_hash,
    userId: row.account_id as UserId,
    createdAtMs: row.created_at_ms,
    seenAtMs: row.seen_at_ms,
    expiresAtMs: row.expires_at_ms,
  };
}
