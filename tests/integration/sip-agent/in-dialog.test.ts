import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type AppDialog,
  type AppMessage,
  type AppResponse,
  Bench,
  later,
} from './support/bench.ts';
import { Caller } from './support/caller.ts';
import { skipFaultOfOriginal } from './support/differences.ts';
import { header, SDP, uriOf } from './support/raw-message.ts';

const OTHER_SDP = SDP.replace('4000', '4002');

let bench: Bench;
beforeEach(async context => {
  skipFaultOfOriginal(context);
  bench = await Bench.start();
});
afterEach(() => bench.close());

/** A call that stands, from both sides. */
async function call(
  protocol: 'udp' | 'tcp' = 'udp',
): Promise<{ caller: Caller; dialog: AppDialog }> {
  const made = later<AppDialog>();
  const app = await bench.app({
    invite: async (req, res) => made.give(await app.createUAS(req, res, { localSdp: SDP })),
  });
  const peer = protocol === 'udp' ? await bench.udp() : await bench.tcp();
  const caller = new Caller(peer, bench.port);
  await caller.dial();
  return { caller, dialog: await made.value };
}

describe.each(['udp', 'tcp'] as const)('in a call over %s', protocol => {
  test('a re-INVITE of the device reaches the application and moves its address', async () => {
    const { caller, dialog } = await call(protocol);
    dialog.on('modify', (_req: AppMessage, res: AppResponse) => res.send(200, { body: OTHER_SDP }));
    const moved = caller.contact.replace('device@', 'moved@');
    caller.send('INVITE', { body: OTHER_SDP, headers: { Contact: moved } });
    const ok = await caller.response('INVITE');
    expect(ok.body.toString()).toBe(OTHER_SDP);
    expect(header(ok, 'Contact')).toContain(String(bench.port));
    caller.send('ACK');
    const asked = dialog.request({ method: 'INFO' });
    const info = await caller.incoming('INFO');
    expect(info.startLine).toBe(`INFO ${uriOf(moved)} SIP/2.0`);
    caller.answer(info, 200);
    expect((await asked).status).toBe(200);
  });

  test('a re-INVITE of the application reaches the device and is acknowledged', async () => {
    const { caller, dialog } = await call(protocol);
    const modified = dialog.modify(OTHER_SDP);
    const invite = await caller.incoming('INVITE');
    expect(invite.body.toString()).toBe(OTHER_SDP);
    caller.answer(invite, 200, { body: SDP });
    await modified;
    const ack = await caller.incoming('ACK');
    expect(header(ack, 'CSeq').split(' ')[0]).toBe(header(invite, 'CSeq').split(' ')[0]);
    expect(dialog.remote.sdp).toBe(SDP);
  });

  test('INFO goes both ways', async () => {
    const { caller, dialog } = await call(protocol);
    const received = later<string>();
    dialog.on('info', (req: AppMessage, res: AppResponse) => {
      received.give(req.body);
      res.send(200);
    });
    const headers = { 'Content-Type': 'application/media_control+xml' };
    caller.send('INFO', { headers, body: '<picture_fast_update/>' });
    expect((await caller.response('INFO')).status).toBe(200);
    expect(await received.value).toBe('<picture_fast_update/>');
    const asked = dialog.request({ method: 'INFO', headers, body: '<é/>' });
    const info = await caller.incoming('INFO');
    expect(info.body.toString()).toBe('<é/>');
    caller.answer(info, 415);
    expect((await asked).status).toBe(415);
  });

  test('UPDATE of the device is answered by the application', async () => {
    const { caller } = await call(protocol);
    caller.send('UPDATE', { body: OTHER_SDP });
    const ok = await caller.response('UPDATE');
    expect(ok.status).toBe(200);
    expect(header(ok, 'Contact')).toContain(String(bench.port));
  });
});

test('a re-INVITE that crosses ours is refused with 491', async () => {
  const { caller, dialog } = await call();
  const modified = dialog.modify(OTHER_SDP);
  const ours = await caller.incoming('INVITE');
  caller.send('INVITE', { body: OTHER_SDP });
  expect((await caller.response('INVITE')).status).toBe(491);
  caller.send('ACK', { branch: caller.inviteBranch });
  caller.answer(ours, 491);
  await expect(modified).rejects.toMatchObject({ status: 491 });
  const ack = await caller.incoming('ACK');
  expect(header(ack, 'Via')).toBe(header(ours, 'Via'));
  expect((await caller.hangUp()).status).toBe(200);
});

test('requests out of order are refused with 500', async () => {
  const { caller } = await call();
  caller.send('INFO', { cseq: 20 });
  expect((await caller.response('INFO')).status).toBe(200);
  caller.send('INFO', { cseq: 19 });
  expect((await caller.response('INFO')).status).toBe(500);
});

test('a request in a dialog that nobody knows is refused with 481', async () => {
  await bench.app({ invite: (_req, res) => res.send(486) });
  const caller = new Caller(await bench.udp(), bench.port);
  caller.remoteTag = 'unheard-of';
  for (const method of ['INVITE', 'BYE', 'INFO', 'UPDATE']) {
    caller.send(method, { body: SDP });
    expect((await caller.response(method)).status).toBe(481);
  }
});

test('pain 12: packets follow a device behind NAT, whatever its Contact says', async () => {
  const made = later<AppDialog>();
  const app = await bench.app({
    invite: async (req, res) => made.give(await app.createUAS(req, res, { localSdp: SDP })),
  });
  const caller = new Caller(await bench.udp(), bench.port);
  await caller.dial({ headers: { Contact: '<sip:device@10.9.8.7:5060>' } });
  const asked = (await made.value).request({ method: 'INFO' });
  const info = await caller.incoming('INFO');
  expect(info.startLine).toBe('INFO sip:device@10.9.8.7:5060 SIP/2.0');
  caller.answer(info, 200);
  await asked;
});

test('requests of the application go by the recorded route', async () => {
  const made = later<AppDialog>();
  const app = await bench.app({
    invite: async (req, res) => made.give(await app.createUAS(req, res, { localSdp: SDP })),
  });
  const caller = new Caller(await bench.udp(), bench.port);
  const proxy = await bench.udp();
  const routes = [`<sip:127.0.0.1:${proxy.port};lr>`, '<sip:192.0.2.1;lr>'];
  const ok = await caller.dial({
    headers: { 'Record-Route': routes, Contact: '<sip:device@192.0.2.9>' },
  });
  expect(header(ok, 'Record-Route')).toBe(routes[0]);
  const asked = (await made.value).request({ method: 'INFO' });
  const info = await proxy.take('INFO', message => message.method === 'INFO');
  expect(info.startLine).toBe('INFO sip:device@192.0.2.9 SIP/2.0');
  expect(info.headers.filter(([name]) => name === 'Route').map(([, value]) => value)).toEqual(
    routes,
  );
  const copy = new Caller(proxy, bench.port);
  copy.answer(info, 200);
  await asked;
});

test('a BYE voids the re-INVITE that the application has not answered', async () => {
  const { caller, dialog } = await call();
  const held = later<AppResponse>();
  dialog.on('modify', (_req: AppMessage, res: AppResponse) => held.give(res));
  caller.send('INVITE', { body: OTHER_SDP });
  await held.value;
  caller.send('BYE');
  expect((await caller.response('INVITE')).status).toBe(487);
  caller.send('ACK', { branch: caller.inviteBranch });
  expect((await caller.response('BYE')).status).toBe(200);
  await bench.holds({ dialogs: 0, pendingRequests: 0 });
});
