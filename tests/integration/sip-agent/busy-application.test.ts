/** Legs of a gateway that was busy, and reads at once what a device did one after the other. */
import type Srf from 'drachtio-srf';
import type { SrfRequest, SrfResponse } from 'drachtio-srf';
import pino from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { OutgoingSipLeg } from '../../../src/sip/outgoing-leg.ts';
import { SipLeg } from '../../../src/sip/sip-leg.ts';
import { Bench, later } from './support/bench.ts';
import type { BusyLine } from './support/busy-line.ts';
import { Caller } from './support/caller.ts';
import { SDP } from './support/raw-message.ts';

const OURS = SDP.replace('4000', '4002');
const THEIRS = SDP.replace('4000', '4004');
const log = pino({ level: 'silent' });

let bench: Bench;
let line: BusyLine;
let srf: Srf;
let incoming: Promise<SipLeg>;

beforeEach(async () => {
  bench = await Bench.start();
  line = await bench.busyLine();
  const called = later<SipLeg>();
  incoming = called.value;
  const app = await bench.app(
    {
      invite: (req, res) => {
        const [request, response] = [req as unknown as SrfRequest, res as unknown as SrfResponse];
        called.give(new SipLeg({ srf, publicHost: '127.0.0.1', log }, request, response));
      },
    },
    line.app,
  );
  srf = app as unknown as Srf;
});
afterEach(() => bench.close());

test('who hangs up as soon as it is answered is heard', async () => {
  const caller = new Caller(await bench.udp(), bench.port);
  const answered = caller.dial();
  const leg = await incoming;
  line.hold();
  const accepted = leg.accept(SDP);
  await answered;
  const hungUp = caller.hangUp();
  await line.holds('BYE sip:');
  line.release();
  await accepted;
  expect(await leg.ended).toBe('peer-hangup');
  expect((await hungUp).status).toBe(200);
});

test('so is who answers our offer and hangs up at once', async () => {
  const caller = new Caller(await bench.udp(), bench.port);
  caller.send('INVITE');
  const leg = await incoming;
  line.hold();
  const answer = leg.offer(OURS);
  answer.catch(() => undefined); // expected below
  caller.learn(await caller.response('INVITE'));
  caller.send('ACK', { body: THEIRS });
  const hungUp = caller.hangUp();
  await line.holds('BYE sip:');
  line.release();
  await expect(answer).rejects.toMatchObject({ code: 'answer-missing' });
  expect(await leg.ended).toBe('peer-hangup');
  expect((await hungUp).status).toBe(200);
});

test('and who is called, answers and hangs up at once', async () => {
  const peer = await bench.udp();
  const leg = new OutgoingSipLeg(
    { srf, publicHost: '127.0.0.1', log },
    {
      target: { uri: `sip:room@127.0.0.1:${peer.port}`, siteNetworks: [] },
      caller: { name: 'Giao ban', number: '1001' },
      over: () => undefined,
    },
  );
  const signal = AbortSignal.timeout(20_000);
  const answer = leg.invite(OURS, { signal, onRinging: () => undefined });
  const invite = await peer.take('INVITE', ({ method }) => method === 'INVITE');
  const device = Caller.of(invite, peer, bench.port);
  await bench.holds({ pendingFrames: 0 });
  line.hold();
  device.answer(invite, 200, { body: THEIRS });
  const hungUp = device.hangUp();
  await line.holds('BYE sip:');
  line.release();
  expect(await answer).toBe(THEIRS);
  expect(await leg.ended).toBe('peer-hangup');
  expect((await hungUp).status).toBe(200);
});
