import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type App,
  type AppDialog,
  type AppMessage,
  type AppRequest,
  Bench,
  later,
} from './support/bench.ts';
import { Caller } from './support/caller.ts';
import { skipFaultOfOriginal } from './support/differences.ts';
import { header, type RawMessage, SDP, tagOf } from './support/raw-message.ts';
import type { RawPeer } from './support/raw-peer.ts';

let bench: Bench;
let app: App;
beforeEach(async context => {
  skipFaultOfOriginal(context);
  bench = await Bench.start();
  app = await bench.app({ options: (_req, res) => res.send(200) });
});
afterEach(() => bench.close());

const invite = (peer: RawPeer, what = 'INVITE'): Promise<RawMessage> =>
  peer.take(what, message => message.method === 'INVITE');

describe.each(['udp', 'tcp'] as const)('a call that goes out over %s', protocol => {
  const listen = () => (protocol === 'udp' ? bench.udp() : bench.tcpListener());
  const uriOf = (peer: RawPeer) =>
    `sip:room@127.0.0.1:${peer.port}${protocol === 'tcp' ? ';transport=tcp' : ''}`;

  test('rings, is answered, acknowledged and hung up by the device', async () => {
    const peer = await listen();
    const progress: number[] = [];
    const calling = app.createUAC(
      uriOf(peer),
      { localSdp: SDP, headers: { From: '<sip:hall@localhost>' } },
      { cbProvisional: res => progress.push(res.status) },
    );
    const received = await invite(peer);
    expect(header(received, 'Content-Type')).toBe('application/sdp');
    expect(header(received, 'From')).toContain(`<sip:hall@127.0.0.1:${bench.port}>;tag=`);
    const device = Caller.of(received, peer, bench.port);
    device.answer(received, 100);
    device.answer(received, 180);
    device.answer(received, 200, { body: SDP });
    const dialog = await calling;
    const ack = await device.incoming('ACK');
    expect(ack.startLine).toBe(`ACK ${device.contact.slice(1, -1)} SIP/2.0`);
    expect(progress).toEqual([180]);
    expect(dialog.sip.remoteTag).toBe(tagOf(`<x>;tag=${device.localTag}`));
    const ended = once(dialog, 'destroy');
    device.send('BYE');
    expect((await device.response('BYE')).status).toBe(200);
    await ended;
    await bench.holds({ dialogs: 0 });
  });

  test('is hung up by the application', async () => {
    const { dialog, device } = await talk(await listen(), uriOf);
    const destroyed = dialog.destroy();
    device.answer(await device.incoming('BYE'), 200);
    await destroyed;
    await bench.holds({ dialogs: 0 });
  });

  test('answers the challenge of the device', async () => {
    const peer = await listen();
    const calling = app.createUAC(uriOf(peer), {
      localSdp: SDP,
      auth: { username: 'hall', password: 'secret' },
    });
    const first = await invite(peer);
    Caller.of(first, peer, bench.port).answer(first, 401, {
      headers: { 'WWW-Authenticate': 'Digest realm="r", nonce="n1", algorithm=MD5' },
    });
    await peer.take('ACK', message => message.method === 'ACK');
    const second = await peer.take(
      'INVITE with digest',
      message => header(message, 'Authorization') !== '',
    );
    expect(header(second, 'Call-ID')).toBe(header(first, 'Call-ID'));
    expect(header(second, 'From')).toBe(header(first, 'From'));
    expect(header(second, 'Authorization')).toContain(digest('hall', 'secret', uriOf(peer)));
    const device = Caller.of(second, peer, bench.port);
    device.answer(second, 200, { body: SDP });
    const dialog = await calling;
    const ack = await device.incoming('ACK');
    expect(header(ack, 'Authorization')).toBe(header(second, 'Authorization'));
    expect(dialog.sip.callId).toBe(header(first, 'Call-ID'));
  });
});

/** A call that stands. */
async function talk(
  peer: RawPeer,
  uriOf = ({ port }: RawPeer) => `sip:room@127.0.0.1:${port}`,
): Promise<{ dialog: AppDialog; device: Caller }> {
  const calling = app.createUAC(uriOf(peer), { localSdp: SDP });
  const received = await invite(peer);
  const device = Caller.of(received, peer, bench.port);
  device.answer(received, 200, { body: SDP });
  const dialog = await calling;
  await device.incoming('ACK');
  return { dialog, device };
}

function digest(user: string, password: string, uri: string): string {
  const md5 = (text: string) => createHash('md5').update(text).digest('hex');
  return md5(`${md5(`${user}:r:${password}`)}:n1:${md5(`INVITE:${uri}`)}`);
}

test('a refused call is acknowledged by the agent, and told to the application', async () => {
  const peer = await bench.udp();
  const calling = app.createUAC(`sip:busy@127.0.0.1:${peer.port}`, { localSdp: SDP });
  calling.catch(() => undefined); // looked at below, after the ACK
  const received = await invite(peer);
  const device = Caller.of(received, peer, bench.port);
  device.answer(received, 486);
  const ack = await device.incoming('ACK');
  expect(header(ack, 'Via')).toBe(header(received, 'Via'));
  await expect(calling).rejects.toMatchObject({ status: 486 });
});

test('a call is cancelled once the device has shown a sign of life', async () => {
  const peer = await bench.udp();
  const started = later<AppRequest>();
  const calling = app.createUAC(
    `sip:room@127.0.0.1:${peer.port}`,
    { localSdp: SDP },
    { cbRequest: (_err, req) => started.give(req) },
  );
  calling.catch(() => undefined); // looked at below
  const received = await invite(peer);
  (await started.value).cancel({ headers: { Reason: 'SIP;cause=200' } });
  const device = Caller.of(received, peer, bench.port);
  device.answer(received, 180);
  const cancel = await device.incoming('CANCEL');
  expect(header(cancel, 'Via')).toBe(header(received, 'Via'));
  expect(header(cancel, 'Reason')).toBe('SIP;cause=200');
  device.answer(cancel, 200);
  device.answer(received, 487);
  await device.incoming('ACK');
  await expect(calling).rejects.toMatchObject({ status: 487 });
});

test('a 200 that crosses the CANCEL is acknowledged and hung up', async () => {
  const peer = await bench.udp();
  const started = later<AppRequest>();
  const calling = app.createUAC(
    `sip:room@127.0.0.1:${peer.port}`,
    { localSdp: SDP },
    { cbRequest: (_err, req) => started.give(req) },
  );
  const received = await invite(peer);
  const device = Caller.of(received, peer, bench.port);
  device.answer(received, 180);
  (await started.value).cancel();
  device.answer(await device.incoming('CANCEL'), 200);
  device.answer(received, 200, { body: SDP });
  await device.incoming('ACK');
  device.answer(await device.incoming('BYE'), 200);
  await calling;
  await bench.holds({ dialogs: 0 });
});

test('a 200 without Contact makes no dialog and is hung up by the agent', async () => {
  const peer = await bench.udp();
  const calling = app.createUAC(`sip:room@127.0.0.1:${peer.port}`, { localSdp: SDP });
  calling.catch(() => undefined); // looked at below
  const received = await invite(peer);
  const device = Caller.of(received, peer, bench.port);
  const bare = { Via: header(received, 'Via'), From: header(received, 'From') };
  const to = `${header(received, 'To')};tag=peer`;
  const rest = { To: to, 'Call-ID': device.callId, CSeq: header(received, 'CSeq') };
  const lines = Object.entries({ ...bare, ...rest, 'Content-Length': '0' });
  peer.send(`SIP/2.0 200 OK\r\n${lines.map(line => line.join(': ')).join('\r\n')}\r\n\r\n`);
  await device.incoming('ACK');
  device.answer(await device.incoming('BYE'), 200);
  await expect(calling).rejects.toMatchObject({ status: 500 });
  await bench.holds({ dialogs: 0 });
});

test('a 200 that comes again gets its ACK again', async () => {
  const peer = await bench.udp();
  const calling = app.createUAC(`sip:room@127.0.0.1:${peer.port}`, { localSdp: SDP });
  const received = await invite(peer);
  const device = Caller.of(received, peer, bench.port);
  device.answer(received, 200, { body: SDP });
  await calling;
  const first = await device.incoming('ACK');
  device.answer(received, 200, { body: SDP });
  const second = await device.incoming('ACK');
  expect(second.headers).toEqual(first.headers);
});

test('the other branch of a forked call is acknowledged and hung up', async () => {
  const peer = await bench.udp();
  const calling = app.createUAC(`sip:room@127.0.0.1:${peer.port}`, { localSdp: SDP });
  const received = await invite(peer);
  const device = Caller.of(received, peer, bench.port);
  device.answer(received, 200, { body: SDP });
  await calling;
  await device.incoming('ACK');
  const other = Caller.of(received, peer, bench.port);
  other.localTag = 'other';
  other.answer(received, 200, { body: SDP });
  expect(tagOf(header(await other.incoming('ACK'), 'To'))).toBe('other');
  expect(tagOf(header(await other.incoming('BYE'), 'To'))).toBe('other');
  await bench.holds({ dialogs: 1 });
});

test('the answer to a request that was awaited as a promise is not lost', async () => {
  const peer = await bench.udp();
  for (let i = 0; i < 20; i++) {
    const asking = app.request(`sip:room@127.0.0.1:${peer.port}`, { method: 'OPTIONS' });
    const options = await peer.take('OPTIONS', message => message.method === 'OPTIONS');
    Caller.of(options, peer, bench.port).answer(options, 200);
    const [response] = (await once(await asking, 'response')) as [AppMessage];
    expect(response.status).toBe(200);
  }
});

test('a request takes the way the application names, its URI untouched', async () => {
  const peer = await bench.udp();
  const asking = app.request('sip:room@nowhere.example', {
    method: 'OPTIONS',
    proxy: `sip:127.0.0.1:${peer.port}`,
  });
  const options = await peer.take('OPTIONS', message => message.method === 'OPTIONS');
  expect(options.startLine).toBe('OPTIONS sip:room@nowhere.example SIP/2.0');
  expect(header(options, 'Route')).toBe('');
  Caller.of(options, peer, bench.port).answer(options, 200);
  await asking;
});

test.each([
  ['an unknown scheme', 'http://example.org', /invalid request-uri/],
  ['a telephone number without a way', 'tel:+841234', /invalid request-uri/],
  ['a transport we do not have', 'sip:room@127.0.0.1;transport=ws', /transport not available/],
])('%s is refused', async (_what, uri, reason) => {
  await expect(app.request(uri, { method: 'OPTIONS' })).rejects.toThrow(reason);
});

test('our own address as target is refused', async () => {
  const asking = app.request(`sip:x@127.0.0.1:${bench.port}`, { method: 'OPTIONS' });
  await expect(asking).rejects.toThrow(/myself/);
});

test('a device that cannot be reached over TCP is told as 503', async () => {
  const listener = await bench.tcpListener();
  listener.close();
  const uri = `sip:room@127.0.0.1:${listener.port};transport=tcp`;
  const asking = await app.request(uri, { method: 'OPTIONS' });
  const [response] = (await once(asking, 'response')) as [AppMessage];
  expect(response.status).toBe(503);
});
