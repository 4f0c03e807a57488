import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type AppMessage, type AppRequest, Bench, later } from './support/bench.ts';
import { Caller } from './support/caller.ts';
import { skipFaultOfOriginal } from './support/differences.ts';
import { header, SDP, unique } from './support/raw-message.ts';

let bench: Bench;
beforeEach(async context => {
  skipFaultOfOriginal(context);
  bench = await Bench.start();
});
afterEach(() => bench.close());

const CHALLENGE = 'Digest realm="rooms", nonce="abc", algorithm=MD5, qop="auth"';

/** A registrar in the smallest form: challenge, then 200 with what was asked. */
async function registrar() {
  return bench.app({
    register: (req, res) => {
      if (!req.has('Authorization'))
        return res.send(401, { headers: { 'WWW-Authenticate': CHALLENGE } });
      const status = req.get('Authorization').includes(`response="${answerTo('abc')}"`) ? 200 : 403;
      const headers = { Contact: `${req.get('Contact')};expires=60`, Expires: '60' };
      res.send(status, status === 200 ? { headers } : {});
    },
  });
}

function answerTo(nonce: string): string {
  const md5 = (text: string) => createHash('md5').update(text).digest('hex');
  return md5(`${md5('room:rooms:pw')}:${nonce}:${md5('REGISTER:sip:example.vn')}`);
}

async function register(caller: Caller): Promise<void> {
  caller.send('REGISTER');
  const challenge = await caller.response('REGISTER');
  expect(challenge.status).toBe(401);
  expect(header(challenge, 'WWW-Authenticate')).toBe(CHALLENGE);
  caller.send('REGISTER', {
    headers: {
      Authorization: `Digest username="room", realm="rooms", nonce="abc", uri="sip:example.vn", response="${answerTo('abc')}"`,
    },
  });
  const ok = await caller.response('REGISTER');
  expect(ok.status).toBe(200);
  expect(header(ok, 'Contact')).toBe(`${caller.contact};expires=60`);
}

test.each(['udp', 'tcp'] as const)('a device registers with digest over %s', async protocol => {
  await registrar();
  await register(
    new Caller(protocol === 'udp' ? await bench.udp() : await bench.tcp(), bench.port),
  );
  await bench.holds({ registeredFlows: protocol === 'tcp' ? 1 : 0 });
});

test('a device registered over TCP is called over its own connection', async () => {
  const app = await registrar();
  const caller = new Caller(await bench.tcp(), bench.port);
  await register(caller);
  const uri = `sip:device@127.0.0.1:${caller.peer.port};transport=tcp`;
  const calling = app.createUAC(uri, { localSdp: SDP });
  const invite = await caller.peer.take('INVITE', message => message.method === 'INVITE');
  const device = Caller.of(invite, caller.peer, bench.port);
  device.answer(invite, 200, { body: SDP });
  const dialog = await calling;
  await device.incoming('ACK');
  await bench.holds({ tcpConnections: 1 });
  const destroyed = dialog.destroy();
  device.answer(await device.incoming('BYE'), 200);
  await destroyed;
  caller.peer.close();
  await bench.holds({ registeredFlows: 0 });
});

test('pain 12: the contact of a device behind NAT leads to its connection', async () => {
  const app = await registrar();
  const peer = await bench.tcp();
  const caller = new Caller(peer, bench.port);
  caller.send('REGISTER', {
    headers: {
      Contact: '<sip:hall@10.1.2.3:5060;transport=tcp>',
      Authorization: `response="${answerTo('abc')}"`,
    },
  });
  expect((await caller.response('REGISTER')).status).toBe(200);
  const asking = app.request('sip:hall@10.1.2.3:5060;transport=tcp', { method: 'OPTIONS' });
  const options = await peer.take('OPTIONS', message => message.method === 'OPTIONS');
  Caller.of(options, peer, bench.port).answer(options, 200);
  const [response] = (await once(await asking, 'response')) as [AppMessage];
  expect(response.status).toBe(200);
});

test('OPTIONS goes both ways', async () => {
  const app = await bench.app({
    options: (_req, res) =>
      res.send(200, { headers: { allow: 'INVITE', 'X-Odd-Case': '1', 'accept-language': 'vi' } }),
  });
  const caller = new Caller(await bench.udp(), bench.port);
  caller.send('OPTIONS');
  const ok = await caller.response('OPTIONS');
  expect(ok.headers.map(([name]) => name)).toEqual(
    expect.arrayContaining(['Allow', 'X-Odd-Case', 'Accept-Language', 'Content-Length']),
  );
  const asking = await app.request(`sip:127.0.0.1:${caller.peer.port}`, { method: 'OPTIONS' });
  const options = await caller.peer.take('OPTIONS', message => message.method === 'OPTIONS');
  Caller.of(options, caller.peer, bench.port).answer(options, 404);
  const [response] = (await once(asking, 'response')) as [AppMessage];
  expect(response.status).toBe(404);
});

test('the application gets a message byte for byte, with only the top Via completed', async () => {
  const got = later<AppRequest>();
  await bench.app({
    message: (req, res) => {
      got.give(req);
      res.send(200);
    },
  });
  const peer = await bench.udp();
  const branch = `z9hG4bK${unique()}`;
  const head = [
    'MESSAGE sip:room@127.0.0.1 SIP/2.0',
    `v:  SIP/2.0/UDP 127.0.0.1:${peer.port};branch=${branch} , SIP/2.0/UDP 192.0.2.7;branch=z9hG4bKold`,
    'f: "Hội, trường" <sip:a@example.vn>;tag=1',
    't: <sip:b@example.vn>',
    `I: ${branch}`,
    'cSEQ:   7   MESSAGE',
    'Subject: first',
    '   second',
    'c: text/plain; charset=UTF-8',
    'l: 5',
  ];
  peer.send(`${head.join('\r\n')}\r\n\r\nchào`);
  expect((await peer.take('200', message => message.status === 200)).status).toBe(200);
  const completed = `v:  SIP/2.0/UDP 127.0.0.1:${peer.port};branch=${branch};rport=${peer.port}, SIP/2.0/UDP 192.0.2.7;branch=z9hG4bKold`;
  const expected = [head[0], completed, ...head.slice(2)].join('\r\n');
  expect((await got.value).raw).toBe(`${expected}\r\n\r\nchào`);
});

test.each([
  ['an unknown method', 'WIBBLE', 405],
  ['a BYE outside of calls', 'BYE', 481],
  ['an UPDATE outside of calls', 'UPDATE', 481],
  ['a REFER outside of calls', 'REFER', 481],
  ['a method no application asked for', 'PUBLISH', 503],
])('%s is answered by the agent', async (_what, method, status) => {
  await bench.app({ invite: (_req, res) => res.send(486) });
  const caller = new Caller(await bench.udp(), bench.port);
  caller.send(method);
  expect((await caller.response(method)).status).toBe(status);
});

test('a CANCEL for nothing is refused with 481', async () => {
  const caller = new Caller(await bench.udp(), bench.port);
  caller.inviteBranch = `z9hG4bK${unique()}`;
  caller.send('CANCEL');
  expect((await caller.response('CANCEL')).status).toBe(481);
});

test('responses go where the request says when it does not ask for rport', async () => {
  await bench.app({ options: (_req, res) => res.send(200) });
  const [peer, named] = [await bench.udp(), await bench.udp()];
  const caller = new Caller(peer, bench.port);
  const via = `SIP/2.0/UDP 127.0.0.1:${named.port};branch=z9hG4bK${unique()}`;
  caller.send('OPTIONS', { headers: { Via: via } });
  const ok = await named.take('200', message => message.status === 200);
  expect(header(ok, 'Via')).toBe(via);
});

test('received is added where the sender does not know its own address', async () => {
  await bench.app({ options: (_req, res) => res.send(200) });
  const caller = new Caller(await bench.udp(), bench.port);
  const via = `SIP/2.0/UDP 10.1.1.1:5060;rport;branch=z9hG4bK${unique()}`;
  caller.send('OPTIONS', { headers: { Via: via } });
  const added = header(await caller.response('OPTIONS'), 'Via');
  expect(added).toContain(';received=127.0.0.1');
  expect(added).toContain(`;rport=${caller.peer.port}`);
});
