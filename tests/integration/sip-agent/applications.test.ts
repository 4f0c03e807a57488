import { once } from 'node:events';
import { connect } from 'node:net';
import Srf from 'drachtio-srf';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type App, type AppDialog, Bench, later } from './support/bench.ts';
import { Caller } from './support/caller.ts';
import { skipFaultOfOriginal } from './support/differences.ts';
import { header, SDP, tagOf } from './support/raw-message.ts';
import { SECRET } from './support/server.ts';

const AUTHENTICATE = `a|authenticate|${SECRET}|`;

let bench: Bench;
beforeEach(async context => {
  skipFaultOfOriginal(context);
  bench = await Bench.start();
});
afterEach(() => bench.close());

test('an application learns the addresses and a version of the server', async () => {
  const app = new Srf() as unknown as App;
  const connected = once(app, 'connect');
  void app.connect(bench.server.app);
  const [err, addresses, version] = await connected;
  app.disconnect();
  expect(err).toBeNull();
  expect(addresses).toContain(`udp/127.0.0.1:${bench.port}`);
  expect(version).toMatch(/^v\d+\.\d+\.\d+$/);
});

test('an application with a wrong secret is told so', async () => {
  const app = new Srf() as unknown as App;
  app.on('error', () => undefined);
  const connected = once(app, 'connect');
  void app.connect({ ...bench.server.app, secret: 'wrong' });
  const [err] = await connected;
  app.disconnect();
  expect(err).toBeInstanceOf(Error);
});

test('without an application calls get 503 and devices are told when to try again', async () => {
  const caller = new Caller(await bench.udp(), bench.port);
  for (const method of ['INVITE', 'REGISTER', 'OPTIONS']) {
    caller.send(method, { body: SDP });
    const refusal = await caller.response(method);
    expect(refusal.status).toBe(503);
    expect(header(refusal, 'Retry-After')).not.toBe('');
  }
});

test('a call whose application dies before it answers gets a final answer', async () => {
  const invited = later<void>();
  const app = await bench.app({ invite: () => invited.give() });
  const caller = new Caller(await bench.udp(), bench.port);
  caller.send('INVITE', { body: SDP });
  await invited.value;
  bench.quit(app);
  const refusal = await caller.response('INVITE');
  expect(refusal.status).toBe(503);
  caller.remoteTag = tagOf(header(refusal, 'To'));
  caller.send('ACK', { branch: caller.inviteBranch });
  await bench.holds({ pendingRequests: 0 });
});

test('a call whose application died is over for the device at its next request', async () => {
  const made = later<AppDialog>();
  const app = await bench.app({
    invite: async (req, res) => made.give(await app.createUAS(req, res, { localSdp: SDP })),
  });
  const caller = new Caller(await bench.udp(), bench.port);
  await caller.dial();
  await made.value;
  bench.quit(app);
  await expect
    .poll(async () => {
      caller.send('INFO');
      return (await caller.response('INFO')).status;
    })
    .toBe(481);
  expect((await caller.hangUp()).status).toBe(481);
  await bench.holds({ dialogs: 0 });
});

test('the calls of an application that dies before they are answered are cancelled', async () => {
  const app = await bench.app();
  const peer = await bench.udp();
  const calling = app.createUAC(`sip:127.0.0.1:${peer.port}`, { localSdp: SDP });
  calling.catch(() => undefined); // it dies with its application
  const invite = await peer.take('INVITE', message => message.method === 'INVITE');
  const device = Caller.of(invite, peer, bench.port);
  device.answer(invite, 180);
  bench.quit(app);
  device.answer(await device.incoming('CANCEL'), 200);
  device.answer(invite, 487);
  await device.incoming('ACK');
});

test('two applications take turns', async () => {
  const counts = [0, 0];
  for (const index of [0, 1])
    await bench.app({
      options: (_req, res) => {
        counts[index] = (counts[index] ?? 0) + 1;
        res.send(200);
      },
    });
  const caller = new Caller(await bench.udp(), bench.port);
  for (let i = 0; i < 6; i++) {
    caller.send('OPTIONS');
    await caller.response('OPTIONS');
  }
  expect(counts).toEqual([3, 3]);
});

describe('commands by hand', () => {
  test.each([
    ['a route before the secret', ['a|route|invite'], 'NO|not authenticated'],
    ['a request before the secret', ['a|sip||\r\nOPTIONS sip:x SIP/2.0\r\n\r\n'], 'NO|not auth'],
    ['an unknown command', [AUTHENTICATE, 'b|dance'], 'b|NO|Unknown message type'],
    ['no command', [AUTHENTICATE, 'b'], 'b|NO|Invalid message format'],
    [
      'a response without a transaction',
      [AUTHENTICATE, 'b|sip||\r\nSIP/2.0 200 OK\r\n\r\n'],
      'b|NO|transaction id missing',
    ],
    ['a bad length', [AUTHENTICATE], undefined],
  ])('%s ends the connection', async (what, payloads, answer) => {
    const socket = connect(bench.server.app);
    const chunks: Buffer[] = [];
    socket.on('data', chunk => chunks.push(chunk));
    for (const payload of payloads) socket.write(`${Buffer.byteLength(payload)}#${payload}`);
    if (what === 'a bad length') socket.write('x#');
    await once(socket, 'close');
    if (answer) expect(Buffer.concat(chunks).toString()).toContain(answer);
  });

  test.each([
    ['ping', 'b|ping', 'b|OK|pong'],
    ['remove_route', 'b|remove_route|invite', 'b|OK'],
    ['proxy', 'b|proxy|x|||||||sip:y', 'b|NOK|'],
    [
      'a response to nothing',
      'b|sip|x|\r\nSIP/2.0 200 OK\r\n\r\n',
      'b|NOK|Response not sent due to unknown transaction',
    ],
    [
      'a request in an unknown dialog',
      'b|sip||x;from-tag=y\r\nINFO sip:placeholder SIP/2.0\r\n\r\n',
      'b|NOK|Server error: unable to find dialog',
    ],
    [
      'a CANCEL of nothing',
      'b|sip|x|\r\nCANCEL sip:y SIP/2.0\r\n\r\n',
      'b|NOK|unable to cancel unknown transaction id: x',
    ],
    ['another request with a transaction id', 'b|sip|x|\r\nINFO sip:y SIP/2.0\r\n\r\n', 'b|NOK|'],
  ])('%s is answered and the connection stays', async (_what, payload, answer) => {
    const socket = connect(bench.server.app);
    let got = '';
    socket.on('data', chunk => {
      got += chunk.toString();
    });
    const frames = [AUTHENTICATE, payload, 'c|ping'].map(
      text => `${Buffer.byteLength(text)}#${text}`,
    );
    // Byte by byte, as the network may do it.
    for (const byte of Buffer.from(frames.join(''))) socket.write(Buffer.of(byte));
    await expect.poll(() => got).toContain('c|OK|pong');
    expect(got).toContain(answer);
    expect(socket.destroyed).toBe(false);
    socket.destroy();
  });
});
