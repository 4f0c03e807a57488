import { createSocket } from 'node:dgram';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type AppDialog, Bench, later } from './support/bench.ts';
import { Caller } from './support/caller.ts';
import { skipFaultOfOriginal } from './support/differences.ts';
import { header, SDP } from './support/raw-message.ts';

let bench: Bench;
beforeEach(async context => {
  skipFaultOfOriginal(context);
  bench = await Bench.start();
});
afterEach(() => bench.close());

async function echoing() {
  return bench.app({
    message: (req, res) =>
      res.send(200, { headers: { 'Content-Type': 'text/plain' }, body: req.body }),
    options: (_req, res) => res.send(200),
  });
}

test.each([
  ['udp', 5_000],
  ['udp', 30_000],
  ['tcp', 60_000],
] as const)('pain 8: %s carries a body of %d bytes both ways', async (protocol, size) => {
  await echoing();
  const peer = protocol === 'udp' ? await bench.udp() : await bench.tcp();
  const caller = new Caller(peer, bench.port);
  const body = 'đ'.repeat(size / 2);
  caller.send('MESSAGE', { body, headers: { 'Content-Type': 'text/plain' } });
  const ok = await caller.response('MESSAGE');
  expect(ok.body.toString()).toBe(body);
});

test('messages are put together however TCP split them', async () => {
  await echoing();
  const peer = await bench.tcp();
  const caller = new Caller(peer, bench.port);
  const [first, second] = [caller.request('OPTIONS'), caller.request('MESSAGE', { body: 'chào' })];
  for (const byte of Buffer.concat([first, second])) {
    peer.send(Buffer.of(byte));
    if (byte === 10) await new Promise(resolve => setImmediate(resolve));
  }
  expect((await caller.response('OPTIONS')).status).toBe(200);
  expect((await caller.response('MESSAGE')).body.toString()).toBe('chào');
});

test('a keep-alive over TCP is answered', async () => {
  const peer = await bench.tcp();
  peer.send('\r\n\r\n');
  await expect.poll(() => Buffer.concat(peer.stray).toString()).toBe('\r\n');
});

test('a connection that sends no SIP is closed, and others go on', async () => {
  await echoing();
  const [bad, good] = [await bench.tcp(), await bench.tcp()];
  bad.send(`GET / HTTP/1.1\r\nContent-Length: many\r\n\r\n`);
  await expect.poll(() => bad.isClosed()).toBe(true);
  const caller = new Caller(good, bench.port);
  caller.send('OPTIONS');
  expect((await caller.response('OPTIONS')).status).toBe(200);
});

test('an answer finds a device whose TCP connection broke meanwhile', async () => {
  const asked: (() => void)[] = [];
  await bench.app({ options: (_req, res) => void asked.push(() => res.send(200)) });
  const listener = await bench.tcpListener();
  const peer = await bench.tcp();
  const caller = new Caller(peer, bench.port);
  caller.send('OPTIONS', {
    headers: { Via: `SIP/2.0/TCP 127.0.0.1:${listener.port};branch=z9hG4bKbroken` },
  });
  await expect.poll(() => asked.length).toBe(1);
  peer.close();
  await bench.holds({ tcpConnections: 0 });
  asked[0]?.();
  const ok = await listener.take('200', message => message.status === 200);
  expect(header(ok, 'Call-ID')).toBe(caller.callId);
});

test('a device of RFC 2543, which has no branch and no tag, makes a whole call', async () => {
  const made = later<AppDialog>();
  const app = await bench.app({
    invite: async (req, res) => made.give(await app.createUAS(req, res, { localSdp: SDP })),
  });
  const caller = new Caller(await bench.udp(), bench.port);
  const via = `SIP/2.0/UDP 127.0.0.1:${caller.peer.port}`;
  const headers = { Via: via, From: '<sip:old@example.vn>' };
  caller.send('INVITE', { body: SDP, headers });
  caller.learn(await caller.response('INVITE'));
  caller.send('ACK', { headers });
  const asked = (await made.value).request({ method: 'INFO' });
  const info = await caller.incoming('INFO');
  expect(header(info, 'To')).toBe('<sip:old@example.vn>');
  caller.answer(info, 200);
  expect((await asked).status).toBe(200);
  caller.send('BYE', { headers });
  expect((await caller.response('BYE')).status).toBe(200);
  await bench.holds({ dialogs: 0, unacknowledged: 0 });
});

test('garbage of all kinds is survived', async () => {
  await echoing();
  const socket = createSocket('udp4');
  const lines = [
    'INVITE',
    'INVITE sip:x SIP/2.0',
    'SIP/2.0 200 OK',
    'SIP/2.0 999 Odd',
    'OPTIONS sip:x SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:99999;branch=z9hG4bK1',
    'OPTIONS sip:x SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:0;branch=z9hG4bK2',
    'OPTIONS sip:x SIP/2.0\r\nVia: SIP/2.0/UDP [::bad;rport',
    `OPTIONS ${' '.repeat(20_000)}x`,
    `OPTIONS sip:x SIP/2.0\r\nVia: ${';a="\\"'.repeat(5_000)}`,
    `OPTIONS sip:x SIP/2.0\r\nFrom: ${'<'.repeat(20_000)}`,
    `OPTIONS sip:x SIP/2.0\r\n${'a:b\r\n'.repeat(8_000)}`,
  ];
  const rest =
    '\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:b@c>\r\nCall-ID: x\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n';
  for (const line of lines) socket.send(`${line}${rest}`, bench.port, '127.0.0.1');
  for (let i = 0; i < 500; i++) {
    const noise = Buffer.from(Array.from({ length: 200 }, (_, n) => (i * 31 + n * 17) % 256));
    socket.send(noise, bench.port, '127.0.0.1');
  }
  const caller = new Caller(await bench.udp(), bench.port);
  caller.send('OPTIONS');
  expect((await caller.response('OPTIONS')).status).toBe(200);
  socket.close();
});
