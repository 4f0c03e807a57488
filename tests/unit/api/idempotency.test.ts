import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Idempotency } from '../../../src/api/idempotency.ts';
import type { Principal } from '../../../src/domain/actor.ts';
import { GatewayError } from '../../../src/domain/errors.ts';
import { openStore, type Store } from '../../../src/store/index.ts';
import { SILENT } from './support.ts';

const KEY = '5f0c1a52-6c1b-4b53-8a0e-3f6f9c0d2e11';
const principal = (userId: string): Principal => {
  return { actor: { kind: 'user', userId, name: userId }, permissions: new Set() };
};
const LAN = principal('lan');
const MINH = principal('minh');
const DAY_MS = 24 * 3600 * 1000;

describe('an idempotency key', () => {
  let folder: string;
  let store: Store;
  let nowMs: number;
  let made: number;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'diemcau-answers-'));
    store = await open();
    nowMs = 1_000_000;
    made = 0;
  });
  afterEach(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });

  const open = () => openStore({ file: join(folder, 'db.sqlite'), log: SILENT });
  const keys = () => new Idempotency(store, () => nowMs);
  const work = async () => {
    made += 1;
    return { id: `site-${made}`, token: 'shown-only-once' };
  };
  const ask = (request: unknown = { name: 'a' }, by: Principal = LAN, key = KEY) =>
    ({ key, by, request }) as const;

  it('gives the same answer to the same request, and creates nothing twice', async () => {
    const idempotency = keys();
    const first = await idempotency.run(ask(), work);
    const second = await idempotency.run(ask(), work);
    expect([first.isReplayed, second.isReplayed]).toEqual([false, true]);
    expect(second.answer).toEqual(first.answer);
    expect(made).toBe(1);
  });

  it('holds over a restart, for a day', async () => {
    await keys().run(ask(), work);
    await store.close();
    store = await open();
    nowMs += DAY_MS;
    expect((await keys().run(ask(), work)).answer).toMatchObject({ id: 'site-1' });
    nowMs += 1;
    expect((await keys().run(ask(), work)).answer).toMatchObject({ id: 'site-2' });
  });

  it('with another body is refused, and the first answer stays', async () => {
    const idempotency = keys();
    await idempotency.run(ask(), work);
    const other = idempotency.run(ask({ name: 'b' }), work);
    await expect(other).rejects.toMatchObject({ code: 'idempotency-conflict' });
    expect((await idempotency.run(ask(), work)).isReplayed).toBe(true);
  });

  it('is each principal’s own', async () => {
    const idempotency = keys();
    await idempotency.run(ask(), work);
    expect((await idempotency.run(ask({ name: 'a' }, MINH), work)).isReplayed).toBe(false);
  });

  it('who comes while the first is under way waits for its answer', async () => {
    const idempotency = keys();
    const all = await Promise.all([1, 2, 3].map(() => idempotency.run(ask(), work)));
    expect(all.map(({ answer }) => answer)).toEqual(Array(3).fill(all[0]?.answer));
    expect(made).toBe(1);
    const other = Promise.all([
      idempotency.run(ask({}, MINH), work),
      idempotency.run(ask({ name: 'c' }, MINH), work),
    ]);
    await expect(other).rejects.toMatchObject({ code: 'idempotency-conflict' });
  });

  it('of a request that failed can be used again', async () => {
    const idempotency = keys();
    const fails = () => Promise.reject(new GatewayError('conflict', 'taken'));
    await expect(idempotency.run(ask(), fails)).rejects.toMatchObject({ code: 'conflict' });
    expect((await idempotency.run(ask(), work)).isReplayed).toBe(false);
  });

  it('of a request in whose middle the program was killed is told as unknown', async () => {
    const never = keys().run(ask(), () => new Promise(() => undefined));
    never.catch(() => undefined); // it never ends
    await store.facts(); // the row is written before this is answered
    await expect(keys().run(ask(), work)).rejects.toMatchObject({ code: 'idempotency-conflict' });
    expect(made).toBe(0);
  });

  it.each(['short', 'x'.repeat(201), 'with spaces in its middle'])('%o is no key', async key => {
    const asked = keys().run(ask({}, LAN, key), work);
    await expect(asked).rejects.toMatchObject({ code: 'bad-request' });
  });

  it('neither the key nor what was shown once is in the database', async () => {
    await keys().run(ask({ pin: '482913' }), work);
    await store.close();
    const dump = readFileSync(join(folder, 'db.sqlite'), 'latin1');
    store = await open();
    for (const secret of [KEY, 'shown-only-once', '482913', 'site-1'])
      expect(dump).not.toContain(secret);
  });
});
