/** Offers of the gateway's own leg in a call, against a device that does what it is told. */
import type Srf from 'drachtio-srf';
import type { SrfRequest, SrfResponse } from 'drachtio-srf';
import pino from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SipLeg } from '../../../src/sip/sip-leg.ts';
import { Bench, later } from './support/bench.ts';
import { Caller } from './support/caller.ts';
import { header, SDP } from './support/raw-message.ts';

const OURS = SDP.replace('4000', '4002');
const THEIRS = SDP.replace('4000', '4004');
const log = pino({ level: 'silent' });

let bench: Bench;
let caller: Caller;
let leg: SipLeg;

beforeEach(async () => {
  bench = await Bench.start();
  const answered = later<SipLeg>();
  const app = await bench.app({
    invite: async (req, res) => {
      const srf = app as unknown as Srf;
      const [request, response] = [req as unknown as SrfRequest, res as unknown as SrfResponse];
      const made = new SipLeg({ srf, publicHost: '127.0.0.1', log }, request, response);
      await made.accept(SDP);
      answered.give(made);
    },
  });
  caller = new Caller(await bench.udp(), bench.port);
  await caller.dial();
  leg = await answered.value;
});
afterEach(() => bench.close());

const patience = () => AbortSignal.timeout(10_000);

test('our offer reaches the device, and its answer us', async () => {
  const answer = leg.reoffer(OURS, patience());
  const invite = await caller.incoming('INVITE');
  expect(invite.body.toString()).toBe(OURS);
  expect(header(invite, 'Contact')).toContain(String(bench.port));
  caller.answer(invite, 100);
  caller.answer(invite, 200, { body: THEIRS });
  expect(await answer).toBe(THEIRS);
  await caller.incoming('ACK');
  const summaries = leg.messages.map(({ direction, summary }) => `${direction} ${summary}`);
  expect(summaries).toContain('out INVITE (our offer)');
  expect(summaries.at(-1)).toMatch(/^in SIP\/2\.0 200 /);
});

test('a crossing is refused on both sides, and ours comes again', async () => {
  const answer = leg.reoffer(OURS, patience());
  const first = await caller.incoming('INVITE');
  caller.send('INVITE', { body: THEIRS });
  expect((await caller.response('INVITE')).status).toBe(491);
  caller.send('ACK', { branch: caller.inviteBranch });
  caller.answer(first, 491);
  await caller.incoming('ACK');
  const second = await caller.incoming('INVITE');
  expect(second.body.toString()).toBe(OURS);
  expect(header(second, 'CSeq')).not.toBe(header(first, 'CSeq'));
  caller.answer(second, 200, { body: THEIRS });
  expect(await answer).toBe(THEIRS);
});

test('a refusal leaves the session as it was, and the next offer is sent all the same', async () => {
  leg.onReoffer({
    answer: async () => SDP,
    offer: async () => SDP,
    accept: async () => undefined,
  });
  const refused = leg.reoffer(OURS, patience());
  refused.catch(() => undefined); // expected below
  caller.answer(await caller.incoming('INVITE'), 488);
  await expect(refused).rejects.toMatchObject({ code: 'offer-refused', details: { status: 488 } });
  caller.send('UPDATE');
  expect((await caller.response('UPDATE')).status).toBe(200);
  caller.send('INVITE', { body: THEIRS });
  const ok = await caller.response('INVITE');
  expect(ok.body.toString()).toBe(SDP);
  caller.send('ACK');
  const answer = leg.reoffer(OURS, patience());
  caller.answer(await caller.incoming('INVITE'), 200, { body: THEIRS });
  expect(await answer).toBe(THEIRS);
  expect((await caller.hangUp()).status).toBe(200);
});

test('who does not answer is given up with the signal, and acknowledged when it answers after all', async () => {
  const giveUp = new AbortController();
  const refused = leg.reoffer(OURS, giveUp.signal);
  refused.catch(() => undefined); // expected below
  const invite = await caller.incoming('INVITE');
  giveUp.abort(new Error('too long'));
  await expect(refused).rejects.toThrow('too long');
  caller.answer(invite, 200, { body: THEIRS });
  await caller.incoming('ACK');
});
