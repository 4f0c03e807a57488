import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SYSTEM } from '../../../src/domain/actor.ts';
import type { UserId } from '../../../src/domain/ids.ts';
import type { User } from '../../../src/domain/user.ts';
import { openStore, type Store } from '../../../src/store/index.ts';

const log = pino({ level: 'silent' });
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

let store: Store;
beforeEach(async () => {
  store = await openStore({ file: ':memory:', log });
});
afterEach(() => store.close());

describe('accounts', () => {
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
});

const ALL = { sort: '-atMs', limit: 50, offset: 0 } as const;
