import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { serveEvents } from '../../../src/api/events-socket.ts';
import { GatewayError } from '../../../src/domain/errors.ts';
import {
  FakeVisit,
  fakeCore,
  LAN,
  type RunningApi,
  SILENT,
  startApi,
  TestSocket,
} from './support.ts';

describe('over the wire', () => {
  let api: RunningApi;
  let visit: FakeVisit;
  beforeEach(async () => {
    visit = new FakeVisit();
    api = await startApi(fakeCore(visit));
  });
  afterEach(() => api.close());

  async function greeted(): Promise<TestSocket> {
    const client = await TestSocket.open(`${api.wsUrl}/events`);
    client.send({ type: 'hello', token: 'token-1' });
    expect(await client.next()).toEqual({ type: 'roster', participants: [LAN] });
    expect(await client.next()).toMatchObject({ type: 'order', order: { mode: 'free' } });
    return client;
  }

  it('sends the roster after hello and counts as a socket of the visit', async () => {
    const client = await greeted();
    expect(visit.sockets).toBe(1);
    client.socket.close();
    await client.closed;
    await vi.waitFor(() => expect([visit.sockets, visit.listeners]).toEqual([0, 0]));
  });

  it('tells what whoever runs the meeting does', async () => {
    const client = await greeted();
    visit.notice({ heldMuted: true, message: 'Nghỉ giải lao', askedToUnmute: 0 });
    const heard = { heldMuted: true, message: 'Nghỉ giải lao', askedToUnmute: 0 };
    const notice = { type: 'notice', ...heard };
    expect(await client.next(m => m.type === 'notice')).toEqual(notice);
  });

  it('tells who shares and who asks to, and passes on what the person says to it', async () => {
    const client = await greeted();
    const content = { requests: [], request: 'requested', revoked: 0 } as const;
    visit.tellContent({ ...content, requests: [] });
    expect(await client.next(m => m.type === 'content')).toEqual({ type: 'content', content });
    client.send({ type: 'content-request', wanted: true });
    client.send({ type: 'content-request', wanted: false });
    client.send({ type: 'content-deny' });
    await vi.waitFor(() => expect(visit.contentRequests).toEqual(['request', 'withdraw', 'deny']));
  });

  it('shows a chair what chairs see, as soon as it is one', async () => {
    const client = await greeted();
    const post = (pin: string) =>
      fetch(`${api.url}/api/v1/visit/lead`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ token: 'token-1', pin }),
      });
    visit.refusal = new GatewayError('rate-limited', 'Wait.', { details: { retryAfterSec: 90 } });
    const refused = await post('0000');
    expect([refused.status, refused.headers.get('Retry-After')]).toEqual([429, '90']);
    visit.refusal = undefined;
    expect((await post('9876')).status).toBe(204);
    expect(visit.led).toEqual([['9876', expect.stringContaining('127.0.0.1')]]);
    await client.next(message => message.type === 'chair');
  });

  it('a hundred changes at once are told by the first and the last', async () => {
    const client = await greeted();
    for (let n = 1; n <= 100; n += 1) visit.tell([{ ...LAN, name: `Lan ${n}` }]);
    const last = await client.next(m => JSON.stringify(m).includes('"Lan 100"'));
    expect(last.type).toBe('roster');
    expect(client.heard.length).toBeLessThanOrEqual(1);
  });

  it.each(['conference-closed', 'removed', 'room-server-down', 'shutdown'] as const)(
    'tells why it ended (%s) and closes',
    async reason => {
      const client = await greeted();
      visit.end(reason);
      expect(await client.next(m => m.type === 'ended')).toEqual({ type: 'ended', reason });
      expect(await client.closed).toBe(1000);
    },
  );

  it('who has left is told so and hears nothing of the others any more', async () => {
    const client = await greeted();
    await visit.leave();
    visit.tell([{ ...LAN, name: 'Minh' }]);
    await client.closed;
    expect(client.heard).toEqual([{ type: 'ended', reason: 'removed' }]);
  });

  it('a token nobody has is told so', async () => {
    const client = await TestSocket.open(`${api.wsUrl}/events`);
    client.send({ type: 'hello', token: 'unknown' });
    expect(await client.next()).toEqual({ type: 'ended', reason: 'not-authorized' });
    await client.closed;
  });

  it('hands the microphone switch to the core', async () => {
    const client = await greeted();
    client.send({ type: 'muted', muted: true });
    await vi.waitFor(() => expect(visit.muted).toEqual([true]));
  });

  it('hands on what the person does', async () => {
    const client = await greeted();
    client.send({ type: 'hand', raised: true });
    client.send({ type: 'chat', text: ' Chào cả nhà ' });
    await vi.waitFor(() => expect(visit.written).toEqual(['Chào cả nhà']));
    expect(visit.hands).toEqual([true]);
  });

  it('obeys a chair, and tells why something could not be done', async () => {
    visit.isChair = true;
    const client = await greeted();
    expect(await client.next()).toMatchObject({ type: 'chair', chair: { locked: true } });
    client.send({ type: 'act', id: '1', act: { do: 'lock', locked: false } });
    expect(await client.next()).toEqual({ type: 'acted', id: '1' });
    expect(visit.acts).toEqual([{ do: 'lock', locked: false }]);
    visit.refusal = new GatewayError('not-found', 'gone');
    client.send({ type: 'act', id: '2', act: { do: 'remove', participantId: 'p9' } });
    expect(await client.next()).toEqual({ type: 'acted', id: '2', error: 'not-found' });
  });

  it('obeys nobody else', async () => {
    const client = await greeted();
    client.send({ type: 'act', id: '1', act: { do: 'end' } });
    expect(await client.next()).toEqual({ type: 'acted', id: '1', error: 'not-authorized' });
    expect(visit.acts).toEqual([]);
  });

  it.each([
    ['admitted', { type: 'admitted' }],
    ['turned-away', { type: 'ended', reason: 'turned-away' }],
    ['shutdown', { type: 'ended', reason: 'shutdown' }],
  ] as const)('tells who waits that the wait is over: %s', async (how, message) => {
    const client = await TestSocket.open(`${api.wsUrl}/events`);
    client.send({ type: 'hello', token: 'wait-1' });
    expect(await client.next()).toEqual({ type: 'waiting', reason: 'locked' });
    expect(visit.wait.sockets).toBe(1);
    client.send({ type: 'hand', raised: true });
    visit.wait.end(how);
    expect(await client.next()).toEqual(message);
    expect(await client.closed).toBe(1000);
    expect(visit.hands).toEqual([]);
    await vi.waitFor(() => expect(visit.wait.sockets).toBe(0));
  });

  it('before hello nothing else counts', async () => {
    const client = await TestSocket.open(`${api.wsUrl}/events`);
    client.send({ type: 'muted', muted: true });
    client.send({ type: 'hello', token: 'token-1' });
    await client.next();
    expect(visit.muted).toEqual([]);
  });

  it.each(['not json', '{"type":"nothing"}', '{"type":"muted","muted":1}'])(
    '%s closes the socket',
    async text => {
      const client = await greeted();
      client.send(text);
      expect(await client.closed).toBe(1008);
    },
  );

  it('a flood of switches closes the socket', async () => {
    const client = await greeted();
    for (let n = 0; n < 100; n += 1) client.send({ type: 'muted', muted: n % 2 === 0 });
    expect(await client.closed).toBe(1008);
    expect(visit.muted.length).toBeLessThan(100);
  });
});

/** A socket whose peer does not read. */
class StalledSocket extends EventEmitter {
  readyState: number = WebSocket.OPEN;
  bufferedAmount = 0;
  readonly sent: string[] = [];
  closeCode: number | undefined;

  send(text: string): void {
    this.sent.push(text);
  }

  close(code: number): void {
    this.closeCode = code;
  }
}

describe('in fake time', () => {
  let visit: FakeVisit;
  let socket: StalledSocket;
  beforeEach(() => {
    vi.useFakeTimers();
    visit = new FakeVisit();
    socket = new StalledSocket();
    const stopping = new AbortController().signal;
    serveEvents(fakeCore(visit), socket as unknown as WebSocket, { stopping, log: SILENT });
  });
  afterEach(() => vi.useRealTimers());
  const hello = () => socket.emit('message', JSON.stringify({ type: 'hello', token: 'token-1' }));

  it('a browser that never says hello is let go', () => {
    vi.advanceTimersByTime(5_000);
    expect(socket.closeCode).toBe(1008);
  });

  it('a browser that does not read gets nothing more, then only the newest', () => {
    hello();
    socket.bufferedAmount = 2_000_000;
    for (let n = 1; n <= 50; n += 1) {
      visit.tell([{ ...LAN, name: `Lan ${n}` }]);
      vi.advanceTimersByTime(200);
    }
    const rosters = () => socket.sent.filter(text => text.includes('"roster"'));
    expect(rosters()).toHaveLength(1);
    socket.bufferedAmount = 0;
    vi.advanceTimersByTime(200);
    expect(rosters()).toHaveLength(2);
    expect(rosters()[1]).toContain('"Lan 50"');
  });
});
