import { type Kysely, type Selectable, sql } from 'kysely';
import type { Binding } from '../domain/site.ts';
import type { BindingStore } from '../sites/ports.ts';
import { isPostgres } from './dialect.ts';
import { stored } from './errors.ts';
import type { Tables } from './schema.ts';

const COLUMNS = [
  'sip_username',
  'contact_uri',
  'source_addr',
  'sip_transport',
  'user_agent',
  'expires_at_ms',
  'sip_call_id',
  'cseq',
  'position',
] as const satisfies (keyof Tables['binding'])[];
const NAMES = sql.join(COLUMNS.map(name => sql.ref(name)));

/** Accounts and bindings out of the JSON they are handed over in, for each database. */
const OUT_OF_JSON = {
  sqlite: {
    accounts: (json: string) => sql`select value from json_each(${json})`,
    bindings: (json: string) => sql`
      select ${sql.join(COLUMNS.map(name => sql`value ->> ${sql.lit(name)}`))}
      from json_each(${json})`,
  },
  postgresql: {
    accounts: (json: string) => sql`select jsonb_array_elements_text(${json}::jsonb)`,
    bindings: (json: string) => sql`
      select ${NAMES} from jsonb_populate_recordset(null::binding, ${json}::jsonb)`,
  },
};

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (err: unknown) => void;
}

/**
 * Registrations in the database. What is saved while a transaction runs shares the
 * next one: a district that registers at once costs a few of them.
 */
export function bindingStore(db: Kysely<Tables>): BindingStore {
  let unsaved = new Map<string, readonly Binding[]>();
  let waiting: Waiting[] = [];
  let isSaving = false;
  const saveAll = async () => {
    const [accounts, waiters] = [unsaved, waiting];
    unsaved = new Map();
    waiting = [];
    try {
      await stored(() => save(db, accounts));
      for (const { resolve } of waiters) resolve();
    } catch (err) {
      for (const { reject } of waiters) reject(err);
    }
  };
  /** Lets those of this turn of the event loop come in first. */
  const saveSoon = () => {
    if (isSaving || waiting.length === 0) return;
    isSaving = true;
    setImmediate(async () => {
      await saveAll();
      isSaving = false;
      saveSoon();
    });
  };
  return {
    loadBindings: () =>
      stored(async () => {
        const rows = await db.selectFrom('binding').selectAll().orderBy('position').execute();
        const byAccount = Map.groupBy(rows, row => row.sip_username);
        return new Map([...byAccount].map(([user, its]) => [user, its.map(toBinding)]));
      }),
    saveBindings: (sipUsername, bindings) =>
      new Promise((resolve, reject) => {
        unsaved.set(sipUsername, bindings);
        waiting.push({ resolve, reject });
        saveSoon();
      }),
  };
}

/**
 * The accounts go to the database as JSON: two statements whose text is always the same, so that
 * neither building nor preparing them costs anything, however many accounts there are.
 */
async function save(
  db: Kysely<Tables>,
  accounts: ReadonlyMap<string, readonly Binding[]>,
): Promise<void> {
  const outOf = OUT_OF_JSON[isPostgres(db) ? 'postgresql' : 'sqlite'];
  const users = JSON.stringify([...accounts.keys()]);
  const rows = [...accounts].flatMap(([user, bindings]) =>
    bindings.map((binding, position) => toRow(user, binding, position)),
  );
  await db.transaction().execute(async trx => {
    await sql`delete from binding where sip_username in (${outOf.accounts(users)})`.execute(trx);
    const values = outOf.bindings(JSON.stringify(rows));
    await sql`insert into binding (${NAMES}) ${values}`.execute(trx);
  });
}

function toRow(
  sipUsername: string,
  { contactUri, sourceAddr, sipTransport, userAgent, expiresAtMs, sipCallId, cseq }: Binding,
  position: number,
): Tables['binding'] {
  return {
    sip_username: sipUsername,
    contact_uri: contactUri,
    source_addr: sourceAddr,
    sip_transport: sipTransport,
    user_agent: userAgent,
    expires_at_ms: expiresAtMs,
    sip_call_id: sipCallId,
    cseq,
    position,
  };
}

function toBinding(row: Selectable<Tables['binding']>): Binding {
  return {
    contactUri: row.contact_uri,
    sourceAddr: row.source_addr,
    sipTransport: row.sip_transport,
    userAgent: row.user_agent,
    expiresAtMs: Number(row.expires_at_ms),
    sipCallId: row.sip_call_id,
    cseq: Number(row.cseq),
  };
}
