import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ConferenceView } from '../../src/contract/conferences.ts';
import { type Baresip, startBaresip } from '../support/baresip.ts';
import { CORE_HOST } from '../support/bed/namespaces.ts';
import { startChromium, type TestChromium } from '../support/chromium.ts';
import { framesDecoded, toneLevels, videoColour } from '../support/page.ts';
import { type ColourName, nearestColour } from '../support/picture.ts';
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

const [PLAIN, SECURE] = ['Xã Tân Phú', 'Xã Bình An'];
const PICTURE = { width: 640, height: 360, fps: 25, bitrateBps: 300_000, durationSec: 4 };
const PLAY_INTERVAL_MS = 5;
const TONES = { plain: 700, browser: 1300 };
const ABSENT_HZ = 2900;
const CLEAR_DB = 15;
const BACK_MS = 40_000;

/** A codec in the clear, one with SRTP and a laptop, while what carries their media is killed. */
describe('a meeting outlives its engines', () => {
  let system: TestSystem;
  let conference: ConferenceView;
  let plain: Baresip;
  let secure: RoomCodec;
  let chromium: TestChromium;
  let page: Page;
  let player: NodeJS.Timeout;

  beforeAll(async () => {
    system = await startSystem();
    await addSite(system, PLAIN, 'tan-phu');
    await addSite(system, SECURE, 'binh-an', { srtp: 'required' });
    conference = await addConference(system, { name: 'Họp', number: '1002', alias: 'hop' });
    plain = await startBaresip({
      username: 'tan-phu',
      password: passwordOf('tan-phu'),
      colour: 'red',
      toneHz: TONES.plain,
    });
    secure = await openSecure();
    player = setInterval(() => secure.play(performance.now()), PLAY_INTERVAL_MS);
    chromium = await startChromium({ where: 'office', colour: 'green', toneHz: TONES.browser });
    page = await chromium.newPage();
    await plain.registered();
    await plain.dial('1002');
    await secure.callWithoutOffer('1002');
    await page.goto(`${system.browserUrl}/c/hop?name=Lan&join=1`);
    await page.getByRole('button', { name: 'Leave' }).waitFor();
    await allSeenAndHeard();
  });

  afterAll(async () => {
    clearInterval(player);
    secure?.close();
    for (const one of [chromium, plain, system]) await one?.close();
  });

  const openSecure = async () => {
    const frames = encodeMovingPicture({ ...PICTURE, colour: 'blue' });
    const server = { host: CORE_HOST, port: system.settings.sip.port };
    const account = { username: 'binh-an', password: passwordOf('binh-an') };
    const opened = await RoomCodec.open(
      { ...account, host: CORE_HOST, server },
      { frames, fps: PICTURE.fps, audio: speech() },
    );
    await opened.phone.register();
    return opened;
  };

  const tileOf = (site: string) => `figure[aria-label="${site}"] video`;
  /** A colour alone may be a picture that stands still: frames have to come, in a tile that may be new. */
  const seenByLaptop = async (site: string, colour: ColourName) => {
    let before = await framesDecoded(page, tileOf(site)).catch(() => 0);
    await waitFor(
      `${site} in the browser`,
      async () => {
        const now = await framesDecoded(page, tileOf(site));
        before = Math.min(before, now);
        const isMoving = now > before + 10;
        return isMoving && nearestColour(await videoColour(page, tileOf(site))) === colour;
      },
      BACK_MS,
    );
  };
  const heardByLaptop = (toneHz: number) =>
    waitFor(
      `${toneHz} Hz in the browser`,
      async () => {
        const [tone = -200, other = -200] = await toneLevels(page, 'audio', [toneHz, ABSENT_HZ]);
        return tone - other > CLEAR_DB;
      },
      BACK_MS,
    );
  /** The phone's snapshot is of the next picture that it decodes. */
  const seenByPlain = () =>
    waitFor('a picture at the codec', async () => (await plain.sees()) !== 'black', BACK_MS);
  const heardByPlain = () => waitFor('sound at the codec', () => plain.heard().level > 0.01);
  const receivedBySecure = async (kind: 'audio' | 'video') => {
    const before = secure[kind].received.packets;
    const hasCome = () => secure[kind].received.packets > before + 20;
    await waitFor(`encrypted ${kind}`, hasCome, BACK_MS);
  };
  const allPictures = () =>
    Promise.all([
      seenByLaptop(PLAIN, 'red'),
      seenByLaptop(SECURE, 'blue'),
      seenByPlain(),
      receivedBySecure('video'),
    ]);
  const allSeenAndHeard = async () => {
    await allPictures();
    await heardByLaptop(TONES.plain);
    await heardByLaptop(SPEECH_HZ);
    await heardByPlain();
    await receivedBySecure('audio');
  };
  const whoIsHere = async () => ({
    calls: ((await system.api('/calls')).body as { callId: string }[]).map(({ callId }) => callId),
    participants: (await participantsOf(system, conference)).map(({ id }) => id),
  });
  const isWell = async () =>
    (await fetch(`http://127.0.0.1:${system.settings.http.port}/healthz`)).status === 200;
  const kill = (name: string) => {
    const { pid } = system.engine(name);
    if (pid === undefined) throw new Error(`${name} does not run`);
    process.kill(pid, 'SIGKILL');
    return performance.now();
  };
  const printTime = (what: string, sinceMs: number) =>
    process.stdout.write(`    ${what}: ${Math.round(performance.now() - sinceMs)} ms\n`);

  /** Kills an engine; prints when the gateway has it again, and when each picture is back. */
  const outlive = async (name: string, { lost, back }: { lost: RegExp; back: RegExp }) => {
    const count = (pattern: RegExp) => (system.logs().gateway ?? '').match(pattern)?.length ?? 0;
    const [losses, returns] = [count(lost), count(back)];
    const killedAtMs = kill(name);
    await waitFor('the loss', () => count(lost) > losses);
    const timed = (what: string, done: Promise<unknown>) =>
      done.then(() => printTime(`${name} killed: ${what}`, killedAtMs));
    await Promise.all([
      timed(
        'back',
        waitFor(name, () => count(back) > returns, BACK_MS),
      ),
      timed('codec in the browser', seenByLaptop(PLAIN, 'red')),
      timed('encrypted codec in the browser', seenByLaptop(SECURE, 'blue')),
      timed('picture at the codec', seenByPlain()),
      timed('picture at the encrypted codec', receivedBySecure('video')),
    ]);
    await allSeenAndHeard();
    await waitFor('all engines well', isWell);
  };

  test('the stage killed: calls stay, and all pictures come back in every direction', async () => {
    const before = await whoIsHere();
    await outlive('stage', { lost: /"stage lost"/g, back: /"stage connected"/g });
    expect(secure.video.received.late, 'numbers go on').toBe(0);
    expect(await whoIsHere()).toEqual(before);
  });

  test('rtpengine killed: calls stay, and are seen and heard again', async () => {
    const before = await whoIsHere();
    await outlive('rtpengine', {
      lost: /"media relay lost"/g,
      back: /"call opened anew at the media relay"/g,
    });
    expect(await whoIsHere()).toEqual(before);
  });

  test('nothing is left afterwards', async () => {
    await page.getByRole('button', { name: 'Leave' }).click();
    await plain.hangup();
    await secure.hangUp();
    await expectNothingLeft(system);
  });
});
