import { afterEach, beforeEach, expect, test } from 'vitest';
import { type AppDialog, Bench, later } from './support/bench.ts';
import { Caller } from './support/caller.ts';
import { skipFaultOfOriginal } from './support/differences.ts';
import { header, SDP, tagOf } from './support/raw-message.ts';

let bench: Bench;
beforeEach(async context => {
  skipFaultOfOriginal(context);
  bench = await Bench.start();
});
afterEach(() => bench.close());

test('an INVITE that comes again reaches the application once and gets the same answer', async () => {
  let invites = 0;
  await bench.app({
    invite: (_req, res) => {
      invites += 1;
      res.send(404);
    },
  });
  const caller = new Caller(await bench.udp(), bench.port);
  const sent = caller.send('INVITE', { body: SDP });
  const first = await caller.response('INVITE');
  caller.peer.send(sent);
  const second = await caller.response('INVITE');
  expect(second.headers).toEqual(first.headers);
  caller.remoteTag = tagOf(header(first, 'To'));
  caller.send('ACK', { branch: caller.inviteBranch });
  expect(invites).toBe(1);
});

test('a lost 200 comes again, over TCP as well, until the ACK', async () => {
  const made = later<AppDialog>();
  const app = await bench.app({
    invite: async (req, res) => made.give(await app.createUAS(req, res, { localSdp: SDP })),
  });
  for (const peer of [await bench.udp(), await bench.tcp()]) {
    const caller = new Caller(peer, bench.port);
    caller.send('INVITE', { body: SDP });
    const first = await caller.response('INVITE');
    const second = await caller.response('INVITE');
    expect(second.headers).toEqual(first.headers);
    caller.learn(first);
    caller.send('ACK');
    await bench.holds({ unacknowledged: 0 });
  }
});

test('a lost ACK to a failure makes it come again, and the ACK stops it', async () => {
  await bench.app({ invite: (_req, res) => res.send(486) });
  const caller = new Caller(await bench.udp(), bench.port);
  caller.send('INVITE', { body: SDP });
  const first = await caller.response('INVITE');
  const second = await caller.response('INVITE');
  expect(second.headers).toEqual(first.headers);
  caller.remoteTag = tagOf(header(first, 'To'));
  caller.send('ACK', { branch: caller.inviteBranch });
  await expect(caller.peer.take('a third 486', m => m.status === 486)).rejects.toThrow(
    'no a third',
  );
});

test('a request that is not answered is sent again', async () => {
  const app = await bench.app();
  const peer = await bench.udp();
  const asking = app.request(`sip:127.0.0.1:${peer.port}`, { method: 'OPTIONS' });
  const first = await peer.take('OPTIONS', message => message.method === 'OPTIONS');
  const second = await peer.take('OPTIONS again', message => message.method === 'OPTIONS');
  expect(second).toEqual(first);
  Caller.of(second, peer, bench.port).answer(second, 200);
  await asking;
});

test('the same INVITE by another way is refused with 482', async () => {
  await bench.app({ invite: (_req, res) => res.send(180) });
  const caller = new Caller(await bench.udp(), bench.port);
  caller.send('INVITE', { body: SDP });
  await caller.response('INVITE', 180);
  caller.send('INVITE', { body: SDP, cseq: 1 });
  expect((await caller.response('INVITE')).status).toBe(482);
});
