import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ConferenceView } from '../../../src/contract/conferences.ts';
import type { Page as PageOf } from '../../../src/contract/paging.ts';
import type { CallRecordView } from '../../../src/contract/rest.ts';
import type { SiteView } from '../../../src/contract/sites.ts';
import type { ConferenceId, EndpointId } from '../../../src/domain/ids.ts';
import type { Gateway } from '../../../src/gateway.ts';
import { type Baresip, startBaresip } from '../../support/baresip.ts';
import { HALL_HOSTS } from '../../support/bed/namespaces.ts';
import { inHall, type Placed } from '../../support/bed/place.ts';
import { startChromium, type TestChromium } from '../../support/chromium.ts';
import { takeOverGateway } from '../../support/own-gateway.ts';
import { toneLevels, videoColour } from '../../support/page.ts';
import { nearestColour } from '../../support/picture.ts';
import { startSystem, type TestSystem } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import { addConference, expectNothingLeft, participantsOf, passwordOf } from '../district.ts';

const TONES = { tanPhu: 500, binhMinh: 900, lan: 1300 };
const CLEAR_DB = 15;
const ABSENT_HZ = 2900;
const SIPP = join(import.meta.dirname, '../sipp');
const [BUSY_HOST = '', RINGING_HOST = '', NOBODY_HOST = ''] = HALL_HOSTS;

describe('room codecs that are called', () => {
  let system: TestSystem;
  let gateway: Gateway;
  let conference: ConferenceView;
  let tanPhu: Baresip;
  let binhMinh: Baresip;
  let lan: TestChromium;
  let page: Page;

  beforeAll(async () => {
    system = await startSystem({
      DIEMCAU_DIALLING_RING_TIMEOUT_MS: '1500',
      DIEMCAU_DIALLING_REACT_TIMEOUT_MS: '3000',
    });
    gateway = await takeOverGateway(system);
    conference = await addConference(system, {
      name: 'Giao ban "tuần"',
      number: '1001',
      alias: 'giao-ban',
    });
    const phone = (
      username: string,
      more: Pick<
        Parameters<typeof startBaresip>[0],
        'colour' | 'toneHz' | 'transport' | 'audioCodecs'
      >,
    ) => startBaresip({ username, password: passwordOf(username), ...more });
    await addSite('Xã Tân Phú', 'tan-phu');
    await addSite('Xã Bình Minh', 'binh-minh');
    tanPhu = await phone('tan-phu', { colour: 'red', toneHz: TONES.tanPhu });
    binhMinh = await phone('binh-minh', {
      colour: 'blue',
      toneHz: TONES.binhMinh,
      transport: 'tcp',
      audioCodecs: ['g722'],
    });
    lan = await startChromium({ where: 'office', colour: 'green', toneHz: TONES.lan });
    page = await lan.newPage();
    await page.goto(`${system.browserUrl}/c/giao-ban?name=Lan`);
    await page.getByRole('button', { name: 'Join' }).click();
    await page.getByRole('button', { name: 'Leave' }).waitFor();
  });

  afterAll(async () => {
    for (const one of [lan, tanPhu, binhMinh, gateway, system]) await one?.close();
  });

  async function addSite(name: string, username: string, fixedAddresses: string[] = []) {
    const endpoints = [
      { sipUsername: username, sipPassword: passwordOf(username), fixedAddresses },
    ];
    const { status, body } = await system.api('/sites', {
      method: 'POST',
      body: { name, endpoints },
    });
    expect(status).toBe(201);
    return endpointOf(body as SiteView);
  }

  const endpointOf = (site: SiteView) => site.endpoints[0]?.id as EndpointId;
  const endpointNamed = async (name: string) => {
    const { items: sites } = (await system.api('/sites')).body as PageOf<SiteView>;
    return endpointOf(sites.find(site => site.name === name) as SiteView);
  };

  function call(endpointId: EndpointId, stop = new AbortController().signal) {
    const states: string[] = [];
    const over = gateway.dialOut.call({
      conferenceId: conference.id as ConferenceId,
      endpointId,
      stop,
      onProgress: state => states.push(state),
    });
    let end: unknown;
    void over.then(how => {
      end = how;
    });
    const connected = () =>
      waitFor('the call', () => {
        if (end) throw new Error(`${states.join(', ')}, then over: ${JSON.stringify(end)}`);
        return states.includes('connected');
      });
    return { over, states, connected };
  }

  const sees = (name: string, colour: string) =>
    waitFor(`${name} in ${colour}`, async () => {
      return (
        nearestColour(await videoColour(page, `figure[aria-label="${name}"] video`)) === colour
      );
    });
  const hears = (toneHz: number) =>
    waitFor(`${toneHz} Hz heard`, async () => {
      const [wanted = -200, other = -200] = await toneLevels(page, 'audio', [toneHz, ABSENT_HZ]);
      return wanted - other > CLEAR_DB;
    });
  const lastRecord = async () =>
    ((await system.api('/call-log')).body as PageOf<CallRecordView>).items[0] as CallRecordView;

  test('a codec that answers by itself is seen and heard, sees and hears, and hangs up', async () => {
    await tanPhu.registered();
    const { over, connected } = call(await endpointNamed('Xã Tân Phú'));
    await connected();
    await sees('Xã Tân Phú', 'red');
    await hears(TONES.tanPhu);
    await waitFor('the codec to see green', async () => (await tanPhu.sees()) === 'green');
    await waitFor('the laptop heard', () => Math.abs(tanPhu.heard().frequencyHz - TONES.lan) < 20);
    expect(await participantsOf(system, conference)).toMatchObject([
      { name: 'Lan' },
      { name: 'Xã Tân Phú', hasAudio: true, hasVideo: true },
    ]);
    await tanPhu.hangup();
    expect(await over).toMatchObject({ reason: 'peer-hangup', wasAnswered: true });
    expect(await lastRecord()).toMatchObject({
      direction: 'out',
      conferenceId: conference.id,
      verdict: { result: 'completed' },
    });
  });

  test('one over TCP that speaks G.722 is called over its own connection, and hung up by us', async () => {
    await binhMinh.registered();
    const stop = new AbortController();
    const { over, connected } = call(await endpointNamed('Xã Bình Minh'), stop.signal);
    await connected();
    await sees('Xã Bình Minh', 'blue');
    await hears(TONES.binhMinh);
    expect(binhMinh.audioCodec()).toMatch(/G722/);
    stop.abort('operator');
    expect(await over).toMatchObject({ reason: 'operator' });
    await binhMinh.ended();
  });

  test('one that is busy, one that only rings, and one that is not there say so', async () => {
    const sipp = (host: string, scenario: string): Placed =>
      inHall('sipp', [
        '-sf',
        join(SIPP, `${scenario}.xml`),
        '-i',
        host,
        '-p',
        '5060',
        '-m',
        '1',
        '-nostdin',
      ]);
    const busy = sipp(BUSY_HOST, 'busy');
    const rings = sipp(RINGING_HOST, 'rings-until-cancel');
    const [busyId, ringsId, nobodyId] = await Promise.all([
      addSite('Xã Bận', 'ban', [BUSY_HOST]),
      addSite('Xã Chờ', 'cho', [RINGING_HOST]),
      addSite('Xã Vắng', 'vang', [NOBODY_HOST]),
    ]);
    const calls = [call(busyId), call(ringsId), call(nobodyId)];
    const ends = await Promise.all(calls.map(({ over }) => over));
    expect(ends.map(({ reason }) => reason)).toEqual([
      'peer-busy',
      'peer-no-answer',
      'peer-unreachable',
    ]);
    expect(calls.map(({ states }) => states)).toEqual([[], ['ringing'], []]);
    await waitFor('sipp to be done', () => rings.process.exitCode !== null);
    expect(rings.process.exitCode, `it saw our CANCEL and ACK: ${rings.output().slice(-800)}`).toBe(
      0,
    );
    expect(busy.process.exitCode).toBe(0);
    await expectOnlyTheLaptop();
  });

  async function expectOnlyTheLaptop() {
    expect(await participantsOf(system, conference)).toMatchObject([{ name: 'Lan' }]);
    await page.close();
    await expectNothingLeft(system);
  }
});
