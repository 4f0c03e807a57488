import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type App,
  type AppDialog,
  type AppMessage,
  type AppRequest,
  type AppResponse,
  Bench,
  later,
} from './support/bench.ts';
import { Caller } from './support/caller.ts';
import { skipFaultOfOriginal } from './support/differences.ts';
import { all, header, type RawMessage, SDP, tagOf } from './support/raw-message.ts';
import type { RawPeer } from './support/raw-peer.ts';

const RELIABLE = { Supported: '100rel' };
const OTHER_SDP = SDP.replace('4000', '4002');

let bench: Bench;
beforeEach(async context => {
  skipFaultOfOriginal(context);
  bench = await Bench.start();
});
afterEach(() => bench.close());

/** Rings reliably, and gives the call to the test. */
async function ringing(headers = { Require: '100rel' }) {
  const call = later<{ app: App; req: AppRequest; res: AppResponse }>();
  const sent = later<AppMessage | undefined>();
  const prack = later<AppMessage>();
  const app = await bench.app({
    invite: (req, res) => {
      call.give({ app, req, res });
      res.send(
        183,
        { headers, body: SDP },
        (err, message) => sent.give(err ? undefined : message),
        message => prack.give(message),
      );
    },
  });
  return { call: call.value, sent: sent.value, prack: prack.value };
}

function rackOf(progress: RawMessage): string {
  return `${header(progress, 'RSeq')} ${header(progress, 'CSeq')}`;
}

describe.each(['udp', 'tcp'] as const)('a call that comes in over %s', protocol => {
  const open = (): Promise<RawPeer> => (protocol === 'udp' ? bench.udp() : bench.tcp());

  test('rings reliably, is answered and acknowledged', async () => {
    const { call, sent, prack } = await ringing();
    const caller = new Caller(await open(), bench.port);
    caller.send('INVITE', { body: SDP, headers: RELIABLE });
    const progress = await caller.response('INVITE', 183);
    expect(header(progress, 'Require')).toBe('100rel');
    expect(header(progress, 'Contact')).toContain(String(bench.port));
    expect((await sent)?.get('RSeq')).toBe(header(progress, 'RSeq'));
    caller.learn(progress);
    const inviteSeq = caller.cseq;
    caller.send('PRACK', { headers: { RAck: rackOf(progress) } });
    expect((await caller.response('PRACK')).status).toBe(200);
    expect((await prack).get('RAck')).toBe(rackOf(progress));
    const { app, req, res } = await call;
    const answering = app.createUAS(req, res, { localSdp: SDP });
    caller.cseq = inviteSeq;
    const ok = await caller.response('INVITE');
    expect(tagOf(header(ok, 'To'))).toBe(caller.remoteTag);
    caller.send('ACK');
    caller.cseq += 1;
    const ended = once(await answering, 'destroy');
    expect((await caller.hangUp()).status).toBe(200);
    await ended;
    await bench.holds({ dialogs: 0, unacknowledged: 0, pendingRequests: 0 });
  });
});

test('a reliable ringing that is lost comes again', async () => {
  await ringing();
  const caller = new Caller(await bench.udp(), bench.port);
  caller.send('INVITE', { body: SDP, headers: RELIABLE });
  const first = await caller.response('INVITE', 183);
  const second = await caller.response('INVITE', 183);
  expect(second.headers).toEqual(first.headers);
});

test('a device that does not know reliable ringing gets none', async () => {
  const { sent, call } = await ringing();
  const caller = new Caller(await bench.udp(), bench.port);
  caller.send('INVITE', { body: SDP });
  expect(await sent).toBeUndefined();
  (await call).res.send(486);
  expect((await caller.response('INVITE')).status).toBe(486);
});

test('an UPDATE before the answer reaches the call that is ringing', async () => {
  const { call } = await ringing();
  const caller = new Caller(await bench.udp(), bench.port);
  caller.send('INVITE', { body: SDP, headers: RELIABLE });
  const progress = await caller.response('INVITE', 183);
  const { req, res } = await call;
  req.on('update', (update: AppRequest, updateRes: AppResponse) =>
    updateRes.send(200, { body: update.body }),
  );
  caller.learn(progress);
  const inviteSeq = caller.cseq;
  caller.send('PRACK', { headers: { RAck: rackOf(progress) } });
  await caller.response('PRACK');
  caller.send('UPDATE', { body: OTHER_SDP });
  const updated = await caller.response('UPDATE');
  expect([updated.status, updated.body.toString()]).toEqual([200, OTHER_SDP]);
  caller.cseq = inviteSeq;
  res.send(603);
  expect((await caller.response('INVITE')).status).toBe(603);
});

test('a caller that hangs up while it rings hears that the call is over', async () => {
  const { call } = await ringing();
  const caller = new Caller(await bench.udp(), bench.port);
  caller.send('INVITE', { body: SDP, headers: RELIABLE });
  caller.learn(await caller.response('INVITE', 183));
  const { req } = await call;
  const cancelled = once(req, 'cancel');
  const inviteSeq = caller.cseq;
  caller.send('BYE');
  expect((await caller.response('BYE')).status).toBe(200);
  caller.cseq = inviteSeq;
  expect((await caller.response('INVITE')).status).toBe(487);
  await cancelled;
  await bench.holds({ dialogs: 0, pendingRequests: 0 });
});

describe('a call that goes out', () => {
  const ring = (device: Caller, invite: RawMessage, rseq: number, tag?: string) => {
    if (tag) device.localTag = tag;
    const headers = { Require: '100rel', RSeq: String(rseq) };
    device.answer(invite, 183, { headers, body: SDP });
  };

  async function calling() {
    const app = await bench.app();
    const peer = await bench.udp();
    const uri = `sip:room@127.0.0.1:${peer.port}`;
    const dialog = app.createUAC(uri, { localSdp: SDP, headers: RELIABLE });
    const invite = await peer.take('INVITE', message => message.method === 'INVITE');
    return { peer, invite, dialog, device: Caller.of(invite, peer, bench.port) };
  }

  test('acknowledges a reliable ringing once, and goes on as the same dialog', async () => {
    const { device, invite, dialog } = await calling();
    ring(device, invite, 17);
    ring(device, invite, 17);
    const prack = await device.incoming('PRACK');
    expect(header(prack, 'RAck')).toBe(`17 ${header(invite, 'CSeq')}`);
    expect(header(prack, 'To')).toContain(`tag=${device.localTag}`);
    device.answer(prack, 200);
    ring(device, invite, 18);
    const second = await device.incoming('PRACK');
    expect(header(second, 'RAck')).toBe(`18 ${header(invite, 'CSeq')}`);
    device.answer(second, 200);
    device.answer(invite, 200, { body: SDP });
    const { sip } = await dialog;
    expect(sip.remoteTag).toBe(device.localTag);
    const ack = await device.incoming('ACK');
    expect(header(ack, 'CSeq').split(' ')[0]).toBe(header(invite, 'CSeq').split(' ')[0]);
    const destroyed = (await dialog).destroy();
    const bye = await device.incoming('BYE');
    expect(Number.parseInt(header(bye, 'CSeq'), 10)).toBeGreaterThan(
      Number.parseInt(header(second, 'CSeq'), 10),
    );
    device.answer(bye, 200);
    await destroyed;
    await bench.holds({ dialogs: 0 });
  });

  test('is answered by one of two devices that rang, and the other is hung up', async () => {
    const { peer, device, invite, dialog } = await calling();
    ring(device, invite, 1, 'first');
    expect(header(await device.incoming('PRACK'), 'To')).toContain('tag=first');
    ring(device, invite, 7, 'second');
    expect(header(await device.incoming('PRACK'), 'To')).toContain('tag=second');
    device.answer(invite, 200, { body: SDP });
    expect((await dialog).sip.remoteTag).toBe('second');
    device.localTag = 'first';
    device.answer(invite, 200, { body: SDP });
    const bye = await peer.take('BYE of the first', message => message.method === 'BYE');
    expect(header(bye, 'To')).toContain('tag=first');
    await bench.holds({ dialogs: 1 });
  });

  test('an UPDATE of the device that rings is answered', async () => {
    const { device, invite } = await calling();
    ring(device, invite, 3);
    device.answer(await device.incoming('PRACK'), 200);
    device.send('UPDATE', { body: OTHER_SDP });
    const updated = await device.response('UPDATE');
    expect(updated.status).toBe(200);
  });
});

describe('pain 7: sessions that expire', () => {
  test('a session shorter than 90 s is refused, and the least is told', async () => {
    await bench.app({ invite: (_req, res) => res.send(486) });
    const caller = new Caller(await bench.udp(), bench.port);
    const headers = { Supported: 'timer', 'Session-Expires': '60' };
    caller.send('INVITE', { body: SDP, headers });
    const refusal = await caller.response('INVITE');
    expect([refusal.status, header(refusal, 'Min-SE')]).toEqual([422, '90']);
  });

  test('a session of 90 s is agreed on, and refreshed by an UPDATE without SDP', async () => {
    const made = later<AppDialog>();
    const app = await bench.app({
      invite: async (req, res) => made.give(await app.createUAS(req, res, { localSdp: SDP })),
    });
    const caller = new Caller(await bench.udp(), bench.port);
    const headers = { Supported: 'timer', 'Session-Expires': '90;refresher=uac' };
    const ok = await caller.dial({ headers });
    expect(header(ok, 'Session-Expires')).toBe('90;refresher=uac');
    expect(all(ok, 'Require')).toContain('timer');
    caller.send('UPDATE', { headers });
    const refreshed = await caller.response('UPDATE');
    expect(refreshed.status).toBe(200);
    expect(header(refreshed, 'Session-Expires')).toBe('90;refresher=uac');
    expect(refreshed.body.toString()).toBe('');
    expect((await made.value).remote.sdp).toBe(SDP);
  });
});
