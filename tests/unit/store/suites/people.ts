import { beforeEach, expect, it } from 'vitest';
import { SYSTEM } from '../../../../src/domain/actor.ts';
import type { UserId } from '../../../../src/domain/ids.ts';
import type { User } from '../../../../src/domain/user.ts';
import type { Store } from '../../../../src/store/index.ts';
import type { Databases } from '../../../support/postgres/both.ts';

const noted = (action: string) => ({ by: SYSTEM, action, entity: 'user' });
const AN: User = {
  id: 'u1' as UserId,
  login: 'an',
  name: 'Nguyễn An',
  role: 'administrator',
  groupIds: [],
  passwordHash: '$argon2id$x',
  disabled: false,
  version: 1,
  createdAtMs: 5,
};

const ALL = { sort: '-atMs', limit: 50, offset: 0 } as const;

export function people(databases: Databases): void {
  let store: Store;
  beforeEach(async () => {
    store = await databases.store();
  });

  it('are given back as they were put in', async () => {
    const identity = { issuer: 'https://sso.vn', subject: 's-1' };
    const full = { ...AN, groupIds: ['g1', 'g2'], identity };
    await store.insertUser(full, noted('created'));
    expect(await store.getUser(AN.id)).toEqual(full);
    expect(await store.findUserByLogin('an')).toEqual(full);
    expect(await store.findUserByIdentity(identity)).toEqual(full);
    expect(await store.findUserByIdentity({ ...identity, issuer: 'https://x.vn' })).toBeUndefined();
  });

  it('the same person of one issuer has one account', async () => {
    const identity = { issuer: 'https://sso.vn', subject: 's-1' };
    await store.insertUser({ ...AN, identity }, noted('created'));
    const twin = { ...AN, id: 'u2' as UserId, login: 'binh', identity };
    await expect(store.insertUser(twin, noted('created'))).rejects.toThrow();
    expect(await store.findUserByLogin('binh')).toBeUndefined();
    expect((await store.listAudit(ALL)).total).toBe(1);
  });

  it('a time step is taken once, and none before it', async () => {
    await store.insertUser(AN, noted('created'));
    const secondFactor = { sealedSecret: 'v1.x', lastStep: 7, recoveryHashes: ['h1', 'h2'] };
    await store.changeUser(AN.id, { secondFactor }, {});
    const taken = [];
    for (const step of [7, 6, 9, 9, 8, 10]) taken.push(await store.takeStep(AN.id, step));
    expect(taken).toEqual([false, false, true, false, false, true]);
    expect(await store.takeRecoveryCode(AN.id, 'h1')).toBe(true);
    expect(await store.takeRecoveryCode(AN.id, 'h1')).toBe(false);
    await store.changeUser(AN.id, { secondFactor: null }, {});
    expect(await store.takeRecoveryCode(AN.id, 'h2')).toBe(false);
    expect((await store.getUser(AN.id))?.secondFactor).toBeUndefined();
  });

  it('take their sessions and tokens with them, and stay in the audit log', async () => {
    await store.insertUser(AN, noted('created'));
    const other = { ...AN, id: 'u2' as UserId, login: 'binh' };
    await store.insertUser(other, noted('created'));
    const times = { createdAtMs: 1, expiresAtMs: 9 };
    const session = { idHash: 's', userId: other.id, seenAtMs: 1, ...times };
    await store.insertSession(session, noted('signed-in'));
    expect((await store.findSession('s'))?.user.lastSignInAtMs).toBe(1);
    const token = { id: 't', userId: other.id, name: 'x', hint: 'dc_', hash: 'h', scopes: [] };
    await store.insertToken({ ...token, ...times }, noted('created'));
    expect(await store.deleteUser(other.id, noted('deleted'))).toBe(true);
    expect(await store.findSession('s')).toBeUndefined();
    expect(await store.findToken('h')).toBeUndefined();
    const actions = (await store.listAudit(ALL)).items.map(({ action }) => action);
    expect(actions.sort()).toEqual(['created', 'created', 'created', 'deleted', 'signed-in']);
  });

  it('sessions that are over are swept away', async () => {
    await store.insertUser(AN, noted('created'));
    for (const [idHash, seenAtMs, expiresAtMs] of [
      ['idle', 10, 100],
      ['old', 50, 40],
      ['alive', 50, 100],
    ] as const)
      await store.insertSession(
        { idHash, userId: AN.id, createdAtMs: 1, seenAtMs, expiresAtMs },
        noted('signed-in'),
      );
    await store.deleteSessionsBefore({ seenAtMs: 20, expiresAtMs: 60 });
    const left = await Promise.all(['idle', 'old', 'alive'].map(id => store.findSession(id)));
    expect(left.map(found => found !== undefined)).toEqual([false, false, true]);
  });

  it('are counted, sorted and found alike', async () => {
    for (const [id, login, name, lastSignInAtMs] of [
      ['u1', 'an', 'Nguyễn An', 3],
      ['u2', 'binh', 'Đỗ Bình', undefined],
      ['u3', 'Zed', 'ông Ích', 9],
    ] as const)
      await store.insertUser(
        { ...AN, id: id as UserId, login, name, ...(lastSignInAtMs && { lastSignInAtMs }) },
        noted('created'),
      );
    const logins = async (query: { q?: string; sort?: string; offset?: number }) => {
      const asked = { sort: 'name', limit: 2, offset: 0, ...query };
      const { items, total } = await store.listUsers(asked);
      return [items.map(({ login }) => login), total];
    };
    expect(await logins({})).toEqual([['binh', 'an'], 3]);
    expect(await logins({ offset: 2 })).toEqual([['Zed'], 3]);
    expect(await logins({ sort: '-lastSignInAtMs' })).toEqual([['Zed', 'an'], 3]);
    expect(await logins({ q: 'do BINH' })).toEqual([['binh'], 1]);
    for (const q of ["' OR '1'='1", '%', '_', '!', "'; DROP TABLE account; --", '\\'])
      expect(await logins({ q })).toEqual([[], 0]);
  });

  it('the last who may do everything stays, also when two change at once', async () => {
    const other = { ...AN, id: 'u2' as UserId, login: 'binh' };
    await store.insertUser(AN, noted('created'));
    await store.insertUser(other, noted('created'));
    const changes = await Promise.allSettled([
      store.changeUser(AN.id, { role: 'viewer' }, { noted: noted('changed') }),
      store.changeUser(other.id, { disabled: true }, { noted: noted('changed') }),
    ]);
    expect(changes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await store.hasAdministrator()).toBe(true);
    expect((await store.listAudit({ ...ALL, action: 'changed' })).total).toBe(1);
  });

  it('of two who are the first one is', async () => {
    const other = { ...AN, id: 'u2' as UserId, login: 'binh' };
    const tries = await Promise.allSettled(
      [AN, other].map(user => store.insertUser(user, noted('set-up'), { first: true })),
    );
    expect(tries.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await store.listUsers({ sort: 'name', limit: 9, offset: 0 })).total).toBe(1);
  });

  it('of two who have seen the same version one changes it', async () => {
    await store.insertUser(AN, noted('created'));
    const changes = await Promise.allSettled(
      ['A', 'B'].map(name => store.changeUser(AN.id, { name }, { version: 1 })),
    );
    expect(changes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const lost = changes.find(({ status }) => status === 'rejected');
    expect(lost).toMatchObject({ reason: { code: 'version-conflict', details: { current: 2 } } });
  });

  it('the audit log is filtered, and nothing in a filter is more than a word', async () => {
    for (const [action, entityId] of [
      ['created', 'u1'],
      ['changed', 'u1'],
      ['changed', 'u2'],
    ] as const)
      await store.note({ by: SYSTEM, action, entity: 'user', entityId, after: { name: 'Đỗ' } });
    const count = async (filter: object) => (await store.listAudit({ ...ALL, ...filter })).total;
    expect(await count({ action: 'changed', entityId: 'u1' })).toBe(1);
    expect(await count({ q: 'do' })).toBe(3);
    expect(await count({ fromMs: Date.now() + 60_000 })).toBe(0);
    expect(await count({ toMs: Date.now() + 60_000 })).toBe(3);
    for (const text of ["' OR '1'='1", '%', '_', "u1' --"])
      for (const name of ['q', 'entity', 'entityId', 'actorId', 'action'])
        expect(await count({ [name]: text })).toBe(0);
  });
}
