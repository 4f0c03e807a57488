import { type Insertable, type Kysely, type Selectable, sql, type Updateable } from 'kysely';
import type { Role } from '../contract/permissions.ts';
import { GatewayError } from '../domain/errors.ts';
import type { UserId } from '../domain/ids.ts';
import type { User } from '../domain/user.ts';
import type { UserChange, UserChangeOptions, UserQuery, UserStore } from '../people/ports.ts';
import { searchText } from '../util/search-text.ts';
import { recordChange } from './audit.ts';
import { stored } from './errors.ts';
import { orderOf, plainTerms, type SortTerms, textTerms } from './listing.ts';
import type { Tables } from './schema.ts';
import { contains } from './text-search.ts';

type Database = Kysely<Tables>;
type Row = Selectable<Tables['account']>;

const SORT_TERMS: SortTerms = {
  name: textTerms('search'),
  login: textTerms('login'),
  role: textTerms('role'),
  lastSignInAtMs: plainTerms('last_sign_in_at_ms'),
};

/** Accounts in the database. */
export function userStore(db: Database): UserStore {
  return {
    hasAdministrator: () => stored(() => hasAdministrator(db)),
    unknownGroups: ids =>
      stored(async () => {
        if (ids.length === 0) return [];
        const query = db.selectFrom('site_group').select('id').where('id', 'in', ids);
        const known = new Set((await query.execute()).map(({ id }) => id));
        return ids.filter(id => !known.has(id));
      }),
    getUser: id => stored(() => findUser(db, { id })),
    findUserByLogin: login => stored(() => findUser(db, { login })),
    findUserByIdentity: identity => stored(() => findUser(db, identity)),
    listUsers: query => stored(() => listUsers(db, query)),
    insertUser: (user, noted, { first = false } = {}) =>
      stored(() =>
        db.transaction().execute(async trx => {
          if (first) await beFirst(trx);
          await trx.insertInto('account').values(rowOf(user)).execute();
          await setGroups(trx, user.id, user.groupIds);
          await recordChange(trx, noted.by, noted);
        }),
      ),
    changeUser: (id, change, options) =>
      stored(() => db.transaction().execute(trx => changeUser(trx, id, change, options))),
    deleteUser: (id, noted) =>
      stored(() =>
        db.transaction().execute(async trx => {
          await lockAdministrators(trx);
          const gone = await trx.deleteFrom('account').where('id', '=', id).executeTakeFirst();
          if (gone.numDeletedRows === 0n) return false;
          await refuseLockedOut(trx);
          await recordChange(trx, noted.by, noted);
          return true;
        }),
      ),
    takeStep: (id, step) =>
      stored(async () => {
        const change = db
          .updateTable('account')
          .set({ totp_step: step })
          .where('id', '=', id)
          .where('totp_step', '<', step);
        return (await change.executeTakeFirst()).numUpdatedRows > 0n;
      }),
    takeRecoveryCode: (id, hash) =>
      stored(async () => {
        const removal = db
          .deleteFrom('recovery_code')
          .where('account_id', '=', id)
          .where('hash', '=', hash);
        return (await removal.executeTakeFirst()).numDeletedRows > 0n;
      }),
  };
}

/** The account these columns are of, with its groups. */
export async function findUser(
  db: Database,
  where: Partial<Pick<Row, 'id' | 'login' | 'issuer' | 'subject'>>,
): Promise<User | undefined> {
  const query = db.selectFrom('account').selectAll();
  const row = await query.where(eb => eb.and(where)).executeTakeFirst();
  return row && (await withGroups(db, [row]))[0];
}

async function listUsers(db: Database, { q, sort, limit, offset }: UserQuery) {
  const matching = db.selectFrom('account').where(contains('search', q));
  let sorted = matching.selectAll();
  for (const term of orderOf(db, sort, SORT_TERMS)) sorted = sorted.orderBy(term);
  const rows = await sorted.limit(limit).offset(offset).execute();
  const { total } = await matching
    .select(eb => eb.fn.countAll().as('total'))
    .executeTakeFirstOrThrow();
  return { items: await withGroups(db, rows), total: Number(total) };
}

async function changeUser(
  trx: Database,
  id: UserId,
  change: UserChange,
  { noted, version, endsSessions, endsTokens }: UserChangeOptions,
): Promise<User | undefined> {
  const isLess = change.disabled === true || change.role !== undefined || change.groupIds;
  if (isLess) await lockAdministrators(trx);
  const before = await trx
    .updateTable('account')
    .set(eb => ({ ...columnsOf(change), version: eb('version', '+', 1) }))
    .where('id', '=', id)
    .$if(version !== undefined, query => query.where('version', '=', version ?? 0))
    .executeTakeFirst();
  const user = await findUser(trx, { id });
  if (!user) return undefined;
  if (before.numUpdatedRows === 0n)
    throw new GatewayError(
      'version-conflict',
      'Somebody else has changed this account meanwhile. Look at it again, then change it.',
      { details: { current: user.version } },
    );
  if (change.groupIds) await setGroups(trx, id, change.groupIds);
  if (change.secondFactor !== undefined)
    await setRecoveryCodes(trx, id, change.secondFactor?.recoveryHashes ?? []);
  if (isLess) await refuseLockedOut(trx);
  if (endsSessions) await endSessions(trx, id, endsSessions);
  if (endsTokens) await trx.deleteFrom('api_token').where('account_id', '=', id).execute();
  const after = (await findUser(trx, { id })) ?? user;
  const search = searchText(after.name, after.login);
  await trx.updateTable('account').set({ search }).where('id', '=', id).execute();
  if (noted) await recordChange(trx, noted.by, noted);
  return after;
}

function columnsOf({ name, role, passwordHash, disabled, secondFactor }: UserChange) {
  const columns: Updateable<Tables['account']> = {
    ...(name !== undefined && { name }),
    ...(role !== undefined && { role }),
    ...(passwordHash !== undefined && { password_hash: passwordHash }),
    ...(disabled !== undefined && { disabled: Number(disabled) }),
    ...(secondFactor !== undefined && {
      sealed_totp: secondFactor?.sealedSecret ?? null,
      totp_step: secondFactor?.lastStep ?? null,
    }),
  };
  return columns;
}

async function endSessions(trx: Database, id: UserId, which: 'all' | { readonly except: string }) {
  const own = trx.deleteFrom('session').where('account_id', '=', id);
  await (which === 'all' ? own : own.where('id_hash', '!=', which.except)).execute();
}

async function setGroups(trx: Database, id: UserId, groupIds: readonly string[]) {
  await trx.deleteFrom('account_group').where('account_id', '=', id).execute();
  if (groupIds.length === 0) return;
  const rows = groupIds.map(groupId => ({ account_id: id, group_id: groupId }));
  await trx.insertInto('account_group').values(rows).execute();
}

async function setRecoveryCodes(trx: Database, id: UserId, hashes: readonly string[]) {
  await trx.deleteFrom('recovery_code').where('account_id', '=', id).execute();
  if (hashes.length === 0) return;
  const rows = hashes.map(hash => ({ account_id: id, hash }));
  await trx.insertInto('recovery_code').values(rows).execute();
}

/** Somebody who can sign in and may do everything, everywhere. */
async function hasAdministrator(db: Database): Promise<boolean> {
  const limited = db.selectFrom('account_group').select('account_id');
  const found = await db
    .selectFrom('account')
    .select('id')
    .where('role', '=', 'administrator')
    .where('disabled', '=', 0)
    .where('id', 'not in', limited)
    .where(eb => eb.or([eb('password_hash', 'is not', null), eb('issuer', 'is not', null)]))
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
}

/** So that of two who take each other's rights away at once, the second sees what the first did. */
async function lockAdministrators(trx: Database): Promise<void> {
  const same = { version: sql<number>`version` };
  await trx.updateTable('account').set(same).where('role', '=', 'administrator').execute();
}

async function refuseLockedOut(trx: Database): Promise<void> {
  if (await hasAdministrator(trx)) return;
  const message = 'This is the last administrator. Make another one first.';
  throw new GatewayError('conflict', message);
}

async function beFirst(trx: Database): Promise<void> {
  await trx.deleteFrom('first_account').execute();
  await trx.insertInto('first_account').values({ only: 1 }).execute();
  if (!(await hasAdministrator(trx))) return;
  const message = 'There is an administrator already. Sign in, or ask that one for an account.';
  throw new GatewayError('conflict', message);
}

function rowOf(user: User): Insertable<Tables['account']> {
  const { id, login, name, role, passwordHash, identity, disabled, version, createdAtMs } = user;
  return {
    id,
    login,
    name,
    role,
    password_hash: passwordHash ?? null,
    sealed_totp: user.secondFactor?.sealedSecret ?? null,
    totp_step: user.secondFactor?.lastStep ?? null,
    issuer: identity?.issuer ?? null,
    subject: identity?.subject ?? null,
    disabled: Number(disabled),
    version,
    created_at_ms: createdAtMs,
    last_sign_in_at_ms: user.lastSignInAtMs ?? null,
    search: searchText(name, login),
  };
}

async function withGroups(db: Database, rows: readonly Row[]): Promise<User[]> {
  const ids = rows.map(row => row.id);
  const query = db.selectFrom('account_group').selectAll().orderBy('group_id');
  const groups = ids.length > 0 ? await query.where('account_id', 'in', ids).execute() : [];
  const groupIdsOf = (id: string) =>
    groups.filter(group => group.account_id === id).map(group => group.group_id);
  return rows.map(row => userOf(row, groupIdsOf(row.id)));
}

function userOf(row: Row, groupIds: readonly string[]): User {
  const { id, login, name, role, issuer, subject, version } = row;
  return {
    id: id as UserId,
    login,
    name,
    role: role as Role,
    groupIds,
    ...(row.password_hash !== null && { passwordHash: row.password_hash }),
    ...(row.sealed_totp !== null && {
      secondFactor: { sealedSecret: row.sealed_totp, lastStep: row.totp_step ?? 0 },
    }),
    ...(issuer !== null && subject !== null && { identity: { issuer, subject } }),
    disabled: row.disabled !== 0,
    version,
    createdAtMs: row.created_at_ms,
    ...(row.last_sign_in_at_ms !== null && { lastSignInAtMs: row.last_sign_in_at_ms }),
  };
}
