import { execFileSync } from 'node:child_process';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ConferenceView } from '../../src/contract/conferences.ts';
import type { CallView } from '../../src/contract/rest.ts';
import { encodeG711 } from '../../src/stage/announcer/g711.ts';
import { startChromium, type TestChromium } from '../support/chromium.ts';
import { toneLevels } from '../support/page.ts';
import { nearestColour } from '../support/picture.ts';
import { SPEECH_HZ, speech } from '../support/sip-phone/sound.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { waitFor } from '../support/wait-for.ts';
import { addConference, expectNothingLeft, participantsOf } from './district.ts';
import { addMenuSite, Callers, MENU_SITE, prompts, Reception } from './menu.ts';

const TILE = `figure[aria-label="${MENU_SITE}"] video`;
const QUIET_DB = -70;
const CLEAR_DB = 15;
const ABSENT_HZ = 2900;

/** G.722 pieces of 20 ms of somebody speaking. */
function g722Speech(): Buffer[] {
  const input = ['-f', 'alaw', '-ar', '8000', '-ac', '1', '-i', '-'];
  const output = ['-ar', '16000', '-c:a', 'g722', '-f', 'g722', '-'];
  const args = ['-v', 'error', ...input, ...output];
  const coded = execFileSync('ffmpeg', args, { input: Buffer.concat(speech()) });
  return Array.from({ length: Math.floor(coded.length / 160) }, (_, at) =>
    coded.subarray(at * 160, (at + 1) * 160),
  );
}

/** What needs no browser is in `calls/menu.test.ts`. */
describe('the voice menu, and who is in the conference already', () => {
  let system: TestSystem;
  let open: ConferenceView;
  let guarded: ConferenceView;
  let callers: Callers;
  let chromium: TestChromium;
  let page: Page;

  beforeAll(async () => {
    system = await startSystem();
    await addMenuSite(system);
    open = await addConference(system, { name: 'Giao ban', number: '1001', alias: 'giao-ban' });
    const guards = { name: 'Kín', number: '1002', alias: 'kin', pin: '4711' };
    guarded = await addConference(system, guards);
    chromium = await startChromium({ where: 'office', colour: 'green', toneHz: 1300 });
    page = await chromium.newPage();
    callers = new Callers(system);
  });

  afterAll(async () => {
    callers?.close();
    await chromium?.close();
    await system?.close();
  });

  afterEach(() => callers.hangUp());

  const visit = async (alias: string, pin?: string) => {
    await page.goto(`${system.browserUrl}/c/${alias}?name=Lan&join=1`);
    if (pin !== undefined) {
      await page.getByLabel('PIN').fill('0000');
      await page.getByRole('button', { name: 'Join' }).click();
      await page.getByText('This PIN is not right').waitFor();
      await page.getByLabel('PIN').fill(pin);
      await page.getByRole('button', { name: 'Join' }).click();
    }
    await page.getByRole('button', { name: 'Leave' }).waitFor();
  };
  const isHeard = async () => {
    const [tone = -200, other = -200] = await toneLevels(page, 'audio', [SPEECH_HZ, ABSENT_HZ]);
    return tone > QUIET_DB && tone - other > CLEAR_DB;
  };
  const seen = () =>
    waitFor('the codec’s picture', async () => {
      const tile = await page.$(TILE);
      const colour = await tile?.evaluate(video => globalThis.probes.videoColour(video));
      return colour ? nearestColour(colour) === 'red' : false;
    });
  const calls = async () => (await system.api('/calls')).body as CallView[];

  test('who dials the bare host hears and reads the question, types the number, and is in', async () => {
    await visit('giao-ban');
    const codec = await callers.open();
    const reception = new Reception(codec);
    await codec.call('');
    await waitFor('its ACK', async () => (await calls())[0]?.state === 'connected');
    expect(await calls()).toMatchObject([{ siteName: MENU_SITE }]);
    expect((await calls())[0]?.conferenceId).toBeUndefined();
    const clip = encodeG711('pcma', prompts['enter-number'].pcm);
    await waitFor('a second of the prompt, as it was made', () => {
      const heard = Buffer.concat(reception.audio.map(({ payload }) => payload));
      return heard.includes(clip.subarray(4000, 12_000));
    });
    await reception.shows('enter-number');
    await codec.press('99');
    await reception.shows('enter-number', '99');
    await codec.press('#');
    await reception.shows('unknown-number');
    const before = reception.audio.length;
    await codec.press('1001#');
    await seen();
    await waitFor('the codec’s tone', isHeard);
    expect(await participantsOf(system, open)).toHaveLength(2);
    await waitFor('sound of the conference', () => reception.audio.length > before + 50);

    await codec.press('*6');
    await waitFor('silence', async () => !(await isHeard()));
    expect((await participantsOf(system, open)).find(({ name }) => name === MENU_SITE)?.muted).toBe(
      true,
    );
    await codec.press('*6');
    await waitFor('the codec’s tone again', isHeard);
    await codec.phone.info('application/dtmf', '*'); // the keys of this call come in the sound
    await codec.phone.info('application/dtmf', '6');
    expect((await participantsOf(system, open)).find(({ name }) => name === MENU_SITE)?.muted).toBe(
      false,
    );
    await page.getByRole('button', { name: 'Leave' }).click();
  });

  test('a PIN is asked of browser and codec; INFO brings keys too, and G.722 hears as well (pain 13)', async () => {
    await visit('kin', '4711');
    const codec = await callers.open({ audio: g722Speech(), audioCodec: 'g722' });
    const reception = new Reception(codec);
    await codec.call('1002');
    await reception.shows('enter-pin');
    await waitFor('two seconds that are not silence', () => {
      const differing = new Set(reception.audio.map(({ payload }) => payload.toString('hex')));
      return differing.size > 100;
    });
    for (const key of '0000#')
      await codec.phone.info('application/dtmf-relay', `Signal=${key}\r\nDuration=160\r\n`);
    await reception.shows('wrong-pin');
    for (const key of '47') await codec.phone.info('application/dtmf', key);
    await reception.shows('wrong-pin', '••');
    for (const key of '11#') await codec.phone.info('application/dtmf', key);
    await seen();
    await waitFor('the codec’s tone', isHeard);
    expect(await participantsOf(system, guarded)).toHaveLength(2);
    await page.getByRole('button', { name: 'Leave' }).click();
  });

  test('nothing is left of all that', () => expectNothingLeft(system));
});
