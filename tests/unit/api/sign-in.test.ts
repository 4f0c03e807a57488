import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isThisMachine } from '../../../src/api/auth.ts';
import { setupCodeOf } from '../../../src/people/random-words.ts';
import { SESSION_LIMITS } from '../../../src/people/sessions.ts';
import { TestBrowser } from './browser.ts';
import { PASSWORD, type StaffedApi, startStaffedApi } from './people.ts';
import { ADMIN_TOKEN, fakeCore, freshPeople, PEOPLE_SECRET, startApi } from './support.ts';

let staffed: StaffedApi;
beforeEach(async () => {
  staffed = await startStaffedApi();
});
afterEach(() => staffed.api.close());

const stranger = () => new TestBrowser(staffed.api.url);
const sessionOf = async (browser: TestBrowser) => (await browser.ask('GET', '/session')).body;

describe('the first start', () => {
  it('an administrator is made by the setup code alone, once', async () => {
    const people = await freshPeople();
    const api = await startApi(fakeCore(), { people });
    try {
      const browser = new TestBrowser(api.url);
      expect(await sessionOf(browser)).toMatchObject({ setupNeeded: true, permissions: [] });
      const wrong = await browser.setUp('aaaa-bbbb', 'an', PASSWORD);
      expect([wrong.status, wrong.body.error.code]).toEqual([403, 'not-authorized']);
      const right = await browser.setUp(setupCodeOf(PEOPLE_SECRET), 'An', PASSWORD);
      expect(right.status).toBe(201);
      expect(right.body).toMatchObject({ user: { login: 'an', role: 'administrator' } });
      expect(await sessionOf(browser)).toMatchObject({ setupNeeded: false });
      const again = await browser.setUp(setupCodeOf(PEOPLE_SECRET), 'binh', PASSWORD);
      expect([again.status, again.body.error.code]).toEqual([409, 'conflict']);
    } finally {
      await api.close();
    }
  });

  it('of two who set up at once one is the first', async () => {
    const people = await freshPeople();
    const api = await startApi(fakeCore(), { people });
    try {
      const tries = ['an', 'binh'].map(login =>
        new TestBrowser(api.url).setUp(setupCodeOf(PEOPLE_SECRET), login, PASSWORD),
      );
      expect((await Promise.all(tries)).map(answer => answer.status).sort()).toEqual([201, 409]);
    } finally {
      await api.close();
    }
  });

  it('a setup code is not guessed: after some tries there is a wait', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 12; i++)
      statuses.push((await stranger().setUp('x', 'x1', PASSWORD)).status);
    expect(new Set(statuses.slice(0, 9))).toEqual(new Set([403]));
    expect(statuses.at(-1)).toBe(429);
  });
});

describe('signing in', () => {
  it('gives who one is, what one may do, and a cookie that pages cannot read', async () => {
    const browser = stranger();
    const answer = await browser.signIn('  AN ', PASSWORD);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ user: { login: 'an' }, setupNeeded: false });
    expect(answer.body.permissions).toContain('people.write');
    const [cookie = ''] = [answer.headers['set-cookie'] ?? []].flat();
    expect(cookie).toMatch(/^diemcau=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(await sessionOf(browser)).toMatchObject({ user: { login: 'an' } });
  });

  it('over https the cookie is for https only', async () => {
    const browser = new TestBrowser(`https://127.0.0.1:${staffed.api.httpsPort}`);
    const answer = await browser.signIn('an', PASSWORD);
    const [cookie = ''] = [answer.headers['set-cookie'] ?? []].flat();
    expect(cookie).toMatch(
      /^__Host-diemcau=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
    expect(await sessionOf(browser)).toMatchObject({ user: { login: 'an' } });
  });

  it.each([
    ['127.0.0.1', true],
    ['127.8.8.8', true],
    ['::1', true],
    ['::ffff:127.0.0.1', true],
    ['::ffff:10.0.0.1', false],
    ['10.127.0.1', false],
    ['2001:db8::1', false],
    ['', false],
  ])('a password over plain http from %o is taken: %s', (address, isTaken) => {
    expect(isThisMachine(address)).toBe(isTaken);
  });

  it('the same letters written in the other way are the same password', async () => {
    const answer = await stranger().signIn('an', PASSWORD.normalize('NFD'));
    expect(answer.status).toBe(200);
  });

  it('a session somebody put into the browser is worth nothing, before and after (fixation)', async () => {
    const browser = stranger();
    const planted = 'planted-by-somebody-else';
    browser.cookies.set('diemcau', planted);
    await browser.signIn('an', PASSWORD);
    const first = browser.cookies.get('diemcau');
    expect(first).not.toBe(planted);
    const thief = stranger();
    thief.cookies.set('diemcau', planted);
    expect((await sessionOf(thief)).user).toBeUndefined();
    // Signing in again changes it again, and the former one is over.
    await browser.signIn('an', PASSWORD);
    expect(browser.cookies.get('diemcau')).not.toBe(first);
    thief.cookies.set('diemcau', first ?? '');
    expect((await sessionOf(thief)).user).toBeUndefined();
  });

  it('signing out ends it, for whoever has the cookie', async () => {
    const { admin } = staffed;
    const copy = stranger();
    copy.cookies.set('diemcau', admin.cookies.get('diemcau') ?? '');
    expect((await admin.ask('DELETE', '/session')).status).toBe(204);
    expect(admin.cookies.size).toBe(0);
    expect((await sessionOf(copy)).user).toBeUndefined();
    expect((await copy.ask('GET', '/users')).status).toBe(401);
  });

  it('a session nobody uses ends, and one that is used ends too, later', async () => {
    const { admin, pass } = staffed;
    pass(SESSION_LIMITS.idleMs - 1000);
    expect((await admin.ask('GET', '/users')).status).toBe(200);
    pass(SESSION_LIMITS.idleMs - 1000);
    expect((await admin.ask('GET', '/users')).status).toBe(200);
    pass(SESSION_LIMITS.idleMs + 1000);
    expect((await admin.ask('GET', '/users')).status).toBe(401);
    await admin.signIn('an', PASSWORD);
    for (let usedMs = 0; usedMs < SESSION_LIMITS.wholeMs; usedMs += SESSION_LIMITS.idleMs / 2) {
      expect((await admin.ask('GET', '/users')).status).toBe(200);
      pass(SESSION_LIMITS.idleMs / 2);
    }
    expect((await admin.ask('GET', '/users')).status).toBe(401);
  });

  it('a new password ends the other sessions, and the own one goes on', async () => {
    const { admin } = staffed;
    const other = stranger();
    await other.signIn('an', PASSWORD);
    const change = (current: string) =>
      admin.ask('PUT', '/me/password', { body: { current, password: 'hai con gà gáy sáng' } });
    expect((await change('not my password')).body.error.code).toBe('sign-in-refused');
    expect((await change(PASSWORD)).status).toBe(204);
    expect((await admin.ask('GET', '/users')).status).toBe(200);
    expect((await other.ask('GET', '/users')).status).toBe(401);
    expect((await stranger().signIn('an', PASSWORD)).status).toBe(401);
    expect((await stranger().signIn('an', 'hai con gà gáy sáng')).status).toBe(200);
  });

  it.each(['123456789012', 'passwordpassword', 'matkhau2026!!', 'aaaaaaaaaaaa', 'an an an an an'])(
    'the password %s is not taken',
    async password => {
      const body = { current: PASSWORD, password };
      const answer = await staffed.admin.ask('PUT', '/me/password', { body });
      expect([answer.status, answer.body.error.code]).toEqual([400, 'bad-request']);
    },
  );
});

describe('guessing', () => {
  it('an account that is not there, a wrong password and a disabled account are told alike', async () => {
    await staffed.employ('binh', 'viewer');
    const [binh] = (await staffed.admin.ask('GET', '/users?q=binh')).body.items;
    const body = { version: binh.version, disabled: true };
    expect((await staffed.admin.ask('PATCH', `/users/${binh.id}`, { body })).status).toBe(200);
    const answers = [
      await stranger().signIn('nobody', PASSWORD),
      await stranger().signIn('an', 'a wrong password'),
      await stranger().signIn('binh', PASSWORD),
    ];
    for (const answer of answers) {
      expect(answer.status).toBe(401);
      expect(answer.body).toEqual(answers[0]?.body);
      expect(answer.headers['set-cookie']).toBeUndefined();
    }
  });

  it('gets slower with each guess at one account, there or not, and the right password waits too', async () => {
    for (const login of ['an', 'nobody']) {
      const guesses = await Promise.all(
        Array.from({ length: 8 }, (_, i) => stranger().signIn(login, `guess ${i}`)),
      );
      const statuses = guesses.map(answer => answer.status).sort();
      expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
      const told = guesses.find(answer => answer.status === 429);
      expect(told?.body.error.code).toBe('rate-limited');
      expect(told?.headers['retry-after']).toBe(String(told?.body.error.details.retryAfterSec));
      staffed.pass(600_000);
    }
    for (let i = 0; i < 5; i++) await stranger().signIn('an', `guess ${i}`);
    expect((await stranger().signIn('an', PASSWORD)).status).toBe(429);
    staffed.pass(60_000);
    expect((await stranger().signIn('an', PASSWORD)).status).toBe(200);
  });

  it('at many accounts from one address is stopped as well', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 21; i++) statuses.push((await stranger().signIn(`user-${i}`, 'x')).status);
    expect(statuses.filter(status => status === 401)).toHaveLength(20);
    expect(statuses.at(-1)).toBe(429);
  });
});

describe('changes by a cookie', () => {
  const body = { login: 'evil', name: 'Evil', role: 'administrator' };

  it('need the session’s own token', async () => {
    const { admin } = staffed;
    const other = stranger();
    await other.signIn('an', PASSWORD);
    for (const token of [undefined, 'x', other.csrfToken]) {
      const forged = stranger();
      for (const [name, value] of admin.cookies) forged.cookies.set(name, value);
      forged.csrfToken = token;
      const answer = await forged.ask('POST', '/users', { body });
      expect([answer.status, answer.body.error.code]).toEqual([403, 'csrf-refused']);
      expect((await forged.ask('GET', '/users')).status).toBe(200);
    }
    expect((await admin.ask('POST', '/users', { body })).status).toBe(201);
  });

  it.each(['https://evil.example', 'null', 'http://127.0.0.1:1'])(
    'are refused from a page of %s, with the right token too',
    async origin => {
      const answer = await staffed.admin.ask('POST', '/users', { body, headers: { origin } });
      expect([answer.status, answer.body.error.code]).toEqual([403, 'csrf-refused']);
    },
  );

  it('nobody is signed in to another’s account by a foreign page', async () => {
    const headers = { origin: 'https://evil.example' };
    const signIn = { login: 'an', password: PASSWORD };
    const answer = await stranger().ask('POST', '/session', { body: signIn, headers });
    expect([answer.status, answer.body.error.code]).toEqual([403, 'csrf-refused']);
    const form = { 'content-type': 'text/plain' };
    const plain = await stranger().ask('POST', '/session', {
      body: JSON.stringify(signIn),
      headers: form,
    });
    expect(plain.status).toBe(400);
  });

  it('a program’s token needs none', async () => {
    const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
    const answer = await stranger().ask('POST', '/users', { body, headers });
    expect(answer.status).toBe(201);
  });
});
