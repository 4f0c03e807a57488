import { exec } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { promisify } from 'node:util';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startSipAgent } from '../../../../src/sip-agent/index.ts';
import { type AppDialog, type AppMessage, Bench, later } from '../support/bench.ts';
import { Caller } from '../support/caller.ts';
import { testIdentity } from '../support/identity.ts';
import { header, SDP, uriOf } from '../support/raw-message.ts';
import { type RawPeer, streamListener, tcpPeer, tlsPeer, udpPeer } from '../support/raw-peer.ts';
import { FOREIGN_SERVER } from '../support/server.ts';

const run = promisify(exec);
const SILENT = pino({ level: 'silent' });
const LEGACY_CIPHERS = 'ALL:@SECLEVEL=0';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.start();
});
afterEach(() => bench.close());

/** The addresses that only the embedded agent has. */
function embedded() {
  const { embedded } = bench.server;
  if (!embedded) throw new Error('not the embedded agent');
  return embedded;
}

describe.skipIf(FOREIGN_SERVER)('the embedded agent', () => {
  /** A call in, a request back in it, and its end; gives the 200. */
  async function wholeCall(peer: RawPeer, port: number) {
    const made = later<AppDialog>();
    const app = await bench.app({
      invite: async (req, res) => made.give(await app.createUAS(req, res, { localSdp: SDP })),
    });
    const caller = new Caller(peer, port);
    const ok = await caller.dial();
    const asked = (await made.value).request({ method: 'INFO' });
    const info = await caller.incoming('INFO');
    expect(info.startLine).toBe(`INFO ${uriOf(caller.contact)} SIP/2.0`);
    caller.answer(info, 200);
    await asked;
    expect((await caller.hangUp()).status).toBe(200);
    return { ok, info };
  }

  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'takes calls over %s, and stays on the connection',
    async version => {
      const { tls } = embedded();
      const options = { minVersion: version, maxVersion: version };
      const { ok, info } = await wholeCall(await bench.keep(tlsPeer(tls, options)), tls.port);
      expect(header(ok, 'Contact')).toBe(`<sip:127.0.0.1:${tls.port};transport=tls>`);
      expect(header(info, 'Via')).toContain(`SIP/2.0/TLS 127.0.0.1:${tls.port};`);
      await bench.holds({ tcpConnections: 1, dialogs: 0 });
    },
  );

  test.each(['TLSv1', 'TLSv1.1'] as const)(
    'pain 11: takes calls over %s on its own port',
    async version => {
      const { legacyTls } = embedded();
      const options = { minVersion: version, maxVersion: version, ciphers: LEGACY_CIPHERS };
      const { ok } = await wholeCall(await bench.keep(tlsPeer(legacyTls, options)), legacyTls.port);
      expect(header(ok, 'Contact')).toContain(`:${legacyTls.port};transport=tls`);
    },
  );

  test('pain 11: speaks TLS 1.0 with what an old codec has', async () => {
    const { tls, legacyTls } = embedded();
    const client = (port: number) =>
      run(
        `openssl s_client -connect 127.0.0.1:${port} -tls1 -cipher AES128-SHA@SECLEVEL=0 </dev/null`,
      );
    expect((await client(legacyTls.port)).stdout).toMatch(/Protocol *: TLSv1$/m);
    await expect(client(tls.port)).rejects.toThrow();
  });

  test('pain 11: refuses TLS 1.1 on the modern port', async () => {
    const options = {
      maxVersion: 'TLSv1.1',
      minVersion: 'TLSv1',
      ciphers: LEGACY_CIPHERS,
    } as const;
    await expect(tlsPeer(embedded().tls, options)).rejects.toThrow();
    const peer = await bench.keep(tlsPeer(embedded().tls));
    expect(peer.isClosed()).toBe(false);
  });

  test('pain 11: lets nobody else onto the legacy port', async () => {
    const identity = await testIdentity();
    const other = await startSipAgent(
      {
        host: '127.0.0.1',
        sipPort: 0,
        legacyTls: { port: 0, identity, allow: ['192.0.2.0/24', '2001:db8::/32'] },
        app: { host: '127.0.0.1', port: 0, secret: 'x' },
      },
      SILENT,
    );
    const [port = 0] = other.tlsPorts;
    await expect(tlsPeer({ host: '127.0.0.1', port })).rejects.toThrow();
    await other.close();
  });

  test('has no TLS unless it is asked for', async () => {
    const app = { host: '127.0.0.1', port: 0, secret: 'x' };
    const plain = await startSipAgent({ host: '127.0.0.1', sipPort: 0, app }, SILENT);
    expect(plain.tlsPorts).toEqual([]);
    await plain.close();
  });

  test('calls a device over TLS', async () => {
    const device = await bench.keep(streamListener('tls', bench.server.sip));
    const app = await bench.app();
    const uri = `sip:room@127.0.0.1:${device.port};transport=tls`;
    const calling = app.createUAC(uri, { localSdp: SDP });
    const invite = await device.take('INVITE', message => message.method === 'INVITE');
    const callee = Caller.of(invite, device, embedded().tls.port);
    callee.answer(invite, 200, { body: SDP });
    const dialog = await calling;
    await callee.incoming('ACK');
    const destroyed = dialog.destroy();
    callee.answer(await callee.incoming('BYE'), 200);
    await destroyed;
    await bench.holds({ tcpConnections: 1, dialogs: 0 });
  });

  test('reaches a device that registered over TLS along its connection', async () => {
    const app = await bench.app({
      register: (req, res) => res.send(200, { headers: { Contact: req.get('Contact') } }),
    });
    const { tls } = embedded();
    const caller = new Caller(await bench.keep(tlsPeer(tls)), tls.port);
    const contact = 'sips:hall@10.1.2.3';
    caller.send('REGISTER', { headers: { Contact: `<${contact}>;expires=60` } });
    expect((await caller.response('REGISTER')).status).toBe(200);
    const asking = app.request(contact, { method: 'OPTIONS' });
    const options = await caller.peer.take('OPTIONS', message => message.method === 'OPTIONS');
    Caller.of(options, caller.peer, tls.port).answer(options, 200);
    const [response] = (await once(await asking, 'response')) as [AppMessage];
    expect(response.status).toBe(200);
    await bench.holds({ tcpConnections: 1, registeredFlows: 1 });
  });

  test('a handshake that hangs does not stay', async () => {
    const socket = connect(embedded().tls);
    await once(socket, 'connect');
    await bench.holds({ tcpConnections: 1 });
    socket.end('no hello');
    await bench.holds({ tcpConnections: 0 });
  });

  test.each(['udp', 'tcp'] as const)('takes calls over IPv6 and %s', async protocol => {
    const { ipv6 } = embedded();
    const peer = await bench.keep(protocol === 'udp' ? udpPeer(ipv6) : tcpPeer(ipv6));
    const { ok, info } = await wholeCall(peer, ipv6.port);
    expect(header(ok, 'Contact')).toContain(`<sip:[::1]:${ipv6.port}`);
    expect(header(info, 'Via')).toContain(` [::1]:${ipv6.port};`);
  });

  test('calls a device over IPv6 and answers to the address it came from', async () => {
    const { ipv6 } = embedded();
    const app = await bench.app({ options: (_req, res) => res.send(200) });
    const peer = await bench.keep(udpPeer(ipv6));
    const calling = app.createUAC(`sip:room@[0:0::1]:${peer.port}`, {
      localSdp: SDP,
      headers: { From: '<sip:hall@localhost>' },
    });
    const invite = await peer.take('INVITE', message => message.method === 'INVITE');
    expect(header(invite, 'From')).toContain(`<sip:hall@[::1]:${ipv6.port}>`);
    const callee = Caller.of(invite, peer, ipv6.port);
    callee.answer(invite, 200, { body: SDP });
    const dialog = await calling;
    await callee.incoming('ACK');
    const destroyed = dialog.destroy();
    callee.answer(await callee.incoming('BYE'), 200);
    await destroyed;
    const caller = new Caller(peer, ipv6.port);
    const via = 'SIP/2.0/UDP [2001:db8::9]:5060;rport;branch=z9hG4bKv6';
    caller.send('OPTIONS', { headers: { Via: via } });
    // RFC 5118 §4.5: no brackets there.
    expect(header(await caller.response('OPTIONS'), 'Via')).toContain(';received=::1');
  });

  test('tells applications all its addresses', async () => {
    const app = await bench.app();
    app.disconnect();
    const again = once(app, 'connect');
    void app.connect(bench.server.app);
    const [, addresses] = (await again) as [unknown, string];
    const { ipv6, tls, legacyTls } = embedded();
    for (const address of [
      `udp/127.0.0.1:${bench.port}`,
      `tcp/[::1]:${ipv6.port}`,
      `tls/127.0.0.1:${tls.port}`,
      `tls/[::1]:${legacyTls.port}`,
    ])
      expect(addresses.split(',')).toContain(address);
  });

  test.each(['sip', 'app', 'tls'] as const)('names a %s port that is taken', async which => {
    const { server } = bench;
    const taken = { sip: server.sip.port, app: server.app.port, tls: embedded().tls.port }[which];
    const portOf = (name: string) => (which === name ? taken : 0);
    const settings = {
      host: '127.0.0.1',
      sipPort: portOf('sip'),
      tls: { port: portOf('tls'), identity: await testIdentity() },
      app: { host: '127.0.0.1', port: portOf('app'), secret: 'x' },
    };
    await expect(startSipAgent(settings, SILENT)).rejects.toMatchObject({
      code: 'EADDRINUSE',
      address: '127.0.0.1',
      port: taken,
    });
  });
});
