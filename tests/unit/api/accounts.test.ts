import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { peopleOperations } from '../../../src/contract/people.ts';
import { SYSTEM } from '../../../src/domain/actor.ts';
import type { SiteGroupId } from '../../../src/domain/ids.ts';
import type { Store } from '../../../src/store/index.ts';
import { TestBrowser } from './browser.ts';
import { PASSWORD, type StaffedApi, startStaffedApi } from './people.ts';
import { ADMIN_TOKEN } from './support.ts';

let staffed: StaffedApi;
let admin: TestBrowser;
beforeEach(async () => {
  staffed = await startStaffedApi();
  ({ admin } = staffed);
});
afterEach(() => staffed.api.close());

const DAY_MS = 86_400_000;
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
const program = () => new TestBrowser(staffed.api.url);
const userOf = async (login: string) =>
  (await admin.ask('GET', `/users?q=${login}`)).body.items.find(
    (user: { login: string }) => user.login === login,
  );

describe('accounts', () => {
  it('are listed, found without diacritics, sorted and in parts', async () => {
    for (const [login, name] of [
      ['binh', 'Trần Bình'],
      ['dung', 'Đỗ Dũng'],
      ['giang', 'Lê Giang'],
    ])
      await admin.ask('POST', '/users', { body: { login, name, role: 'viewer' } });
    const names = async (query: string) =>
      (await admin.ask('GET', `/users?${query}`)).body.items.map(
        (user: { login: string }) => user.login,
      );
    expect(await names('q=do+dung')).toEqual(['dung']);
    expect(await names(`q=${encodeURIComponent('TRẦN')}`)).toEqual(['binh']);
    expect(await names('sort=-login&limit=2')).toEqual(['giang', 'dung']);
    expect(await names('sort=login&limit=2&offset=2')).toEqual(['dung', 'giang']);
    expect((await admin.ask('GET', '/users?limit=1')).body.total).toBe(4);
  });

  it('a change that has not seen the last one is refused and told what is so now', async () => {
    await staffed.employ('binh', 'viewer');
    const { id, version } = await userOf('binh');
    const change = (name: string, seen: number) =>
      admin.ask('PATCH', `/users/${id}`, { body: { version: seen, name } });
    expect((await change('Bình A', version)).body).toMatchObject({ name: 'Bình A' });
    const lost = await change('Bình B', version);
    expect([lost.status, lost.body.error.code]).toEqual([409, 'version-conflict']);
    expect((await change('Bình B', lost.body.error.details.current)).status).toBe(200);
    expect((await userOf('binh')).name).toBe('Bình B');
  });

  it('a login that is taken is refused, in whatever case', async () => {
    const body = { login: 'AN', name: 'x', role: 'viewer' };
    const answer = await admin.ask('POST', '/users', { body });
    expect([answer.status, answer.body.error.details.field]).toEqual([409, 'login']);
  });

  it('who is disabled is out at once, with sessions and tokens', async () => {
    const binh = await staffed.employ('binh', 'technician');
    const made = await binh.ask('POST', '/me/tokens', {
      body: { name: 't', scopes: ['sites.read'], expiresAtMs: staffed.now() + DAY_MS },
    });
    const { token } = made.body;
    expect((await program().ask('GET', '/session', bearer(token))).body.permissions).toHaveLength(
      1,
    );
    const { id, version } = await userOf('binh');
    await admin.ask('PATCH', `/users/${id}`, { body: { version, disabled: true } });
    expect((await binh.ask('GET', '/me/tokens')).status).toBe(401);
    const after = await program().ask('GET', '/session', bearer(token));
    expect(after.body.permissions).toEqual([]);
    // And comes back without them.
    await admin.ask('PATCH', `/users/${id}`, { body: { version: version + 1, disabled: false } });
    expect((await binh.ask('GET', '/me/tokens')).status).toBe(401);
    expect((await program().signIn('binh', PASSWORD)).status).toBe(200);
  });

  it('a password set by an administrator ends the sessions', async () => {
    const binh = await staffed.employ('binh', 'viewer');
    const { id, version } = await userOf('binh');
    const body = { version, password: 'hai con gà gáy sáng' };
    expect((await admin.ask('PATCH', `/users/${id}`, { body })).status).toBe(200);
    expect((await binh.ask('GET', '/me/tokens')).status).toBe(401);
    expect((await program().signIn('binh', 'hai con gà gáy sáng')).status).toBe(200);
  });

  it('the last administrator stays, whatever is tried', async () => {
    const group = { id: 'g1' as SiteGroupId, name: 'Vùng cao' };
    await (staffed.people.store as Store).insertGroup(group, SYSTEM);
    const { id, version } = await userOf('an');
    const rescue = bearer(ADMIN_TOKEN);
    const tries = [
      await admin.ask('PATCH', `/users/${id}`, { body: { version, role: 'operator' } }),
      await admin.ask('PATCH', `/users/${id}`, { body: { version, disabled: true } }),
      await admin.ask('PATCH', `/users/${id}`, { body: { version, groupIds: ['g1'] } }),
      await admin.ask('DELETE', `/users/${id}`),
      await program().ask('DELETE', `/users/${id}`, rescue),
    ];
    for (const answer of tries)
      expect([answer.status, answer.body.error.code]).toEqual([409, 'conflict']);
    expect(await userOf('an')).toMatchObject({ version, role: 'administrator', disabled: false });
    await staffed.employ('binh', 'administrator');
    expect((await program().ask('DELETE', `/users/${id}`, rescue)).status).toBe(204);
    expect((await admin.ask('GET', '/users')).status).toBe(401);
  });

  it('groups of sites that are not there are refused by name', async () => {
    const body = { login: 'binh', name: 'x', role: 'viewer', groupIds: ['nowhere'] };
    const answer = await admin.ask('POST', '/users', { body });
    expect(answer.status).toBe(400);
    expect(answer.body.error.details).toEqual({ field: 'groupIds', unknown: ['nowhere'] });
  });

  it('of two administrators who take each other’s rights away at once one stays', async () => {
    const binh = await staffed.employ('binh', 'administrator');
    const [one, other] = [await userOf('an'), await userOf('binh')];
    const body = { version: 1, role: 'viewer' };
    const answers = await Promise.all([
      admin.ask('PATCH', `/users/${other.id}`, { body: { ...body, version: other.version } }),
      binh.ask('PATCH', `/users/${one.id}`, { body: { ...body, version: one.version } }),
    ]);
    expect(answers.map(answer => answer.status)).toContain(200);
    const session = (await program().ask('GET', '/session')).body;
    expect(session.setupNeeded).toBe(false);
  });
});

describe('tokens of programs', () => {
  const make = (browser: TestBrowser, more: Record<string, unknown> = {}) =>
    browser.ask('POST', '/me/tokens', {
      body: {
        name: 'Giám sát',
        scopes: ['sites.read'],
        expiresAtMs: staffed.now() + DAY_MS,
        ...more,
      },
    });

  it('are shown once, do what they are for, and are known by their beginning', async () => {
    const made = await make(admin, { scopes: ['people.read'] });
    expect(made.status).toBe(201);
    expect(made.body.token).toMatch(/^dc_[\w-]{43}$/);
    expect(made.body.token.startsWith(made.body.hint)).toBe(true);
    const asked = await program().ask('GET', '/users', bearer(made.body.token));
    expect(asked.status).toBe(200);
    const [listed] = (await admin.ask('GET', '/me/tokens')).body;
    expect(listed).toMatchObject({ name: 'Giám sát', lastUsedAtMs: staffed.now() });
    expect(JSON.stringify(listed)).not.toContain(made.body.token);
    const more = await program().ask('POST', '/users', {
      ...bearer(made.body.token),
      body: { login: 'x1', name: 'x', role: 'viewer' },
    });
    expect([more.status, more.body.error.details.permission]).toEqual([403, 'people.write']);
  });

  it('end in time, and when they are taken back', async () => {
    const { token, id } = (await make(admin, { scopes: ['people.read'] })).body;
    expect((await program().ask('GET', '/users', bearer(token))).status).toBe(200);
    staffed.pass(DAY_MS + 1);
    expect((await program().ask('GET', '/users', bearer(token))).status).toBe(401);
    await admin.signIn('an', PASSWORD);
    expect((await admin.ask('DELETE', `/me/tokens/${id}`)).status).toBe(204);
    expect((await admin.ask('DELETE', `/me/tokens/${id}`)).status).toBe(404);
    expect((await admin.ask('GET', '/me/tokens')).body).toEqual([]);
  });

  it('can do no more than their owner, when made and later', async () => {
    const tech = await staffed.employ('binh', 'technician');
    const refused = await make(tech, { scopes: ['sites.read', 'people.write'] });
    expect([refused.status, refused.body.error.details.permissions]).toEqual([
      403,
      ['people.write'],
    ]);
    const { token } = (await make(tech, { scopes: ['sites.write', 'sites.read'] })).body;
    const { id, version } = await userOf('binh');
    await admin.ask('PATCH', `/users/${id}`, { body: { version, role: 'viewer' } });
    const session = await program().ask('GET', '/session', bearer(token));
    expect(session.body.permissions).toEqual(['sites.read']);
  });

  it.each([0, -DAY_MS, 800 * DAY_MS])('that end in %d ms are not made', async ms => {
    const answer = await make(admin, { expiresAtMs: staffed.now() + ms });
    expect(answer.status).toBe(400);
  });

  it('are nobody’s account: they give themselves nothing', async () => {
    const { token } = (await make(admin, { scopes: ['people.write'] })).body;
    const own = Object.values(peopleOperations).filter(({ access }) => access === 'signed-in');
    expect(own.length).toBeGreaterThan(5);
    const body = {
      name: 'x',
      scopes: ['sites.read'],
      expiresAtMs: staffed.now() + DAY_MS,
    };
    for (const by of [token, ADMIN_TOKEN]) {
      const more = await program().ask('POST', '/me/tokens', { ...bearer(by), body });
      expect([more.status, more.body.error.code]).toEqual([403, 'not-authorized']);
    }
  });

  it.each(['dc_wrong', 'wrong', '', 'Basic eDp5'])('%o is nobody’s', async token => {
    const header = token.startsWith('Basic') ? token : `Bearer ${token}`;
    // Not even of a browser that is signed in: what is said is meant.
    const answer = await admin.ask('GET', '/users', { headers: { authorization: header } });
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toContain('Bearer');
  });
});

describe('the audit log', () => {
  const entries = async (query = '') => (await admin.ask('GET', `/audit?${query}`)).body.items;

  it('says who did what, from where, with what was and what is', async () => {
    await staffed.employ('binh', 'viewer');
    const { id, version } = await userOf('binh');
    await admin.ask('PATCH', `/users/${id}`, { body: { version, role: 'chair', name: 'Bình' } });
    const [changed] = await entries(`entityId=${id}&action=changed`);
    expect(changed).toMatchObject({
      actor: { kind: 'user', name: 'Tên an', id: (await userOf('an')).id },
      entity: 'user',
      before: { role: 'viewer', name: 'binh' },
      after: { role: 'chair', name: 'Bình' },
    });
    expect(changed.actor.address).toContain('127.0.0.1');
  });

  it('has sign-ins, also those that were refused, sign-outs and tokens', async () => {
    await program().signIn('an', 'wrong');
    await program().signIn('nobody', 'wrong');
    await admin.ask('POST', '/me/tokens', {
      body: { name: 't', scopes: ['sites.read'], expiresAtMs: staffed.now() + DAY_MS },
    });
    await admin.ask('DELETE', '/session');
    await admin.signIn('an', PASSWORD);
    const actions = (await entries()).map(({ action, entity }: Record<string, string>) =>
      [entity, action].join(' '),
    );
    for (const action of ['set-up', 'signed-in', 'signed-out', 'sign-in-refused'])
      expect(actions).toContain(`user ${action}`);
    expect(actions).toContain('token created');
    const refused = await entries('action=sign-in-refused');
    expect(refused.map(({ after }: { after: unknown }) => after)).toEqual(
      expect.arrayContaining([
        { login: 'an', reason: 'password' },
        { login: 'nobody', reason: 'password' },
      ]),
    );
  });

  it('is filtered by time and words, and is in parts', async () => {
    const atMs = Date.now();
    expect(await entries(`toMs=${atMs - 3_600_000}`)).toEqual([]);
    expect(await entries('q=khong-co')).toEqual([]);
    expect((await entries('q=ten+an')).length).toBeGreaterThan(0);
    const all = await admin.ask('GET', '/audit?limit=1&offset=1');
    expect(all.body.items).toHaveLength(1);
    expect(all.body.total).toBeGreaterThan(1);
  });

  it('has no secret in it', async () => {
    const password = 'hai con gà gáy sáng';
    const { id, version } = await userOf('an');
    await admin.ask('PATCH', `/users/${id}`, { body: { version, password } });
    const text = JSON.stringify((await program().ask('GET', '/audit', bearer(ADMIN_TOKEN))).body);
    for (const secret of [password, PASSWORD, 'argon2id']) expect(text).not.toContain(secret);
    expect(text).toContain('set anew');
  });
});
