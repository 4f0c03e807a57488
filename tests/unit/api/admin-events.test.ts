import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { serveAdminEvents } from '../../../src/api/admin-events.ts';
import { type ApiServer, createApi } from '../../../src/api/index.ts';
import type { AdminUpdate } from '../../../src/contract/admin-events.ts';
import type { Principal } from '../../../src/domain/actor.ts';
import type { Feed } from '../../../src/watch/feed.ts';
import { WatchHub } from '../../../src/watch/watch-hub.ts';
import { ADMIN_TOKEN, fakeCore, freshPeople, SILENT, TestSocket, TLS } from './support.ts';

/** A feed that tells a number of engines, and how often it was asked to look. */
class Numbers implements Feed {
  readonly gapMs = 1;
  now = 1;
  opened = 0;
  whole = () => [() => this.#update()];
  changes = this.whole;
  #changed: () => void = () => undefined;

  audienceOf() {
    return '';
  }

  async open(changed: () => void) {
    this.opened += 1;
    this.#changed = changed;
    return () => {
      this.opened -= 1;
    };
  }

  change(now: number): void {
    this.now = now;
    this.#changed();
  }

  #update(): AdminUpdate {
    return { type: 'health', health: { status: 'ok', version: String(this.now), engines: {} } };
  }
}

let api: ApiServer;
let url: string;
let health: Numbers;
let hub: WatchHub;
let peopleChanged: Set<() => void>;

beforeEach(async () => {
  health = new Numbers();
  peopleChanged = new Set();
  hub = new WatchHub({ feedOf: topic => (topic === 'health' ? health : undefined), log: SILENT });
  api = createApi({
    adminToken: ADMIN_TOKEN,
    webRoot: '/nowhere',
    host: '127.0.0.1',
    httpPort: 0,
    httpsPort: 0,
    tls: TLS,
    janusUrl: 'ws://127.0.0.1:9',
    janusApiSecret: 'api-secret',
    core: fakeCore(),
    people: await freshPeople(),
    log: SILENT,
    watch: {
      hub,
      onPeopleChanged: listener => {
        peopleChanged.add(listener);
        return () => peopleChanged.delete(listener);
      },
    },
  });
  await api.listen();
  url = `ws://127.0.0.1:${api.ports().httpPort}/admin/events`;
});
afterEach(async () => {
  hub.close();
  await api.close();
});

const open = (headers: Record<string, string> = { authorization: `Bearer ${ADMIN_TOKEN}` }) =>
  TestSocket.open(url, { headers });
const watch = async () => {
  const page = await open();
  page.send({ type: 'watch', topics: ['health'] });
  return page;
};
const version = async (page: TestSocket) => {
  const update = (await page.next(({ type }) => type === 'health')) as { health?: unknown };
  return (update.health as { version: string }).version;
};

/** What is so large may be sent again to a page that was a little behind. */
const versionThatBegins = async (page: TestSocket, beginning: string): Promise<void> => {
  while (!(await version(page)).startsWith(beginning));
};

describe('a page of an administrator', () => {
  it('gets all there is, and then what changes', async () => {
    const page = await watch();
    expect(await version(page)).toBe('1');
    health.change(2);
    expect(await version(page)).toBe('2');
  });

  it('that watches something else hears no more of the first, which is not looked at any more', async () => {
    const page = await watch();
    await version(page);
    page.send({ type: 'watch', topics: [] });
    await vi.waitFor(() => expect(health.opened).toBe(0));
  });

  it('leaves nothing behind when it closes', async () => {
    const page = await watch();
    await version(page);
    expect(peopleChanged.size).toBe(1);
    page.socket.close();
    await vi.waitFor(() => expect([health.opened, peopleChanged.size]).toEqual([0, 0]));
  });

  it('is told when the gateway stops', async () => {
    const page = await watch();
    await version(page);
    void api.close();
    expect(await page.next(({ type }) => type === 'ended')).toMatchObject({ reason: 'shutdown' });
  });

  it.each([
    ['no JSON', '{'],
    ['an unknown message', { type: 'shout' }],
    ['an unknown topic', { type: 'watch', topics: ['secrets'] }],
    ['a topic with a path', { type: 'watch', topics: ['meeting:../x'] }],
  ])('that sends %s is closed', async (_, message) => {
    const page = await open();
    page.send(message);
    expect(await page.closed).toBe(1008);
  });
});

describe('who is not let in', () => {
  it.each([
    ['without a token', {}],
    ['with a wrong token', { authorization: 'Bearer wrong' }],
  ])('%s is told so and hears nothing', async (_, headers) => {
    const page = await open(headers as Record<string, string>);
    page.send({ type: 'watch', topics: ['health'] });
    expect(await page.next()).toEqual({ type: 'ended', reason: 'not-authorized' });
    expect(await page.closed).toBe(1000);
    expect(health.opened).toBe(0);
  });

  it('a page of another origin, even with the right token', async () => {
    const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, origin: 'https://elsewhere.example' };
    await expect(open(headers)).rejects.toThrow('403');
  });
});

describe('when accounts and sessions change', () => {
  const viewer: Principal = {
    actor: { kind: 'user', userId: 'u1', name: 'Lan' },
    permissions: new Set(['sites.read']),
  };
  let who: Principal | undefined;
  let server: WebSocketServer;
  let tellPeopleChanged: () => void;

  beforeEach(async () => {
    who = viewer;
    server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    server.on('connection', (socket, req) =>
      serveAdminEvents(socket, req, {
        hub,
        authenticate: async () => who,
        onPeopleChanged: listener => {
          tellPeopleChanged = listener;
          return () => undefined;
        },
        stopping: new AbortController().signal,
        log: SILENT,
      }),
    );
    await new Promise(resolve => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    url = `ws://127.0.0.1:${port}`;
  });
  afterEach(() => void server.close());

  it('a session that is over ends the socket', async () => {
    const page = await watch();
    await version(page);
    who = undefined;
    tellPeopleChanged();
    expect(await page.next()).toEqual({ type: 'ended', reason: 'not-authorized' });
    expect(await page.closed).toBe(1000);
  });

  it('who may see something else from now on is told all anew; who may not, nothing', async () => {
    const page = await watch();
    await version(page);
    tellPeopleChanged();
    who = { ...viewer, permissions: new Set(['sites.read', 'system.read']) };
    tellPeopleChanged();
    expect(await version(page)).toBe('1');
    expect(page.heard).toEqual([]);
  });
});

it('who no longer reads is sent nothing until it has, and then what is so now', async () => {
  const page = await watch();
  await version(page);
  const slow = new WebSocket(url, { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } });
  slow.on('error', () => undefined); // closed by the test
  await new Promise(resolve => slow.once('open', resolve));
  const heard: string[] = [];
  slow.on('message', data => heard.push(String(data)));
  slow.send(JSON.stringify({ type: 'watch', topics: ['health'] }));
  await vi.waitFor(() => expect(heard.length).toBe(1));
  slow.pause();
  const many = 'x'.repeat(3_000_000);
  for (let n = 2; n <= 7; n += 1) {
    health.change(n);
    health.now = `${n}${many}` as unknown as number;
    await versionThatBegins(page, String(n));
  }
  health.change(99);
  await versionThatBegins(page, '99');
  slow.resume();
  await vi.waitFor(() => expect(heard.at(-1)).toContain('"99"'), { timeout: 5_000 });
  expect(heard.length).toBeLessThan(8);
  slow.terminate();
});
