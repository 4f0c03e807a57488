import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send, TestBrowser } from './browser.ts';
import { PASSWORD, type StaffedApi, startStaffedApi } from './people.ts';
import { ADMIN_TOKEN } from './support.ts';

let staffed: StaffedApi;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'diemcau-hostile-'));
  mkdirSync(join(folder, 'web/assets'), { recursive: true });
  writeFileSync(join(folder, 'web/index.html'), 'the page');
  writeFileSync(join(folder, 'web/room.html'), 'the room');
  writeFileSync(join(folder, 'secret.txt'), 'the secret');
  writeFileSync(join(folder, 'web/.hidden'), 'the secret');
  staffed = await startStaffedApi({ webRoot: join(folder, 'web') });
});
afterAll(async () => {
  await staffed.api.close();
  rmSync(folder, { recursive: true });
});

const BEARER = { authorization: `Bearer ${ADMIN_TOKEN}` };
const list = (path: string, query: Record<string, string>) =>
  staffed.admin.ask('GET', `${path}?${new URLSearchParams(query)}`);

const INJECTIONS = [
  "' OR '1'='1",
  "'; DROP TABLE account; --",
  '" OR 1=1 --',
  "') UNION SELECT password_hash FROM account --",
  '%',
  '_',
  '!%',
  '\\',
  "\u0000'",
  '1; SELECT pg_sleep(9)',
  '🙂'.repeat(40),
];

describe('SQL in filters', () => {
  it.each(INJECTIONS)('%j is words to look for, and nothing is found or broken', async q => {
    for (const path of ['/users', '/audit']) {
      const answer = await list(path, { q });
      if (q.includes('\0')) expect(answer.status).toBe(400);
      else expect([answer.status, answer.body.total]).toEqual([200, 0]);
    }
    expect((await list('/users', {})).body.total).toBe(1);
  });

  it.each(INJECTIONS)('%j is no field to sort by and no number', async text => {
    for (const query of [{ sort: text }, { limit: text }, { offset: text }])
      expect((await list('/users', query)).status).toBe(400);
  });

  it('a parameter that is given twice is refused', async () => {
    const answer = await staffed.admin.ask('GET', '/users?sort=name&sort=login');
    expect(answer.status).toBe(400);
  });

  it.each(INJECTIONS)('%j is nobody’s id', async id => {
    const path = `/users/${encodeURIComponent(id)}`;
    expect([400, 404]).toContain((await staffed.admin.ask('GET', path)).status);
    expect([400, 404]).toContain((await staffed.admin.ask('DELETE', path)).status);
    const filtered = await list('/audit', { entityId: id.slice(0, 100), entity: id.slice(0, 50) });
    if (id.includes('\0')) expect(filtered.status).toBe(400);
    else expect([filtered.status, filtered.body.total]).toEqual([200, 0]);
    expect((await list('/users', {})).body.total).toBe(1);
  });

  it.each(INJECTIONS)('%j signs nobody in', async login => {
    const attempt = new TestBrowser(`https://127.0.0.1:${staffed.api.httpsPort}`);
    const answer = await attempt.signIn(login.slice(0, 100), `${login} x`);
    expect([400, 401, 429]).toContain(answer.status);
  });
});

describe('script in names', () => {
  it('comes back as JSON that no browser takes for a page', async () => {
    const name = '<script>alert(1)</script><img src=x onerror=alert(2)>';
    const body = { login: 'xss', name, role: 'viewer' };
    const made = await staffed.admin.ask('POST', '/users', { body });
    expect(made.body.name).toBe(name);
    const answers = [
      made,
      await list('/users', { q: 'script' }),
      await list('/users', { sort: name }),
      await staffed.admin.ask('GET', `/users/${encodeURIComponent(name)}`),
      await staffed.admin.ask('GET', `/${encodeURIComponent(name)}`),
    ];
    for (const { headers } of answers) {
      expect(headers['content-type']).toMatch(/^application\/json/);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(headers['content-security-policy']).not.toContain('unsafe');
    }
    await staffed.admin.ask('DELETE', `/users/${made.body.id}`);
  });

  it.each(['a\u0000b', 'a\r\nSet-Cookie: x=y', '\u202eeman', 'a\u2066b', '   ', 'x'.repeat(101)])(
    '%j is no name',
    async name => {
      const body = { login: 'xss', name, role: 'viewer' };
      const answer = await staffed.admin.ask('POST', '/users', { body });
      expect([answer.status, answer.body.error.code]).toEqual([400, 'bad-request']);
    },
  );
});

describe('paths', () => {
  it.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/../../secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/assets/%2e%2e%2f%2e%2e%2fsecret.txt',
    '/assets/..%5c..%5csecret.txt',
    '/c/..%2f..%2fsecret.txt',
    '/.hidden',
    '/assets/%00',
    '//etc/passwd',
  ])('%s leads to nothing outside of the pages', async path => {
    const answer = await raw(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 (?:200|400|403|404) /);
    expect(answer).not.toContain('the secret');
    expect(answer).not.toContain('root:');
  });
});

describe('bodies', () => {
  const post = (body: string, headers: Record<string, string> = BEARER, path = '/users') =>
    send('POST', `${staffed.api.url}/api/v1${path}`, body, headers);

  it('that are huge are refused, and of strangers not even read', async () => {
    const huge = JSON.stringify({ name: 'x'.repeat(3_000_000) });
    expect((await post(huge)).status).toBe(413);
    const stranger = await raw(
      'POST /api/v1/users HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 3000000\r\n\r\n{',
    );
    expect(stranger).toMatch(/^HTTP\/1\.1 401 /);
    const signIn = JSON.stringify({ login: 'an', password: 'x'.repeat(100_000) });
    expect((await post(signIn, {}, '/session')).status).toBe(413);
  });

  it('that are deep are refused like others that do not fit', async () => {
    const deep = 400_000;
    for (const body of [
      '['.repeat(deep) + ']'.repeat(deep),
      `${'{"a":'.repeat(150_000)}1${'}'.repeat(150_000)}`,
    ]) {
      const answer = await post(body);
      expect([answer.status, answer.body.error.code]).toEqual([400, 'bad-request']);
    }
  });

  it.each([
    ['no JSON', '{"login":'],
    ['a list', '[]'],
    ['null', 'null'],
    [
      'a prototype',
      '{"__proto__":{"role":"administrator"},"login":"xx","name":"x","role":"viewer"}',
    ],
    ['more than is asked for', '{"login":"xx","name":"x","role":"viewer","disabled":false}'],
    ['a role that is none', '{"login":"xx","name":"x","role":"boss"}'],
  ])('of %s are refused', async (_, body) => {
    expect((await post(body)).status).toBe(400);
    expect(({} as { role?: string }).role).toBeUndefined();
  });

  it('with headers that are too large are refused', async () => {
    const cookie = `diemcau=${'x'.repeat(20_000)}`;
    const answer = await raw(
      `GET /api/v1/session HTTP/1.1\r\nHost: x\r\nCookie: ${cookie}\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
  });
});

describe('answers', () => {
  it('of the API are kept by nobody, and tell nothing of the inside', async () => {
    const answer = await staffed.admin.ask('GET', '/users');
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.headers['x-powered-by']).toBeUndefined();
    expect(answer.headers.server).toBeUndefined();
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    expect(answer.headers['referrer-policy']).toBe('no-referrer');
    expect(JSON.stringify(answer.body)).not.toContain('argon2');
  });

  it('never carry a password, whatever is asked', async () => {
    const answer = await staffed.admin.ask('PUT', '/me/password', {
      body: { current: PASSWORD, password: 'short' },
    });
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).not.toContain(PASSWORD);
  });
});

/** What comes back for bytes as they are: clients tidy paths up. */
function raw(request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(staffed.api.url).port), '127.0.0.1');
    let answer = '';
    socket.on('data', chunk => {
      answer += chunk;
      if (answer.includes('\r\n\r\n')) socket.end();
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
    socket.write(request);
  });
}
