/** Calls of the gateway's own, to a device that does what it is told. */
import type Srf from 'drachtio-srf';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { GatewayError } from '../../../src/domain/errors.ts';
import { OutgoingSipLeg } from '../../../src/sip/outgoing-leg.ts';
import { Bench } from './support/bench.ts';
import { Caller } from './support/caller.ts';
import { header, type RawMessage, SDP } from './support/raw-message.ts';
import type { RawPeer } from './support/raw-peer.ts';

const OURS = SDP.replace('4000', '4002');
const THEIRS = SDP.replace('4000', '4004');
const NAME = 'Giao ban "tuần"\r\nRoute: <sip:evil>';
const log = pino({ level: 'silent' });

let bench: Bench;
let srf: Srf;
let over: number;
let rang: number;

beforeEach(async () => {
  bench = await Bench.start();
  srf = (await bench.app()) as unknown as Srf;
  over = 0;
  rang = 0;
});
afterEach(() => bench.close());

const uriOf = ({ protocol, port }: RawPeer) =>
  `sip:room@127.0.0.1:${port}${protocol === 'udp' ? '' : `;transport=${protocol}`}`;

function legTo(uri: string, siteNetworks: readonly string[] = []): OutgoingSipLeg {
  return new OutgoingSipLeg(
    { srf, publicHost: '127.0.0.1', log },
    {
      target: { uri, siteNetworks },
      caller: { name: NAME, number: '1001' },
      over: () => {
        over += 1;
      },
    },
  );
}

const onRinging = () => {
  rang += 1;
};

function invite(leg: OutgoingSipLeg, signal = AbortSignal.timeout(20_000)): Promise<string> {
  const answer = leg.invite(OURS, { signal, onRinging });
  answer.catch(() => undefined); // looked at by the test
  return answer;
}

const incoming = (peer: RawPeer): Promise<RawMessage> =>
  peer.take('INVITE', message => message.method === 'INVITE');

describe.each(['udp', 'tcp'] as const)('over %s', protocol => {
  const listen = () => (protocol === 'udp' ? bench.udp() : bench.tcpListener());

  test('a device is called by the conference’s name, rings, answers, and is in a call like any other', async () => {
    const peer = await listen();
    const leg = legTo(uriOf(peer));
    const answer = invite(leg);
    const received = await incoming(peer);
    expect(received.body.toString()).toBe(OURS);
    const shown = '"Giao ban \\"tuần\\" Route: <sip:evil>" <sip:1001@127.0.0.1>;tag=';
    expect(header(received, 'From')).toContain(shown);
    expect(header(received, 'Route')).toBe('');
    const device = Caller.of(received, peer, bench.port);
    device.answer(received, 100);
    device.answer(received, 180);
    device.answer(received, 183, { body: THEIRS });
    device.answer(received, 200, { body: THEIRS, headers: { 'User-Agent': 'Codec/2' } });
    expect(await answer).toBe(THEIRS);
    await device.incoming('ACK');
    expect(rang).toBe(1);
    expect(leg).toMatchObject({ userAgent: 'Codec/2', sipTransport: protocol });
    expect(leg.sipCallId).toBe(header(received, 'Call-ID'));
    expect(leg.remoteAddr).toMatch(/^127\.0\.0\.1:\d+$/);

    let pressed = '';
    leg.onKey(key => {
      pressed += key;
    });
    leg.onReoffer({ answer: async () => OURS, offer: async () => OURS, accept: async () => {} });
    device.send('INFO', {
      headers: { 'Content-Type': 'application/dtmf-relay' },
      body: 'Signal=7',
    });
    expect((await device.response('INFO')).status).toBe(200);
    expect(pressed).toBe('7');
    device.send('INVITE', { body: THEIRS });
    expect((await device.response('INVITE')).body.toString()).toBe(OURS);
    device.send('ACK');
    const renegotiated = leg.reoffer(OURS, AbortSignal.timeout(5000));
    device.answer(await device.incoming('INVITE'), 200, { body: SDP });
    expect(await renegotiated).toBe(SDP);
    await device.incoming('ACK');
    device.send('BYE');
    expect((await device.response('BYE')).status).toBe(200);
    expect(await leg.ended).toBe('peer-hangup');
    await leg.hangup('peer-hangup');
    expect(over).toBe(1);
    const summaries = leg.messages.map(({ direction, summary }) => `${direction} ${summary}`);
    expect(summaries.slice(0, 2)).toEqual([`out INVITE ${uriOf(peer)}`, 'in SIP/2.0 180 Status']);
    await bench.holds({ dialogs: 0 });
  });

  test('is cancelled when nobody wants it any more, with the reason it was given', async () => {
    const peer = await listen();
    const giveUp = new AbortController();
    const answer = invite(legTo(uriOf(peer)), giveUp.signal);
    const received = await incoming(peer);
    const device = Caller.of(received, peer, bench.port);
    device.answer(received, 180);
    await expect.poll(() => rang).toBe(1);
    giveUp.abort(new GatewayError('peer-no-answer', 'rang for too long'));
    await expect(answer).rejects.toMatchObject({ code: 'peer-no-answer' });
    const cancel = await device.incoming('CANCEL');
    device.answer(cancel, 200);
    device.answer(received, 487);
    await device.incoming('ACK');
  });
});

test('an answer that crosses our CANCEL is acknowledged and ended', async () => {
  const peer = await bench.udp();
  const giveUp = new AbortController();
  const answer = invite(legTo(uriOf(peer)), giveUp.signal);
  const received = await incoming(peer);
  const device = Caller.of(received, peer, bench.port);
  device.answer(received, 180);
  await expect.poll(() => rang).toBe(1);
  giveUp.abort(new Error('too late'));
  await expect(answer).rejects.toThrow('too late');
  device.answer(received, 200, { body: THEIRS });
  await device.incoming('ACK');
  device.answer(await device.incoming('BYE'), 200);
  await bench.holds({ dialogs: 0 });
});

test.each([
  [486, 'peer-busy'],
  [603, 'peer-declined'],
  [488, 'peer-incompatible'],
  [401, 'peer-forbids'],
])('%i is %s, and the device may be called again', async (status, code) => {
  const peer = await bench.udp();
  const leg = legTo(uriOf(peer));
  for (let round = 0; round < 2; round += 1) {
    const answer = invite(leg);
    const received = await incoming(peer);
    const device = Caller.of(received, peer, bench.port);
    device.answer(received, status);
    await device.incoming('ACK');
    await expect(answer).rejects.toMatchObject({ code });
  }
  expect(leg.messages.filter(({ direction }) => direction === 'in')).toHaveLength(2);
});

test('nobody there over TCP is unreachable', async () => {
  const peer = await bench.tcpListener();
  const uri = uriOf(peer);
  peer.close();
  await expect(invite(legTo(uri))).rejects.toMatchObject({ code: 'peer-unreachable' });
});

test('an answer without SDP is no answer, and is hung up', async () => {
  const peer = await bench.udp();
  const leg = legTo(uriOf(peer));
  const answer = invite(leg);
  const received = await incoming(peer);
  const device = Caller.of(received, peer, bench.port);
  device.answer(received, 200);
  await expect(answer).rejects.toMatchObject({ code: 'answer-missing' });
  await leg.hangup('answer-missing');
  device.answer(await device.incoming('BYE'), 200);
});

describe('a redirection', () => {
  const redirect = async (peer: RawPeer, contact: string) => {
    const received = await incoming(peer);
    const device = Caller.of(received, peer, bench.port);
    device.answer(received, 302, { headers: { Contact: `"Room" <${contact}>;q=0.8` } });
    await device.incoming('ACK');
  };

  test('within the site is followed once', async () => {
    const [first, second] = [await bench.udp(), await bench.udp()];
    const answer = invite(legTo(`sip:room@localhost:${first.port}`, ['127.0.0.0/8']));
    await redirect(first, uriOf(second));
    const received = await incoming(second);
    const device = Caller.of(received, second, bench.port);
    device.answer(received, 200, { body: THEIRS });
    expect(await answer).toBe(THEIRS);
  });

  test('again and again is given up', async () => {
    const [first, second] = [await bench.udp(), await bench.udp()];
    const answer = invite(legTo(uriOf(first)));
    await redirect(first, uriOf(second));
    await redirect(second, uriOf(first));
    await expect(answer).rejects.toMatchObject({ code: 'peer-moved' });
  });

  test('to somebody else is not followed', async () => {
    const peer = await bench.udp();
    const answer = invite(legTo(uriOf(peer), ['10.0.0.0/8']));
    await redirect(peer, 'sip:premium@203.0.113.9');
    await expect(answer).rejects.toMatchObject({ code: 'peer-moved' });
  });
});

test('the loss of the SIP server ends a call that rings', async () => {
  const peer = await bench.udp();
  const leg = legTo(uriOf(peer));
  const answer = invite(leg);
  await incoming(peer);
  leg.serverLost();
  await expect(answer).rejects.toMatchObject({ code: 'sip-server-down' });
});
