import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createApi } from '../../../src/api/index.ts';
import {
  GatewayError,
  type GatewayErrorCode,
  OUTCOMES,
  type Outcome,
} from '../../../src/domain/errors.ts';
import {
  ADMIN_TOKEN,
  FakeVisit,
  fakeCore,
  freshPeople,
  type RunningApi,
  SILENT,
  startApi,
  TLS,
} from './support.ts';

const SITE = { name: 'Xã Tân Phú', endpoints: [{ sipUsername: 'xa-1', sipPassword: 'x' }] };
const CONFERENCE = { name: 'Giao ban', number: '1000', alias: 'giao-ban' };
const JOIN = { alias: 'giao-ban', name: 'Lan' };

let api: RunningApi | undefined;
afterEach(async () => {
  await api?.close();
  api = undefined;
});

interface Ask {
  readonly method?: string;
  readonly body?: unknown;
  readonly token?: string | undefined;
  readonly contentType?: string;
}

async function ask(path: string, { method = 'GET', body, token, contentType }: Ask = {}) {
  const headers: Record<string, string> = {
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(body !== undefined && { 'content-type': contentType ?? 'application/json' }),
  };
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(`${api?.url}${path}`, {
    method,
    headers,
    ...(body !== undefined && { body: text }),
  });
  const answer = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return {
    status: response.status,
    headers: response.headers,
    body: isJson ? JSON.parse(answer) : answer,
  };
}
const asAdmin = (path: string, rest: Ask = {}) => ask(path, { token: ADMIN_TOKEN, ...rest });

describe('errors', () => {
  it.each(Object.keys(OUTCOMES) as GatewayErrorCode[])(
    '%s has its outcome’s status',
    async code => {
      const core = fakeCore();
      const list = () =>
        Promise.reject(new GatewayError(code, 'what happened', { details: { a: 1 } }));
      api = await startApi({ ...core, sites: { ...core.sites, list } });
      const answer = await asAdmin('/api/v1/sites');
      expect(answer.status).toBe(OUTCOMES[code].httpStatus);
      expect(answer.body.error.code).toBe(code);
      const retryAfter = answer.headers.get('retry-after');
      const outcome: Outcome = OUTCOMES[code];
      expect(retryAfter).toBe(
        outcome.retryAfterSec === undefined ? null : String(outcome.retryAfterSec),
      );
    },
  );

  it('what nobody expected is 500 and tells nothing of the inside', async () => {
    const core = fakeCore();
    const list = () => Promise.reject(new Error('SELECT secret FROM /var/lib'));
    api = await startApi({ ...core, sites: { ...core.sites, list } });
    const answer = await asAdmin('/api/v1/sites');
    expect(answer.status).toBe(500);
    expect(answer.body.error.code).toBe('internal');
    expect(JSON.stringify(answer.body)).not.toContain('secret');
  });

  it.each([
    ['malformed JSON', '/api/v1/join', '{"alias":', 400],
    ['no body', '/api/v1/join', undefined, 400],
    ['an open body that is too large', '/api/v1/join', { name: 'x'.repeat(10_000) }, 413],
    ['a path that does not decode', '/c/%zz', undefined, 400],
  ])('%s is the client’s fault', async (_, path, body, status) => {
    api = await startApi(fakeCore());
    const answer = await ask(path, { method: path === '/c/%zz' ? 'GET' : 'POST', body });
    expect(answer.status).toBe(status);
    expect(answer.body.error.code).toBe(status === 413 ? 'too-large' : 'bad-request');
  });

  it('an administrator’s body that is too large is 413', async () => {
    api = await startApi(fakeCore());
    const body = { name: 'x'.repeat(1_200_000) };
    const answer = await asAdmin('/api/v1/sites', { method: 'POST', body });
    expect([answer.status, answer.body.error.code]).toEqual([413, 'too-large']);
  });

  it.each(['/api/v1/nothing', '/api/nothing', '/api/v1/sites/s1/nothing'])(
    'nothing lives under %s',
    async path => {
      api = await startApi(fakeCore());
      const answer = await asAdmin(path);
      expect([answer.status, answer.body.error.code]).toEqual([404, 'not-found']);
    },
  );
});

/** Every route of the administrator: what it answers, and to whom. */
const ADMIN_ROUTES: [method: string, path: string, status: number, body?: unknown][] = [
  ['GET', '/sites', 200],
  ['POST', '/sites', 201, SITE],
  ['GET', '/sites/s1', 200],
  ['PATCH', '/sites/s1', 200, { version: 1, name: 'Xã Phú Mỹ' }],
  ['DELETE', '/sites/s1', 204],
  ['POST', '/sites/bulk', 201, { sites: [SITE] }],
  ['GET', '/sites/s1/endpoints/e1/history', 200],
  ['GET', '/site-groups', 200],
  ['POST', '/site-groups', 201, { name: 'Cụm 2' }],
  ['PUT', '/site-groups/g1', 200, { name: 'Cụm 2' }],
  ['DELETE', '/site-groups/g1', 204],
  ['GET', '/conferences', 200],
  ['POST', '/conferences', 201, CONFERENCE],
  ['GET', '/conferences/c1', 200],
  ['PATCH', '/conferences/c1', 200, { version: 1, agenda: null }],
  ['DELETE', '/conferences/c1', 204],
  ['POST', '/conferences/bulk', 201, { conferences: [CONFERENCE] }],
  ['POST', '/mapping', 200, { add: [{ conferenceId: 'c-one', siteId: 's-one' }] }],
  ['GET', '/calendar?fromMs=0&toMs=86400000', 200],
  ['GET', '/conferences/c1/participants', 200],
  ['GET', '/conferences/c1/layout', 200],
  ['PUT', '/conferences/c1/layout', 200, { layout: 'grid', gridSize: 9 }],
  ['GET', '/conferences/c1/snapshot?participant=p', 200],
  ['GET', '/calls', 200],
  ['GET', '/call-log', 200],
  ['GET', '/bans', 200],
  ['DELETE', '/bans/192.0.2.66', 204],
  ['DELETE', '/bans/192.0.2.67', 404],
  ['GET', '/calls/k1/trace', 200],
  ['GET', '/calls/k2/trace', 404],
  ['DELETE', '/calls/k1', 204],
];

describe.each(ADMIN_ROUTES)('%s %s', (method, path, status, body) => {
  it('does what it says for the administrator', async () => {
    api = await startApi(fakeCore());
    expect((await asAdmin(`/api/v1${path}`, { method, body })).status).toBe(status);
  });

  it.each([undefined, 'wrong', ''])(
    'is closed for the token %o, before the body is read',
    async token => {
      api = await startApi(fakeCore());
      const answer = await ask(`/api/v1${path}`, {
        method,
        token,
        ...(method === 'POST' && { body: '{' }),
      });
      expect([answer.status, answer.body.error.code]).toEqual([401, 'auth-required']);
      expect(answer.headers.get('www-authenticate')).toContain('Bearer');
    },
  );
});

it.each(ADMIN_ROUTES.filter(([, path]) => /[a-z]1\b/.test(path)))(
  '%s %s is 404 for what is not there',
  async (method, path, _, body) => {
    api = await startApi(fakeCore());
    const answer = await asAdmin(`/api/v1${path.replace(/1\b/, '-unknown')}`, { method, body });
    expect([answer.status, answer.body.error.code]).toEqual([404, 'not-found']);
  },
);

it.each([
  ['/sites', { ...SITE, name: 7 }, 'name'],
  ['/sites', { ...SITE, extra: true }, ''],
  [
    '/sites',
    { ...SITE, endpoints: [{ sipUsername: 'a b', sipPassword: 'x' }] },
    'endpoints.0.sipUsername',
  ],
  ['/conferences', { ...CONFERENCE, number: '12a' }, 'number'],
  ['/conferences', { ...CONFERENCE, alias: 'Giao Ban' }, 'alias'],
])('POST %s with %o names %o', async (path, body, field) => {
  api = await startApi(fakeCore());
  const answer = await asAdmin(`/api/v1${path}`, { method: 'POST', body });
  expect([answer.status, answer.body.error.code]).toEqual([400, 'bad-request']);
  const { problems } = answer.body.error.details;
  expect(problems.map((problem: { path: string }) => problem.path)).toContain(field);
  expect(problems[0].message).not.toBe('');
});

it.each([
  [{ layout: 'mosaic' }, 'layout'],
  [{ layout: 'grid', gridSize: 5 }, 'gridSize'],
  [{ layout: 'lecture', hqSiteId: 's1', hqParticipantId: 'p1' }, 'hqParticipantId'],
  [{}, 'layout'],
])('PUT of the layout %o names %o', async (body, field) => {
  api = await startApi(fakeCore());
  const answer = await asAdmin('/api/v1/conferences/c1/layout', { method: 'PUT', body });
  expect([answer.status, answer.body.error.code]).toEqual([400, 'bad-request']);
  expect(answer.body.error.details.problems).toMatchObject([{ path: field }]);
});

describe('snapshots', () => {
  const path = '/api/v1/conferences/c1/snapshot';

  it('are JPEGs nobody keeps, with the time they were taken', async () => {
    api = await startApi(fakeCore());
    const answer = await asAdmin(`${path}?participant=p1&of=seen&width=320`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('image/jpeg');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('last-modified')).toBe('Thu, 01 Jan 1970 00:00:05 GMT');
    expect(answer.body).toContain('{"participant":"p1","of":"seen","width":320}');
  });

  it('are of the camera and 640 wide when nothing else is said', async () => {
    api = await startApi(fakeCore());
    const { body } = await asAdmin(`${path}?participant=p1`);
    expect(body).toContain('{"participant":"p1","of":"sent","width":640}');
  });

  it.each([
    ['', 'participant'],
    ['participant=p1&of=both', 'of'],
    ['participant=p1&width=wide', 'width'],
    ['participant=p1&width=4000', 'width'],
  ])('asked by %o are refused, naming %o', async (query, field) => {
    api = await startApi(fakeCore());
    const answer = await asAdmin(`${path}?${query}`);
    expect([answer.status, answer.body.error.code]).toEqual([400, 'bad-request']);
    expect(answer.body.error.details.problems).toMatchObject([{ path: field }]);
  });

  it('that cannot be taken say why, as 409', async () => {
    const core = fakeCore();
    const snapshot = () => Promise.reject(new GatewayError('no-picture', 'The camera is off.'));
    api = await startApi({ ...core, conferences: { ...core.conferences, snapshot } });
    const answer = await asAdmin(`${path}?participant=p1`);
    const error = { code: 'no-picture', message: 'The camera is off.' };
    expect([answer.status, answer.body.error]).toEqual([409, error]);
  });
});

describe('metrics', () => {
  it('are Prometheus text for who has the admin token', async () => {
    api = await startApi(fakeCore());
    const answer = await asAdmin('/metrics');
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const text = '# HELP calls_running Calls.\n# TYPE calls_running gauge\ncalls_running 3\n';
    expect([answer.status, answer.body]).toEqual([200, text]);
  });

  it.each([undefined, 'wrong'])('are closed for the token %o', async token => {
    api = await startApi(fakeCore());
    const answer = await ask('/metrics', { token });
    expect([answer.status, answer.body.error.code]).toEqual([401, 'auth-required']);
  });
});

describe('visits', () => {
  it('joining needs no token', async () => {
    api = await startApi(fakeCore());
    const answer = await ask('/api/v1/join', { method: 'POST', body: JOIN });
    expect([answer.status, answer.body.token]).toEqual([201, 'token-1']);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('an unknown conference and a lost room server are told apart', async () => {
    const core = fakeCore();
    for (const [code, status] of [
      ['conference-not-found', 404],
      ['room-server-down', 503],
    ] as const) {
      const join = () => Promise.reject(new GatewayError(code, 'no'));
      api = await startApi({ ...core, visits: { ...core.visits, join } });
      const answer = await ask('/api/v1/join', { method: 'POST', body: JOIN });
      expect([answer.status, answer.body.error.code]).toEqual([status, code]);
      await api.close();
    }
  });

  it('joins without end from one address are 429', async () => {
    api = await startApi(fakeCore());
    let last = 201;
    for (let tries = 0; tries < 500 && last === 201; tries += 1)
      last = (await ask('/api/v1/join', { method: 'POST', body: JOIN })).status;
    expect(last).toBe(429);
  });

  it.each(['application/json', 'text/plain;charset=UTF-8'])(
    'leaves by a beacon of %s',
    async contentType => {
      const visit = new FakeVisit();
      api = await startApi(fakeCore(visit));
      const body = { token: 'token-1' };
      const answer = await ask('/api/v1/leave', { method: 'POST', body, contentType });
      expect([answer.status, visit.isLeft]).toEqual([204, true]);
    },
  );

  it('leaving with a token nobody has is no error and tells nothing', async () => {
    api = await startApi(fakeCore());
    const answer = await ask('/api/v1/leave', { method: 'POST', body: { token: 'unknown' } });
    expect(answer.status).toBe(204);
  });

  it('may share a screen, until it stops', async () => {
    const visit = new FakeVisit();
    api = await startApi(fakeCore(visit));
    const body = { token: 'token-1' };
    expect((await ask('/api/v1/share', { method: 'POST', body })).status).toBe(204);
    expect(visit.isSharing).toBe(true);
    expect((await ask('/api/v1/share/stop', { method: 'POST', body })).status).toBe(204);
    expect(visit.isSharing).toBe(false);
  });

  it('is told who shares already', async () => {
    const visit = new FakeVisit();
    visit.sharer = 'Minh';
    api = await startApi(fakeCore(visit));
    const answer = await ask('/api/v1/share', { method: 'POST', body: { token: 'token-1' } });
    expect(answer).toMatchObject({
      status: 409,
      body: { error: { code: 'content-taken', details: { name: 'Minh' } } },
    });
  });

  it('nobody shares with a token that nobody has', async () => {
    api = await startApi(fakeCore());
    const answer = await ask('/api/v1/share', { method: 'POST', body: { token: 'unknown' } });
    expect(answer.status).toBe(404);
  });
});

describe('health', () => {
  it.each([
    ['ok', 200],
    ['degraded', 503],
  ] as const)('%s is %i, for everybody', async (status, httpStatus) => {
    const engines = { janus: { ok: status === 'ok', detail: 'not connected' } };
    api = await startApi({
      ...fakeCore(),
      health: async () => ({ status, version: '0', engines }),
    });
    const answer = await ask('/healthz');
    expect([answer.status, answer.body.engines]).toEqual([httpStatus, engines]);
  });
});

describe('pages', () => {
  let folder: string | undefined;
  afterEach(() => {
    if (folder) rmSync(folder, { recursive: true });
    folder = undefined;
  });

  function build(): string {
    folder = mkdtempSync(join(tmpdir(), 'diemcau-web-'));
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'index.html'), 'start page');
    writeFileSync(join(folder, 'room.html'), 'room page');
    writeFileSync(join(folder, 'assets', 'room-abc123.js'), 'export {}');
    return folder;
  }

  it.each([
    ['/', 'start page'],
    ['/c/giao-ban', 'room page'],
    ['/c/no-such-conference', 'room page'],
  ])('%s is the %s, asked for again each time', async (path, text) => {
    api = await startApi(fakeCore(), { webRoot: build() });
    const answer = await ask(path);
    expect([answer.status, answer.body]).toEqual([200, text]);
    expect(answer.headers.get('cache-control')).toContain('no-cache');
  });

  it('assets are kept for ever; a missing one is not a page', async () => {
    api = await startApi(fakeCore(), { webRoot: build() });
    const answer = await ask('/assets/room-abc123.js');
    expect(answer.headers.get('cache-control')).toContain('immutable');
    expect((await ask('/assets/gone.js')).status).toBe(404);
  });

  it('without a build it says what to do', async () => {
    api = await startApi(fakeCore());
    const answer = await ask('/c/giao-ban');
    expect([answer.status, answer.body]).toEqual([503, expect.stringContaining('build:web')]);
  });

  it('nothing above the folder can be read', async () => {
    api = await startApi(fakeCore(), { webRoot: build() });
    for (const path of ['/..%2f..%2fetc/passwd', '/assets/..%2f..%2fpackage.json', '/%2e%2e/x'])
      expect((await ask(path)).status).toBeGreaterThanOrEqual(400);
  });

  it.each(['/', '/api/v1/sites', '/healthz', '/nothing'])(
    '%s carries the guarding headers',
    async path => {
      api = await startApi(fakeCore(), { webRoot: build() });
      const { headers } = await ask(path);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("script-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('unsafe');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('x-powered-by')).toBeNull();
    },
  );
});

it('a start that fails at the second port gives the first one back', async () => {
  api = await startApi(fakeCore());
  const second = createApi({
    adminToken: ADMIN_TOKEN,
    people: await freshPeople(),
    webRoot: '/nowhere',
    host: '127.0.0.1',
    httpPort: 0,
    httpsPort: api.httpsPort,
    tls: TLS,
    janusUrl: 'ws://127.0.0.1:9',
    janusApiSecret: 's',
    core: fakeCore(),
    log: SILENT,
  });
  await expect(second.listen()).rejects.toMatchObject({ code: 'EADDRINUSE' });
  expect(second.ports().httpPort).toBe(0);
  await second.close();
});
