import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Baresip, startBaresip } from '../../support/baresip.ts';
import { setHallLink } from '../../support/bed/hall-link.ts';
import { SipClient } from '../../support/sip-client.ts';
import { startSystem, type TestSystem } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import { addConference, addSite, expectNothingLeft, passwordOf } from '../district.ts';

const PCMA = [
  'v=0',
  'o=- 1 1 IN IP4 10.77.0.1',
  's=-',
  'c=IN IP4 10.77.0.1',
  't=0 0',
  'm=audio 40000 RTP/AVP 8',
  '',
].join('\r\n');
const SDP_TYPE = 'Content-Type: application/sdp';

describe('calls end cleanly', () => {
  let system: TestSystem;
  let phone: Baresip;

  beforeAll(async () => {
    system = await startSystem({ DIEMCAU_MEDIA_SILENT_TIMEOUT_MS: '4000' });
    await addSite(system, 'Xã Tân Phú', 'tan-phu');
    await addConference(system, { name: 'Giao ban', number: '1001', alias: 'giao-ban' });
    phone = await startBaresip({
      username: 'tan-phu',
      password: passwordOf('tan-phu'),
      colour: 'red',
      toneHz: 500,
    });
    await phone.registered();
  });

  afterEach(() => setHallLink({}));
  afterAll(async () => {
    await phone?.close();
    await system?.close();
  });

  const healthy = () =>
    waitFor(
      'all engines well',
      async () => {
        const response = await fetch(`http://127.0.0.1:${system.settings.http.port}/healthz`);
        return response.status === 200;
      },
      30_000,
    );
  const calls = async () => (await system.api('/calls')).body as { callId: string }[];

  test('an operator hangs up', async () => {
    await phone.dial('1001');
    const [call] = await calls();
    await system.api(`/calls/${call?.callId}`, { method: 'DELETE' });
    await phone.ended();
    await expectNothingLeft(system);
  });

  test('a conference that is deleted puts its codecs out', async () => {
    const other = await addConference(system, { name: 'Khác', number: '1002', alias: 'khac' });
    await phone.dial('1002');
    await system.api(`/conferences/${other.id}`, { method: 'DELETE' });
    await phone.ended();
    await expectNothingLeft(system);
  });

  test('an endpoint that falls silent is given up', async () => {
    await phone.dial('1001');
    setHallLink({ lossPct: 100 });
    await waitFor('the call given up', async () => (await calls()).length === 0, 20_000);
    setHallLink({});
    await expectNothingLeft(system);
    await waitFor('the phone to know', () => phone.count('CALL_CLOSED') > 0, 60_000);
  });

  test.each(['janus', 'sip-agent'])(
    '%s killed: the call ends, new ones are answered again when it is back',
    async name => {
      await phone.dial('1001');
      const { pid } = system.engine(name);
      if (pid === undefined) throw new Error(`${name} does not run`);
      process.kill(pid, 'SIGKILL');
      await waitFor('the call ended', async () => (await calls()).length === 0, 20_000);
      await healthy();
      await expectNothingLeft(system);
      if (name === 'sip-agent') return; // the phone does not know that its dialog is gone
      await phone.ended();
      await phone.dial('1001');
      await phone.hangup();
      await expectNothingLeft(system);
    },
  );
});

describe('bad input', () => {
  let system: TestSystem;
  let client: SipClient;
  const known = { username: 'tan-phu', password: passwordOf('tan-phu') };

  beforeAll(async () => {
    system = await startSystem();
    await addSite(system, 'Xã Tân Phú', 'tan-phu');
    await addConference(system, { name: 'Giao ban', number: '1001', alias: 'giao-ban' });
    client = await SipClient.open();
  });
  afterAll(async () => {
    client?.close();
    await system?.close();
  });

  const invite = (change: object) =>
    client.request({
      method: 'INVITE',
      to: '1001',
      headers: [SDP_TYPE],
      body: PCMA,
      ...known,
      ...change,
    });

  test('a wrong password is 403 after the challenge, an unknown user the same', async () => {
    for (const method of ['REGISTER', 'INVITE']) {
      const wrong = await client.request({ method, username: 'tan-phu', password: 'guess' });
      const unknown = await client.request({ method, username: 'nobody', password: 'guess' });
      expect(wrong.status).toBe(403);
      expect(unknown.status).toBe(403);
      const names = (reply: typeof wrong) => [...reply.headers.keys()].sort();
      expect(names(unknown)).toEqual(names(wrong));
    }
  });

  test('nobody calls without proof', async () => {
    const { status, headers } = await client.request({
      method: 'INVITE',
      to: '1001',
      username: 'tan-phu',
    });
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toMatch(/^Digest realm="diemcau"/);
  });

  test.each([
    ['a body that is not SDP', { headers: ['Content-Type: text/plain'], body: 'hello' }, 415],
    ['broken SDP', { body: 'v=0\r\nnonsense' }, 400],
    ['nothing in common', { body: PCMA.replace('AVP 8', 'AVP 18') }, 488],
  ])('%s is answered', async (_, change, status) => {
    const reply = await invite(change);
    expect(reply.status).toBe(status);
    if (status === 488) expect(reply.headers.get('warning')).toMatch(/^3\d\d 10\.77\.0\.1 "/);
  });

  test('an engine that is down is 503 with Retry-After and named in the log', async () => {
    const { pid } = system.engine('rtpengine');
    if (pid === undefined) throw new Error('rtpengine does not run');
    const lost = () => /media relay lost/.test(system.logs().gateway ?? '');
    process.kill(pid, 'SIGSTOP'); // hangs, which is worse than dying
    try {
      await waitFor('the loss noticed', lost, 20_000);
      const { status, headers } = await invite({});
      expect(status).toBe(503);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      const named = /"engine":"rtpengine"[^\n]*"call refused"/;
      await waitFor('the engine named', () => named.test(system.logs().gateway ?? ''));
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await waitFor(
      'an answer again',
      async () => (await invite({ body: PCMA.replace('AVP 8', 'AVP 18') })).status === 488,
      20_000,
    );
  });

  test('garbage crashes nothing', async () => {
    const garbage = [
      '\r\n\r\n',
      '\0'.repeat(500),
      'INVITE',
      'SIP/2.0 200 OK\r\n\r\n',
      'x'.repeat(60_000),
    ];
    for (const text of garbage) client.sendRaw(text);
    for (let seed = 0; seed < 300; seed++) {
      const message = Buffer.from(
        `INVITE sip:1001@10.77.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 10.77.0.1:9;branch=z9hG4bK${seed}\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: g${seed}\r\nCSeq: 1 INVITE\r\n\r\n`,
      );
      for (let i = 0; i < 5; i++)
        message[(seed * 7919 + i * 104_729) % message.length] = (seed * 31 + i * 17) % 256;
      client.sendRaw(message);
    }
    await waitFor('an answer after the garbage', async () => {
      const { status } = await client.request({ method: 'OPTIONS', username: 'tan-phu' });
      return status === 200;
    });
    await expectNothingLeft(system);
  });
});
