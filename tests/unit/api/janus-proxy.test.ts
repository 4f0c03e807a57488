import { EventEmitter } from 'node:events';
import type { AddressInfo } from 'node:net';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { serveJanus } from '../../../src/api/janus-proxy/proxy.ts';
import { pump } from '../../../src/api/janus-proxy/pump.ts';
import { RefusalLog } from '../../../src/api/janus-proxy/refusal-log.ts';
import { FakeVisit, fakeCore, type RunningApi, SILENT, startApi, TestSocket } from './support.ts';

type Frame = Record<string, unknown>;

/** As much of Janus as the proxy can tell apart. */
class FakeJanus {
  readonly frames: Frame[] = [];
  readonly sockets: WebSocket[] = [];
  isMute = false;
  readonly #server: WebSocketServer;
  #lastId = 1000;

  private constructor(server: WebSocketServer) {
    this.#server = server;
    server.on('connection', socket => {
      this.sockets.push(socket);
      socket.on('message', data => this.#answer(JSON.parse(String(data)), socket));
    });
  }

  static async start(): Promise<FakeJanus> {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    await new Promise(resolve => server.once('listening', resolve));
    return new FakeJanus(server);
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.terminate();
    await new Promise(resolve => this.#server.close(resolve));
  }

  #answer(frame: Frame, socket: WebSocket): void {
    this.frames.push(frame);
    if (this.isMute) return;
    const { janus, transaction } = frame;
    const gives = janus === 'create' || janus === 'attach';
    this.#lastId += 1;
    const reply = gives
      ? { janus: 'success', transaction, data: { id: this.#lastId } }
      : { janus: 'ack', transaction };
    socket.send(JSON.stringify(reply));
  }
}

describe('over the wire', () => {
  let janus: FakeJanus;
  let api: RunningApi;
  let visit: FakeVisit;
  beforeEach(async () => {
    visit = new FakeVisit();
    janus = await FakeJanus.start();
    api = await startApi(fakeCore(visit), { janusUrl: janus.url });
  });
  afterEach(async () => {
    await api.close();
    await janus.close();
  });

  const browser = () => TestSocket.open(`${api.wsUrl}/janus`, 'janus-protocol');
  const create = { janus: 'create', transaction: 'c', token: 'token-1' };

  async function created(): Promise<{ client: TestSocket; sessionId: number }> {
    const client = await browser();
    client.send(create);
    const { data } = (await client.next()) as { data: { id: number } };
    return { client, sessionId: data.id };
  }

  it('joins a page with Janus: strips the token, adds the secret, keeps the transactions', async () => {
    const { client, sessionId } = await created();
    client.send({
      janus: 'attach',
      transaction: 'a',
      plugin: 'janus.plugin.videoroom',
      session_id: sessionId,
      token: 'token-1',
    });
    const attached = (await client.next()) as { transaction: string; data: { id: number } };
    expect(attached.transaction).toBe('a');
    const body = { request: 'join', ptype: 'publisher', room: 'other', id: 'boss' };
    client.send({
      janus: 'message',
      transaction: 'm',
      session_id: sessionId,
      handle_id: attached.data.id,
      body,
    });
    expect(await client.next()).toEqual({ janus: 'ack', transaction: 'm' });
    expect(janus.frames.at(-1)?.body).toEqual({
      request: 'join',
      ptype: 'publisher',
      room: 'room-1',
      id: 'p1',
      display: 'Lan',
    });
    expect(janus.frames.every(frame => frame.apisecret === 'api-secret')).toBe(true);
    expect(JSON.stringify(janus.frames)).not.toContain('token-1');
  });

  it('hands on what Janus says of its own accord', async () => {
    const { client } = await created();
    janus.sockets[0]?.send('{"janus":"webrtcup","sender":7}');
    expect(await client.next()).toEqual({ janus: 'webrtcup', sender: 7 });
  });

  it('a refused request is answered and the connection goes on', async () => {
    const { client, sessionId } = await created();
    client.send({ janus: 'claim', transaction: 'x', session_id: sessionId });
    expect(await client.next()).toMatchObject({
      janus: 'error',
      transaction: 'x',
      error: { code: 403 },
    });
    client.send({ janus: 'keepalive', transaction: 'k', session_id: sessionId });
    expect(await client.next()).toEqual({ janus: 'ack', transaction: 'k' });
    expect(janus.frames.map(frame => frame.janus)).toEqual(['create', 'keepalive']);
  });

  it('without a visit Janus never hears of the browser', async () => {
    const client = await browser();
    client.send({ ...create, token: 'unknown' });
    expect(await client.next()).toMatchObject({
      janus: 'error',
      transaction: 'c',
      error: { code: 403 },
    });
    expect(await client.closed).toBe(1008);
    expect(janus.sockets).toHaveLength(0);
  });

  it('two browsers have a connection each, and not the other’s session', async () => {
    const first = await created();
    const second = await created();
    expect(janus.sockets).toHaveLength(2);
    second.client.send({ janus: 'destroy', transaction: 'd', session_id: first.sessionId });
    expect(await second.client.next()).toMatchObject({ janus: 'error', transaction: 'd' });
  });

  it('counts as a socket of the visit; a closed page takes its Janus session along', async () => {
    const { client } = await created();
    expect(visit.sockets).toBe(1);
    const upstream = janus.sockets[0] as WebSocket;
    const upstreamClosed = new Promise(resolve => upstream.once('close', resolve));
    client.socket.close();
    await upstreamClosed;
    await vi.waitFor(() => expect([visit.sockets, visit.listeners]).toEqual([0, 0]));
  });

  it('the end of the visit ends the connection', async () => {
    const { client } = await created();
    visit.end('conference-closed');
    expect(await client.closed).toBe(1013);
  });

  it('leaving ends the connection at once', async () => {
    const { client } = await created();
    await visit.leave();
    expect(await client.closed).toBe(1013);
    expect(janus.frames.map(frame => frame.janus)).toEqual(['create']);
  });

  it('a frame that is too large closes', async () => {
    const { client } = await created();
    client.send(`{"janus":"${'x'.repeat(300_000)}"}`);
    expect(await client.closed).toBe(1009);
  });

  it('a flood closes', async () => {
    const { client, sessionId } = await created();
    for (let n = 0; n < 1000; n += 1)
      client.socket.send(
        JSON.stringify({ janus: 'keepalive', transaction: 'k', session_id: sessionId }),
      );
    expect(await client.closed).toBe(1008);
    expect(janus.frames.length).toBeLessThan(1000);
  });

  it('Janus lost during a meeting closes the page’s socket', async () => {
    const { client } = await created();
    janus.sockets[0]?.terminate();
    expect(await client.closed).toBe(1013);
  });

  it('Janus lost before it answered: janus.js gets its answer', async () => {
    janus.isMute = true;
    const client = await browser();
    client.send(create);
    await vi.waitFor(() => expect(janus.frames).toHaveLength(1));
    janus.sockets[0]?.terminate();
    expect(await client.next()).toMatchObject({
      janus: 'error',
      transaction: 'c',
      error: { code: 503 },
    });
    expect(await client.closed).toBe(1013);
  });

  it('no Janus at all: the same', async () => {
    await janus.close();
    const client = await browser();
    client.send(create);
    expect(await client.next()).toMatchObject({
      janus: 'error',
      transaction: 'c',
      error: { code: 503 },
    });
    expect(await client.closed).toBe(1013);
  });
});

/** One end of a connection, as far as `pump` looks at it. */
class FakeSocket extends EventEmitter {
  readyState: number = WebSocket.OPEN;
  bufferedAmount = 0;
  isPaused = false;
  closeCode: number | undefined;
  readonly #sent: (() => void)[] = [];

  send(text: string, done: () => void = () => undefined): void {
    this.bufferedAmount += text.length;
    this.#sent.push(done);
  }

  drain(): void {
    this.bufferedAmount = 0;
    for (const done of this.#sent.splice(0)) done();
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
  }

  close(code: number): void {
    this.closeCode = code;
  }
}

it('a side that does not read stops the other until it has', () => {
  const [from, to] = [new FakeSocket(), new FakeSocket()];
  const send = () =>
    pump('x'.repeat(200_000), from as unknown as WebSocket, to as unknown as WebSocket);
  for (let n = 0; n < 5; n += 1) send();
  expect(from.isPaused).toBe(false);
  send();
  expect(from.isPaused).toBe(true);
  to.drain();
  expect(from.isPaused).toBe(false);
});

it('a browser that never asks for a session is let go', () => {
  vi.useFakeTimers();
  try {
    const socket = new FakeSocket();
    const options = { janusUrl: 'ws://127.0.0.1:9', janusApiSecret: 's', find: () => undefined };
    serveJanus({ ...options, log: SILENT }, socket as unknown as WebSocket);
    vi.advanceTimersByTime(5_000);
    expect(socket.closeCode).toBe(1008);
  } finally {
    vi.useRealTimers();
  }
});

it('refusals are counted, not logged one by one', () => {
  const lines: { count: number; reason: string }[] = [];
  let nowMs = 0;
  const log = new RefusalLog(
    pino({}, { write: line => void lines.push(JSON.parse(line)) }),
    () => nowMs,
  );
  for (let n = 0; n < 100; n += 1) log.add('not allowed', 'p1');
  nowMs = 10_000;
  log.add('not yours', 'p1');
  log.flush();
  expect(lines.map(({ count, reason }) => [count, reason])).toEqual([
    [1, 'not allowed'],
    [100, 'not yours'],
  ]);
});
