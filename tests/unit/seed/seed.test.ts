import { expect, it } from 'vitest';
import { openPeople } from '../../../src/people/people.ts';
import { makeSeed } from '../../../src/seed/district.ts';
import { fill } from '../../../src/seed/fill.ts';
import { computeHa1 } from '../../../src/sip/digest.ts';
import { openStore } from '../../../src/store/index.ts';
import { SILENT } from '../api/support.ts';

let count = 0;
const password = () => {
  count += 1;
  return `a long password ${count}`;
};
const CHEAP = { memoryKib: 8, passes: 1, lanes: 1 };

async function emptyParts() {
  const store = await openStore({ file: ':memory:', log: SILENT });
  const people = openPeople({ store, secret: 'secret', now: Date.now, passwordCosts: CHEAP });
  const ha1 = (user: string, word: string) => computeHa1(user, 'diemcau', word);
  return { store, users: people.users, computeHa1: ha1, password };
}

it.each([24, 150])(
  '%i sites with groups, weekly meetings and an account for each role',
  async sites => {
    const parts = await emptyParts();
    const seed = makeSeed(sites, '2026-11-26', password);
    const accounts = await fill(seed, parts);
    const { store } = parts;
    const made = await store.listSites();
    expect(made.length).toBe(sites);
    expect(new Set(made.map(({ name }) => name)).size).toBe(sites);
    expect(new Set(made.map(({ groupId }) => groupId)).size).toBe(Math.ceil(sites / 25));
    const conferences = await store.listConferences();
    expect(conferences.length).toBe(3 * Math.ceil(sites / 25));
    expect(conferences[0]).toMatchObject({
      schedule: { rrule: 'FREQ=WEEKLY;BYDAY=MO', startsAt: '2026-11-30T07:30' },
    });
    expect(conferences[0]?.members.filter(({ role }) => role === 'hq').length).toBe(1);
    expect(accounts.map(({ role }) => role).sort()).toEqual([
      'administrator',
      'chair',
      'operator',
      'technician',
      'viewer',
    ]);
    await store.close();
  },
);

it('a database that is not empty is left as it is', async () => {
  const parts = await emptyParts();
  const seed = makeSeed(3, '2026-11-26', password);
  await fill(seed, parts);
  await expect(fill(seed, parts)).rejects.toMatchObject({ code: 'conflict' });
  expect((await parts.store.listSites()).length).toBe(3);
  await parts.store.close();
});
