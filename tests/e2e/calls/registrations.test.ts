import { createHash, randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from '../../../src/contract/paging.ts';
import type { EndpointEventView, SiteView } from '../../../src/contract/sites.ts';
import { CORE_HOST } from '../../support/bed/namespaces.ts';
import { SipPhone } from '../../support/sip-phone/sip-phone.ts';
import { startSystem, type TestSystem } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import { addSite, passwordOf } from '../district.ts';

const DISTRICT = 150;
const userOf = (index: number) => `xa-${index}`;
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

type EndpointView = SiteView['endpoints'][number];

describe('registrations', () => {
  let system: TestSystem;
  const phones: SipPhone[] = [];

  beforeAll(async () => {
    system = await startSystem({
      DIEMCAU_SIP_QUALIFY_INTERVAL_SEC: '4',
      DIEMCAU_SIP_DIGEST: 'md5-first',
    });
    await addSite(system, 'Xã Tân Phú', 'tan-phu');
  });
  afterAll(() => system?.close());
  afterEach(() => {
    for (const phone of phones.splice(0)) phone.close();
  });

  async function openPhone(username: string, password = passwordOf(username)): Promise<SipPhone> {
    const server = { host: CORE_HOST, port: system.settings.sip.port };
    const phone = await SipPhone.open({ username, password, host: CORE_HOST, server });
    phones.push(phone);
    return phone;
  }
  const sites = async () => ((await system.api('/sites?limit=500')).body as Page<SiteView>).items;
  const endpoint = async (): Promise<EndpointView> => {
    const found = (await sites()).flatMap(site => site.endpoints);
    const one = found.find(({ sipUsername }) => sipUsername === 'tan-phu');
    if (!one) throw new Error('no endpoint');
    return one;
  };
  const becomes = (state: EndpointView['state']) =>
    waitFor(`the endpoint to be ${state}`, async () => (await endpoint()).state === state, 30_000);
  const answers = () =>
    waitFor('a round trip', async () => (await endpoint()).roundTripMs !== undefined, 20_000);
  const restart = async (name: string) => {
    const { pid } = system.engine(name);
    if (pid === undefined) throw new Error(`${name} does not run`);
    process.kill(pid, 'SIGKILL');
    await waitFor(`${name} again`, () => {
      const again = system.engine(name).pid;
      return again !== undefined && again !== pid;
    });
    await waitFor('the gateway to be well', async () => {
      const { http, publicHost } = system.settings;
      return (await fetch(`http://${publicHost}:${http.port}/healthz`)).status === 200;
    });
  };

  /** Sends one REGISTER as it is; gives the response as it came. */
  async function exchange(lines: readonly string[]): Promise<string> {
    const socket = createSocket('udp4');
    try {
      await new Promise<void>(resolve => socket.bind(0, CORE_HOST, resolve));
      const reply = new Promise<string>(resolve => socket.on('message', m => resolve(String(m))));
      const { port } = socket.address();
      const via = `Via: SIP/2.0/UDP ${CORE_HOST}:${port};branch=z9hG4bK${randomBytes(6).toString('hex')}`;
      const contact = `Contact: <sip:tan-phu@${CORE_HOST}:${port}>`;
      const head = [`REGISTER sip:${CORE_HOST} SIP/2.0`, via, 'Max-Forwards: 70', contact];
      const text = [...head, ...lines, 'Content-Length: 0', '', ''].join('\r\n');
      socket.send(text, system.settings.sip.port, CORE_HOST);
      return await reply;
    } finally {
      socket.close();
    }
  }

  test('an endpoint that was never seen says so; a wrong password is told', async () => {
    expect((await endpoint()).state).toBe('never-seen');
    const phone = await openPhone('tan-phu', 'guess');
    await expect(phone.register()).rejects.toThrow('REGISTER: 403');
    await becomes('unregistered');
    expect((await endpoint()).reason).toMatchObject({
      code: 'wrong-password',
      text: expect.stringContaining('enter it again'),
    });
  });

  test('is asked for MD5 and for SHA-256, each in its own header, and may answer by either', async () => {
    const aor = `<sip:tan-phu@${CORE_HOST}>`;
    const same = [`From: ${aor};tag=1`, `To: ${aor}`, `Call-ID: ${randomBytes(6).toString('hex')}`];
    const challenged = await exchange([...same, 'CSeq: 1 REGISTER']);
    const headers = [...challenged.matchAll(/^WWW-Authenticate: Digest (.*)$/gm)];
    const algorithms = headers.map(([, value]) => /algorithm=([^,]+)/.exec(value ?? '')?.[1]);
    expect(algorithms).toEqual(['MD5', 'SHA-256']);
    const nonce = /nonce="([^"]+)"/.exec(headers[1]?.[1] ?? '')?.[1];
    const ha1 = sha256(`tan-phu:diemcau:${passwordOf('tan-phu')}`);
    const ha2 = sha256(`REGISTER:sip:${CORE_HOST}`);
    const response = sha256(`${ha1}:${nonce}:00000001:ab:auth:${ha2}`);
    const authorization =
      `Authorization: Digest username="tan-phu", realm="diemcau", nonce="${nonce}", uri="sip:${CORE_HOST}", ` +
      `response="${response}", algorithm=SHA-256, qop=auth, nc=00000001, cnonce="ab"`;
    const accepted = await exchange([...same, 'CSeq: 2 REGISTER', authorization]);
    expect(accepted).toMatch(/^SIP\/2\.0 200 /);
    const overheard = await exchange([...same, 'CSeq: 3 REGISTER', authorization]);
    expect(overheard).toMatch(/^SIP\/2\.0 401 [\s\S]*stale=true/);
  });

  test('is known with its round trip, over a restart of the gateway and of the SIP server', async () => {
    const phone = await openPhone('tan-phu');
    await phone.register();
    await becomes('registered');
    await answers();
    for (const name of ['gateway', 'sip-agent']) {
      await restart(name);
      expect((await endpoint()).registered).toBe(true);
      await answers();
    }
  });

  test('that goes silent is unreachable, with the reason and its history', async () => {
    const phone = await openPhone('tan-phu');
    await phone.register();
    await becomes('registered');
    await answers();
    phone.close();
    phones.splice(0);
    await becomes('unreachable');
    const { id, reason } = await endpoint();
    expect(reason).toMatchObject({ code: 'no-answer' });
    const [site] = await sites();
    const path = `/sites/${site?.id}/endpoints/${id}/history`;
    const kinds = ((await system.api(path)).body as EndpointEventView[]).map(({ kind }) => kind);
    expect(kinds[0]).toBe('no-answer');
    expect(kinds).toContain('wrong-password');
    expect((await system.api(`/sites/${site?.id}/endpoints/nobody/history`)).status).toBe(404);
  });

  test('a district that comes back after a power cut is taken, every one of it', async () => {
    for (let i = 0; i < DISTRICT; i++) await addSite(system, `Xã ${i}`, userOf(i));
    const district = await Promise.all(
      Array.from({ length: DISTRICT }, (_, i) => openPhone(userOf(i))),
    );
    const startedAtMs = performance.now();
    await Promise.all(district.map(phone => phone.register()));
    const tookMs = performance.now() - startedAtMs;
    process.stdout.write(`    ${DISTRICT} endpoints registered in ${tookMs.toFixed(0)} ms\n`);
    const registered = (await sites()).flatMap(site => site.endpoints.filter(e => e.registered));
    expect(registered.length).toBeGreaterThanOrEqual(DISTRICT);
  });
});
