import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Oidc } from '../../../src/config/oidc.ts';
import { openIdProvider } from '../../../src/oidc/index.ts';
import type { People } from '../../../src/people/people.ts';
import { send, TestBrowser } from './browser.ts';
import { CLIENT, type Organisation, startOrganisation } from './organisation.ts';
import { fakeCore, freshPeople, type RunningApi, startApi } from './support.ts';

let organisation: Organisation;
let api: RunningApi;
let people: People;
let nowMs: number;
beforeEach(async () => {
  // The provider tells each time that it is not set up for more than a test.
  for (const how of ['info', 'warn'] as const)
    vi.spyOn(console, how).mockImplementation(() => undefined);
  nowMs = Date.now();
  organisation = await startOrganisation();
  const settings = Oidc.parse({
    issuer: organisation.issuer,
    ...CLIENT,
    name: 'Cổng huyện',
    scope: 'openid profile',
    roleClaim: 'access.roles',
    roles: 'dc-admin=administrator, dc-tech=technician',
    groupClaim: 'access.departments',
    groups: { highlands: 'group-1' },
  });
  const redirectUrl = () => `${api.url}/api/v1/oidc/callback`;
  const provider = openIdProvider({ settings, redirectUrl });
  people = await freshPeople(() => nowMs, provider);
  api = await startApi(fakeCore(), { people });
  organisation.serve(redirectUrl());
});
afterEach(async () => {
  await api.close();
  await organisation.close();
  vi.restoreAllMocks();
});

const vouchFor = (sub: string, login: string, roles: readonly string[], more = {}) => {
  organisation.people.set(sub, {
    name: `Tên ${login}`,
    preferred_username: login,
    access: { roles, ...more },
  });
  organisation.who = sub;
};

/** Follows the browser through the provider, up to the request that comes back to us. */
async function throughProvider(browser: TestBrowser): Promise<string> {
  const atProvider = new Map<string, string>();
  const start = await browser.ask('GET', '/oidc/start');
  let url = String(start.headers.location);
  while (url.startsWith(organisation.issuer)) {
    const cookie = [...atProvider].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await send('GET', url, undefined, cookie ? { cookie } : {});
    for (const line of [answer.headers['set-cookie'] ?? []].flat()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      atProvider.set(name, value);
    }
    if (answer.status >= 400) throw new Error(`the provider: ${JSON.stringify(answer.body)}`);
    url = new URL(String(answer.headers.location), organisation.issuer).href;
  }
  return url.replace(`${api.url}/api/v1`, '');
}

async function signIn(browser = new TestBrowser(api.url)) {
  const answer = await browser.ask('GET', await throughProvider(browser));
  const session = (await browser.ask('GET', '/session')).body;
  return { location: answer.headers.location, session, browser };
}

describe('the organisation’s own sign-in', () => {
  it('is told to the pages, and makes an account with the role its claim says', async () => {
    const before = (await new TestBrowser(api.url).ask('GET', '/session')).body;
    expect(before).toMatchObject({ organisationSignIn: 'Cổng huyện', setupNeeded: true });
    vouchFor('s-1', 'Đặng.An', ['staff', 'dc-admin']);
    const { location, session, browser } = await signIn();
    expect(location).toBe('/admin');
    expect(session.user).toMatchObject({
      login: 'dang.an',
      name: 'Tên Đặng.An',
      role: 'administrator',
      groupIds: [],
    });
    expect(session.setupNeeded).toBe(false);
    browser.csrfToken = session.csrfToken;
    const body = { login: 'binh', name: 'Bình', role: 'viewer' };
    expect((await browser.ask('POST', '/users', { body })).status).toBe(201);
  });

  it('finds the account again, with the role and groups the organisation gives now', async () => {
    vouchFor('s-0', 'admin', ['dc-admin']);
    await signIn();
    vouchFor('s-1', 'an', ['dc-admin']);
    const first = await signIn();
    vouchFor('s-1', 'renamed', ['dc-tech'], { departments: ['highlands', 'elsewhere'] });
    const second = await signIn();
    expect(second.session.user.id).toBe(first.session.user.id);
    expect(second.session.user).toMatchObject({
      login: 'an',
      role: 'technician',
      groupIds: ['group-1'],
    });
    // What the first session may do is what the account may do now.
    const { permissions } = (await first.browser.ask('GET', '/session')).body;
    expect(permissions).not.toContain('people.write');
  });

  it('is never the local account of the same name', async () => {
    vouchFor('s-0', 'admin', ['dc-admin']);
    const { browser, session } = await signIn();
    browser.csrfToken = session.csrfToken;
    const body = { login: 'an', name: 'An', role: 'viewer', password: 'bốn con mèo ngủ trưa' };
    const local = (await browser.ask('POST', '/users', { body })).body;
    vouchFor('s-1', 'an', ['dc-tech']);
    const other = await signIn();
    expect(other.session.user.id).not.toBe(local.id);
    expect(other.session.user.login).toMatch(/^an-[0-9a-f]{8}$/);
  });

  it('does not let in who has no role here, or whose account is disabled', async () => {
    vouchFor('s-0', 'admin', ['dc-admin']);
    const admin = await signIn();
    admin.browser.csrfToken = admin.session.csrfToken;
    vouchFor('s-1', 'an', ['staff']);
    const without = await signIn();
    expect(without.location).toBe('/admin#sign-in-failed=sign-in-refused');
    expect(without.session.user).toBeUndefined();
    vouchFor('s-2', 'binh', ['dc-tech']);
    const { user } = (await signIn()).session;
    const body = { version: 1, disabled: true };
    expect((await admin.browser.ask('PATCH', `/users/${user.id}`, { body })).status).toBe(200);
    expect((await signIn()).location).toBe('/admin#sign-in-failed=sign-in-refused');
    const audit = await admin.browser.ask('GET', '/audit?action=sign-in-refused');
    const reasons = audit.body.items.map(
      (entry: { after: { reason: string } }) => entry.after.reason,
    );
    expect(reasons).toEqual(['disabled', 'no-role']);
  });

  it('is finished by the browser that began it alone, once, and in time', async () => {
    vouchFor('s-1', 'an', ['dc-admin']);
    const browser = new TestBrowser(api.url);
    const callback = await throughProvider(browser);
    const refused = '/admin#sign-in-failed=sign-in-refused';
    const other = new TestBrowser(api.url);
    await other.ask('GET', '/oidc/start');
    // Login CSRF: a link with somebody else's code, in a browser that began itself.
    const forged = await other.ask('GET', callback);
    expect(forged.headers.location).toBe('/admin#sign-in-failed=organisation-sign-in-failed');
    expect((await new TestBrowser(api.url).ask('GET', callback)).headers.location).toBe(refused);
    expect((await browser.ask('GET', callback)).headers.location).toBe('/admin');
    expect((await browser.ask('GET', callback)).headers.location).toBe(refused);
    const slow = new TestBrowser(api.url);
    const late = await throughProvider(slow);
    nowMs += 11 * 60_000;
    expect((await slow.ask('GET', late)).headers.location).toBe(refused);
  });

  it('that does not answer says so, and is asked again the next time', async () => {
    const { issuer } = organisation;
    await organisation.close();
    const browser = new TestBrowser(api.url);
    const failed = await browser.ask('GET', '/oidc/start');
    expect(failed.headers.location).toBe('/admin#sign-in-failed=organisation-sign-in-failed');
    expect(issuer).toMatch(/^http:\/\/127/);
    organisation = await startOrganisation();
  });

  it('is not there where it is not configured', async () => {
    const plain = await startApi(fakeCore());
    try {
      expect((await new TestBrowser(plain.url).ask('GET', '/oidc/start')).status).toBe(404);
    } finally {
      await plain.close();
    }
  });
});
