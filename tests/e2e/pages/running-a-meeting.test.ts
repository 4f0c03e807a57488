import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ConferenceView } from '../../../src/contract/conferences.ts';
import type { Page as PageOf } from '../../../src/contract/paging.ts';
import type { SiteView } from '../../../src/contract/sites.ts';
import type { ConferenceId, ParticipantId, SiteId } from '../../../src/domain/ids.ts';
import type { Gateway } from '../../../src/gateway.ts';
import type { MeetingView } from '../../../src/meetings/views.ts';
import { type Baresip, startBaresip } from '../../support/baresip.ts';
import { startChromium, type TestChromium } from '../../support/chromium.ts';
import { takeOverGateway } from '../../support/own-gateway.ts';
import { toneLevels } from '../../support/page.ts';
import { seenPng } from '../../support/seen-picture.ts';
import { startSystem, type TestSystem } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import {
  addConference,
  addSite,
  expectNothingLeft,
  participantsOf,
  passwordOf,
} from '../district.ts';

const CLEAR_DB = 15;
/** A hall's tone is at about -30. */
const AUDIBLE_DB = -60;
const LAN_HZ = 1500;
const RING_MS = 4000;
/** More than a machine of two cores needs for six calls that begin at once. */
const PATIENCE_MS = 40_000;
const HALLS = [
  { username: 'tan-phu', name: 'Xã Tân Phú', toneHz: 2000, answers: true },
  { username: 'binh-minh', name: 'Xã Bình Minh', toneHz: 500, answers: true },
  { username: 'dak-wer', name: 'Xã Đắk Wer', toneHz: 700, answers: true },
  { username: 'muong-ang', name: 'Xã Mường Ảng', toneHz: 900, answers: true },
  { username: 'im-lang', name: 'Xã Im Lặng', toneHz: 1100, answers: false },
  { username: 'cham-chap', name: 'Xã Chậm Chạp', toneHz: 1300, answers: false },
] as const;
const [TAN_PHU, , , , IM_LANG, CHAM_CHAP] = HALLS;

describe('a meeting of six halls, two of which do not answer at first', () => {
  let system: TestSystem;
  let gateway: Gateway;
  let conference: ConferenceView;
  let conferenceId: ConferenceId;
  let lan: TestChromium;
  let page: Page;
  const phones = new Map<string, Baresip>();
  const told: MeetingView[] = [];

  const listen = () => gateway.meetings.onChange(meeting => told.push(meeting));
  const phone = ({ username }: { readonly username: string }) =>
    phones.get(username) ?? expect.fail(`no phone ${username}`);
  const siteOf = ({ name }: { readonly name: string }) =>
    gateway.meetings.find(conferenceId)?.sites.find(site => site.name === name) ??
    expect.fail(`no site ${name}`);
  const idOf = (hall: { readonly name: string }) => siteOf(hall).siteId as SiteId;
  const statesAre = (hall: { readonly name: string }, state: string) =>
    waitFor(
      `${hall.name} to be ${state}`,
      () => {
        const { state: is, reason } = siteOf(hall);
        if (is !== state) throw new Error(`it is ${is}, ${reason?.code}`);
        return true;
      },
      PATIENCE_MS,
    );

  beforeAll(async () => {
    system = await startSystem({
      DIEMCAU_DIALLING_RING_TIMEOUT_MS: String(RING_MS),
      DIEMCAU_DIALLING_RETRY_AFTER_MS: '20000',
      DIEMCAU_DIALLING_ROUNDS: '10',
      DIEMCAU_DIALLING_AT_ONCE: '3',
    });
    gateway = await takeOverGateway(system);
    for (const { name, username } of HALLS) await addSite(system, name, username);
    const { items: sites } = (await system.api('/sites')).body as PageOf<SiteView>;
    const siteIds = HALLS.map(hall => sites.find(site => site.name === hall.name)?.id ?? '');
    const words = { name: 'Giao ban tuần', number: '1001', alias: 'giao-ban' };
    const members = siteIds.map(siteId => ({ siteId }));
    conference = await addConference(system, { ...words, members });
    conferenceId = conference.id as ConferenceId;
    for (const { username, toneHz, answers } of HALLS) {
      const password = passwordOf(username);
      const started = await startBaresip({ username, password, toneHz, answers, colour: 'green' });
      phones.set(username, started);
    }
    for (const started of phones.values()) await started.registered();
    lan = await startChromium({ where: 'office', colour: 'yellow', toneHz: LAN_HZ });
    page = await lan.newPage();
    listen();
  });

  afterAll(async () => {
    for (const one of [lan, ...phones.values(), gateway, system]) await one?.close();
  });

  /**
   * How loud a tone is in the browser. Five tones are louder together than the mix can be, and
   * what is cut off sounds at other odd multiples of 100 Hz; the one that is looked at is even.
   */
  const levelDb = async (toneHz: number) =>
    (await toneLevels(page, 'audio', [toneHz]))[0] ?? Number.NEGATIVE_INFINITY;
  /** Resolves with the level at which it is heard: a moment later the sound may pause. */
  const heard = (toneHz: number) => {
    const look = async () => {
      const level = await levelDb(toneHz);
      return level > AUDIBLE_DB && level;
    };
    return waitFor(`${toneHz} Hz`, look, PATIENCE_MS);
  };

  test('four come in, and of the others it is told that nobody answers', async () => {
    await gateway.meetings.start(conferenceId, 'Chị Lan');
    for (const hall of HALLS) await statesAre(hall, hall.answers ? 'connected' : 'retry-at');
    for (const hall of [IM_LANG, CHAM_CHAP])
      expect(siteOf(hall)).toMatchObject({
        reason: { code: 'peer-no-answer', en: expect.stringMatching(/rang/) },
        attempts: 1,
      });
    const seen = told.flatMap(({ sites }) => sites.filter(site => site.name === IM_LANG.name));
    const states = seen.map(({ state }) => state);
    const order = states.filter((state, index) => state !== states[index - 1]);
    expect(order).toEqual(['waiting', 'dialling', 'ringing', 'retry-at']);
    expect(await participantsOf(system, conference)).toHaveLength(4);
  });

  test('redialled, one is taken, and is in the conference', async () => {
    gateway.meetings.redial(conferenceId, idOf(CHAM_CHAP));
    await statesAre(CHAM_CHAP, 'ringing');
    await phone(CHAM_CHAP).accept();
    await statesAre(CHAM_CHAP, 'connected');
  });

  test('muted by whoever runs the meeting, its tone is gone in the browser, and comes again', async () => {
    await page.goto(`${system.browserUrl}/c/giao-ban?name=Lan`);
    await page.getByRole('button', { name: 'Join' }).click();
    const { toneHz } = TAN_PHU;
    const loudDb = await heard(toneHz);
    const [participantId = ''] = siteOf(TAN_PHU).participantIds;
    await gateway.meetings.mute(conferenceId, participantId as ParticipantId, true);
    const isGone = async () => (await levelDb(toneHz)) < loudDb - CLEAR_DB;
    await waitFor('the tone gone', isGone, PATIENCE_MS);
    await gateway.meetings.mute(conferenceId, participantId as ParticipantId, false);
    await heard(toneHz);
  });

  test('a message stands across the hall’s picture and on the browser’s page', async () => {
    /** What of the picture's top is of the band's blue: cameras here are green and yellow. */
    const bandShare = async () => {
      const picture = seenPng(readFileSync(await phone(TAN_PHU).snapshot()));
      return picture.shareOf('blue', { ...picture.all, height: picture.height / 20 });
    };
    expect(await bandShare()).toBeLessThan(0.1);
    gateway.meetings.say(conferenceId, 'Nghỉ giải lao mười phút');
    await page.getByText('Nghỉ giải lao mười phút').waitFor();
    await waitFor('the band', async () => (await bandShare()) > 0.4, PATIENCE_MS);
    gateway.meetings.say(conferenceId, undefined);
    await waitFor('the band gone', async () => (await bandShare()) < 0.1, PATIENCE_MS);
  });

  test('locked, nobody new comes in, but a hall that is called', async () => {
    gateway.meetings.lock(conferenceId, true);
    const late = await lan.newPage();
    await late.goto(`${system.browserUrl}/c/giao-ban?name=Minh`);
    await late.getByRole('button', { name: 'Join' }).click();
    await late.getByText('The conference is locked.').waitFor();
    gateway.meetings.redial(conferenceId, idOf(IM_LANG));
    await statesAre(IM_LANG, 'ringing');
    await phone(IM_LANG).accept();
    await statesAre(IM_LANG, 'connected');
    await late.close();
  });

  test('the next gateway goes on with it: halls are called again', async () => {
    await gateway.close();
    for (const { username } of HALLS) await phone({ username }).ended();
    gateway = await takeOverGateway(system);
    listen();
    for (const hall of HALLS.filter(({ answers }) => answers)) await statesAre(hall, 'connected');
    expect(gateway.meetings.find(conferenceId)).toMatchObject({
      startedBy: 'Chị Lan',
      isLocked: true,
    });
  });

  test('ended for everybody, no call is left', async () => {
    await gateway.meetings.end(conferenceId);
    for (const started of phones.values()) await started.ended();
    await waitFor('the end to be told', () => told.at(-1)?.state === 'ended');
    await page.close();
    await expectNothingLeft(system);
  });
});
