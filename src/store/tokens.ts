import type { Kysely, Selectable } from 'kysely';
import type { UserId } from '../domain/ids.ts';
import type { ApiToken } from '../domain/user.ts';
import type { TokenStore } from '../people/ports.ts';
import { recordChange } from './audit.ts';
import { stored } from './errors.ts';
import type { Tables } from './schema.ts';
import { findUser } from './users.ts';

/** Tokens of programs, in the database. */
export function tokenStore(db: Kysely<Tables>): TokenStore {
  return {
    insertToken: (token, noted) =>
      stored(() =>
        db.transaction().execute(async trx => {
          await trx.insertInto('api_token').values(rowOf(token)).execute();
          await recordChange(trx, noted.by, noted);
        }),
      ),
    listTokens: userId =>
      stored(async () => {
        const query = db.selectFrom('api_token').selectAll().where('account_id', '=', userId);
        const rows = await query.orderBy('created_at_ms', 'desc').orderBy('id').execute();
        return rows.map(tokenOf);
      }),
    findToken: hash =>
      stored(async () => {
        const query = db.selectFrom('api_token').selectAll().where('hash', '=', hash);
        const row = await query.executeTakeFirst();
        const user = row && (await findUser(db, { id: row.account_id }));
        return user && { token: tokenOf(row), user };
      }),
    touchToken: (id, lastUsedAtMs) =>
      stored(async () => {
        const change = db.updateTable('api_token').set({ last_used_at_ms: lastUsedAtMs });
        await change.where('id', '=', id).execute();
      }),
    deleteToken: (userId, id, noted) =>
      stored(() =>
        db.transaction().execute(async trx => {
          const own = trx.deleteFrom('api_token').where('account_id', '=', userId);
          const gone = await own.where('id', '=', id).executeTakeFirst();
          if (gone.numDeletedRows === 0n) return false;
          await recordChange(trx, noted.by, noted);
          return true;
        }),
      ),
  };
}

function rowOf(token: ApiToken) {
  return {
    id: token.id,
    account_id: token.userId,
    name: token.name,
    hint: token.hint,
    hash: token.hash,
    scopes: JSON.stringify(token.scopes),
    expires_at_ms: token.expiresAtMs,
    created_at_ms: token.createdAtMs,
    last_used_at_ms: token.lastUsedAtMs ?? null,
  };
}

function tokenOf(row: Selectable<Tables['api_token']>): ApiToken {
  return {
    id: row.id,
    userId: row.account_id as UserId,
    name: row.name,
    hint: row.hint,
    hash: row.hash,
    scopes: JSON.parse(row.scopes),
    expiresAtMs: row.expires_at_ms,
    createdAtMs: row.created_at_ms,
    ...(row.last_used_at_ms !== null && { lastUsedAtMs: row.last_used_at_ms }),
  };
}
