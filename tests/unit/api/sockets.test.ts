import { Agent } from 'node:https';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { FakeVisit, fakeCore, type RunningApi, startApi, TestSocket } from './support.ts';

let api: RunningApi;
const uncaught: unknown[] = [];
const remember = (err: unknown) => uncaught.push(err);

beforeEach(async () => {
  uncaught.length = 0;
  process.on('uncaughtException', remember);
  api = await startApi(fakeCore());
});
afterEach(async () => {
  await api.close();
  process.off('uncaughtException', remember);
});

const upgrade = (path: string) =>
  `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`;

/** What the server says to a hand-written upgrade before it closes. */
function say(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = '';
    const socket = connect(api.httpPort, '127.0.0.1', () => socket.write(text));
    socket.on('data', data => {
      heard += data;
    });
    socket.on('close', () => resolve(heard));
    socket.on('error', reject);
  });
}

function sayAndReset(text: string): Promise<void> {
  return new Promise(resolve => {
    const socket = connect(api.httpPort, '127.0.0.1', () => {
      socket.write(text);
      setImmediate(() => socket.resetAndDestroy());
    });
    socket.on('close', () => resolve());
    socket.on('error', () => undefined); // the reset is ours
  });
}

describe('upgrades', () => {
  it.each(['//', '/nothing', '/events/', 'http://[', '/__proto__', '*'])(
    '%s is answered 404',
    async path => {
      expect(await say(upgrade(path))).toMatch(/^HTTP\/1\.1 40[04] /);
      expect(uncaught).toEqual([]);
    },
  );

  it('a client that resets while it is refused hurts nobody', async () => {
    for (let tries = 0; tries < 20; tries += 1) await sayAndReset(upgrade('/nothing'));
    expect((await fetch(`${api.url}/healthz`)).status).toBe(200);
    expect(uncaught).toEqual([]);
  });

  it('a page of another origin is refused', async () => {
    const socket = new WebSocket(`${api.wsUrl}/events`, { origin: 'https://elsewhere.example' });
    await expect(new Promise((_, reject) => socket.once('error', reject))).rejects.toThrow('403');
  });

  it('https serves the same sockets', async () => {
    const agent = new Agent({ rejectUnauthorized: false });
    const socket = new WebSocket(`wss://127.0.0.1:${api.httpsPort}/events`, { agent });
    const heard = new Promise(resolve =>
      socket.once('message', data => resolve(JSON.parse(String(data)))),
    );
    await new Promise(resolve => socket.once('open', resolve));
    socket.send(JSON.stringify({ type: 'hello', token: 'token-1' }));
    expect(await heard).toMatchObject({ type: 'roster' });
    socket.terminate();
  });
});

it('closing tells the open sockets and lets go of the ports', async () => {
  const other = await startApi(fakeCore(new FakeVisit()));
  const client = await TestSocket.open(`${other.wsUrl}/events`);
  client.send({ type: 'hello', token: 'token-1' });
  await client.next();
  await other.close();
  expect(await client.next(m => m.type === 'ended')).toEqual({ type: 'ended', reason: 'shutdown' });
  await client.closed;
  await expect(fetch(`${other.url}/healthz`)).rejects.toThrow();
});
