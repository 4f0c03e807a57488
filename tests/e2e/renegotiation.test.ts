import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ConferenceView } from '../../src/contract/conferences.ts';
import type { Page as PageOf } from '../../src/contract/paging.ts';
import type { CallRecordView, CallTraceView } from '../../src/contract/rest.ts';
import { CORE_HOST } from '../support/bed/namespaces.ts';
import { startChromium, type TestChromium } from '../support/chromium.ts';
import { toneLevels } from '../support/page.ts';
import { nearestColour } from '../support/picture.ts';
import { encodeMovingPicture } from '../support/sip-phone/moving-picture.ts';
import { RoomCodec } from '../support/sip-phone/room-codec.ts';
import { SPEECH_HZ, speech } from '../support/sip-phone/sound.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { waitFor } from '../support/wait-for.ts';
import {
  addConference,
  addSite,
  expectNothingLeft,
  participantsOf,
  passwordOf,
} from './district.ts';

const PICTURE = { width: 640, height: 360, fps: 25, bitrateBps: 300_000, durationSec: 4 };
const PLAY_INTERVAL_MS = 5;
const CLEAR_DB = 15;
/** What is left of a tone in the noise of a coder lies below. */
const QUIET_DB = -70;
const ABSENT_HZ = 2900;
const SITE = 'Xã An Hòa';
/** Its policy lets nothing in that is not encrypted. */
const SECURE_SITE = 'Xã Bình An';
const tileOf = (site: string) => `figure[aria-label="${site}"] video`;

/** A codec that is told what to say, and a laptop that looks and listens. */
describe('what is negotiated late and again', () => {
  let system: TestSystem;
  let conference: ConferenceView;
  let codec: RoomCodec;
  let secureCodec: RoomCodec;
  let chromium: TestChromium;
  let page: Page;
  let player: NodeJS.Timeout;

  beforeAll(async () => {
    system = await startSystem();
    await addSite(system, SITE, 'an-hoa');
    await addSite(system, SECURE_SITE, 'binh-an', { srtp: 'required' });
    conference = await addConference(system, { name: 'Họp', number: '1002', alias: 'hop' });
    chromium = await startChromium({ where: 'office', colour: 'green', toneHz: 1300 });
    page = await chromium.newPage();
    await page.goto(`${system.browserUrl}/c/hop?name=Lan&join=1`);
    await page.getByRole('button', { name: 'Leave' }).waitFor();
    codec = await openCodec('an-hoa');
    secureCodec = await openCodec('binh-an');
    player = setInterval(() => {
      codec.play(performance.now());
      secureCodec.play(performance.now());
    }, PLAY_INTERVAL_MS);
  });

  afterAll(async () => {
    clearInterval(player);
    codec?.close();
    secureCodec?.close();
    await chromium?.close();
    await system?.close();
  });

  afterEach(async () => {
    await codec.hangUp();
    await secureCodec.hangUp();
    await page.locator(tileOf(SITE)).waitFor({ state: 'detached' });
    await page.locator(tileOf(SECURE_SITE)).waitFor({ state: 'detached' });
  });

  const openCodec = async (username: string) => {
    const frames = encodeMovingPicture({ ...PICTURE, colour: 'red' });
    const server = { host: CORE_HOST, port: system.settings.sip.port };
    const account = { username, password: passwordOf(username) };
    const opened = await RoomCodec.open(
      { ...account, host: CORE_HOST, server },
      { frames, fps: PICTURE.fps, audio: speech() },
    );
    await opened.phone.register();
    return opened;
  };

  /** Asks for the element as it is now: a locator would wait for one that has gone. */
  const isSeen = async (site: string) => {
    const tile = await page.$(tileOf(site));
    const colour = await tile?.evaluate(video => globalThis.probes.videoColour(video));
    return colour ? nearestColour(colour) === 'red' : false;
  };
  const seen = (site = SITE) => waitFor('the codec’s picture', () => isSeen(site));
  const unseen = () => waitFor('the picture to go', async () => !(await isSeen(SITE)));
  const isHeard = async () => {
    const [tone = -200, other = -200] = await toneLevels(page, 'audio', [SPEECH_HZ, ABSENT_HZ]);
    return tone > QUIET_DB && tone - other > CLEAR_DB;
  };
  const heard = () => waitFor('the codec’s tone', isHeard);
  const unheard = () => waitFor('silence', async () => !(await isHeard()));
  const receives = async (kind: 'audio' | 'video', at = codec) => {
    const before = at[kind].received.packets;
    await waitFor(`${kind} at the codec`, () => at[kind].received.packets > before + 20);
  };

  test('pain 4: a call without an offer is seen and heard, and sees and hears', async () => {
    await codec.callWithoutOffer('1002');
    await seen();
    await heard();
    await receives('video');
    await receives('audio');
  });

  test('pain 4: a call without an offer whose ACK brings no answer is ended', async () => {
    let isOver = false;
    codec.phone.onHungUp = () => {
      isOver = true;
    };
    await codec.phone.callWithoutOffer('1002', () => '');
    await waitFor('the BYE', () => isOver);
    expect(await participantsOf(system, conference)).toMatchObject([{ kind: 'browser' }]);
  });

  test('pain 5: hold and resume, ten times', async () => {
    await codec.call('1002');
    await seen();
    await heard();
    const resumedMs: number[] = [];
    for (let round = 0; round < 10; round += 1) {
      const held = await codec.renegotiate({ direction: 'inactive' });
      expect(held.match(/a=inactive/g)).toHaveLength(2);
      await unseen();
      const startedAtMs = performance.now();
      expect(await codec.renegotiate({})).not.toContain('a=inactive');
      await seen();
      resumedMs.push(performance.now() - startedAtMs);
    }
    await heard();
    await receives('video');
    await receives('audio');
    process.stdout.write(
      `    picture back after hold: at most ${Math.max(...resumedMs).toFixed(0)} ms\n`,
    );
  });

  test('pain 5: what plays while on hold is not heard, however it is said', async () => {
    await codec.call('1002');
    await heard();
    for (const hold of [{ direction: 'sendonly' as const }, { host: '0.0.0.0' }]) {
      await codec.renegotiate(hold);
      await unheard();
      expect(await participantsOf(system, conference)).toMatchObject([
        { kind: 'browser' },
        { name: SITE, muted: true },
      ]);
      await codec.renegotiate({});
      await heard();
      await seen();
    }
  });

  test('pain 5: the picture goes off and comes back', async () => {
    await codec.call('1002');
    await seen();
    expect(await codec.renegotiate({ withoutVideo: true })).toContain('m=video 0 ');
    await unseen();
    await heard();
    expect(await codec.renegotiate({})).toMatch(/m=video [1-9]/);
    await seen();
    await receives('video');
  });

  test('a re-INVITE without SDP is offered what stands', async () => {
    await codec.call('1002');
    await seen();
    const offered = await codec.renegotiateWithoutOffer();
    expect(offered).toMatch(/m=audio [1-9]\d* RTP\/AVP 8[\s\S]*m=video [1-9]\d* RTP\/AVP 97/);
    await seen();
    await heard();
    await receives('video');
  });

  test('every call can be read afterwards, with its verdict and its messages', async () => {
    const { items: calls } = (await system.api('/call-log')).body as PageOf<CallRecordView>;
    expect(calls.map(({ verdict }) => verdict?.result)).toEqual([
      'completed',
      'completed',
      'completed',
      'completed',
      'refused',
      'completed',
    ]);
    const latest = calls[0]?.callId;
    const { messages } = (await system.api(`/calls/${latest}/trace`)).body as CallTraceView;
    expect(messages.map(({ summary }) => summary.split(' ').slice(0, 2).join(' '))).toEqual([
      'INVITE sip:1002@10.77.0.1',
      'SIP/2.0 200',
      expect.stringMatching(/^ACK /),
      expect.stringMatching(/^INVITE /),
      'SIP/2.0 200',
      expect.stringMatching(/^ACK /),
      expect.stringMatching(/^BYE /),
    ]);
    expect(messages[0]?.text).toContain('m=video');
  });

  test('pain 4, 10: a call without an offer from a site that requires SRTP is encrypted both ways', async () => {
    const offered = await secureCodec.callWithoutOffer('1002');
    expect(offered.match(/m=\w+ [1-9]\d* RTP\/SAVP /g)).toHaveLength(2);
    await seen(SECURE_SITE);
    await heard();
    await receives('video', secureCodec);
    await receives('audio', secureCodec);
  });

  test('nothing is left of all that', async () => {
    await page.getByRole('button', { name: 'Leave' }).click();
    await expectNothingLeft(system);
  });
});
