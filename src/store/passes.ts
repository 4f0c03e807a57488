import type { Kysely, Selectable } from 'kysely';
import type { PassStore, StoredPass } from '../conferences/ports.ts';
import type { ConferenceId, ParticipantId } from '../domain/ids.ts';
import { stored } from './errors.ts';
import type { Tables } from './schema.ts';

/** Who may come back into conferences, in the database. */
export function passStore(db: Kysely<Tables>): PassStore {
  return {
    listPasses: () =>
      stored(async () => {
        const rows = await db.selectFrom('visit_pass').selectAll().orderBy('since_ms').execute();
        return rows.map(passOf);
      }),
    savePass: pass =>
      stored(async () => {
        const { token_hash, ...facts } = rowOf(pass);
        await db
          .insertInto('visit_pass')
          .values({ token_hash, ...facts })
          .onConflict(conflict => conflict.column('token_hash').doUpdateSet(facts))
          .execute();
      }),
    deletePasses: tokenHashes =>
      stored(async () => {
        if (tokenHashes.length === 0) return;
        await db.deleteFrom('visit_pass').where('token_hash', 'in', tokenHashes).execute();
      }),
  };
}

function rowOf(pass: StoredPass) {
  return {
    token_hash: pass.tokenHash,
    conference_id: pass.conferenceId,
    participant_id: pass.participantId ?? null,
    chair: Number(pass.chair),
    muted: Number(pass.muted),
    since_ms: pass.sinceMs,
    until_ms: pass.untilMs ?? null,
  };
}

function passOf(row: Selectable<Tables['visit_pass']>): StoredPass {
  return {
    tokenHash: row.token_hash,
    conferenceId: row.conference_id as ConferenceId,
    ...(row.participant_id !== null && { participantId: row.participant_id as ParticipantId }),
    chair: row.chair === 1,
    muted: row.muted === 1,
    sinceMs: row.since_ms,
    ...(row.until_ms !== null && { untilMs: row.until_ms }),
  };
}
