import { execFileSync } from 'node:child_process';
import pino from 'pino';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { PromptId } from '../../src/calls/menu/prompts.ts';
import type { ConferenceView } from '../../src/contract/conferences.ts';
import type { Page as PageOf } from '../../src/contract/paging.ts';
import type { CallRecordView, CallView } from '../../src/contract/rest.ts';
import type { SiteView } from '../../src/contract/sites.ts';
import { loadPrompts } from '../../src/prompts/index.ts';
import { encodeG711 } from '../../src/stage/announcer/g711.ts';
import { encodeSlate } from '../../src/stage/encode/slate.ts';
import { nalType } from '../../src/stage/rtp/h264.ts';
import { parseRtp, type RtpPacket } from '../../src/stage/rtp/packet.ts';
import { firstPicture } from '../integration/stage/decode.ts';
import { CORE_HOST } from '../support/bed/namespaces.ts';
import { startChromium, type TestChromium } from '../support/chromium.ts';
import { toneLevels } from '../support/page.ts';
import { nearestColour } from '../support/picture.ts';
import { encodeMovingPicture } from '../support/sip-phone/moving-picture.ts';
import { type CodecMedia, RoomCodec } from '../support/sip-phone/room-codec.ts';
import { SPEECH_HZ, speech } from '../support/sip-phone/sound.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { waitFor } from '../support/wait-for.ts';
import { addConference, expectNothingLeft, participantsOf, passwordOf } from './district.ts';

const PICTURE = { width: 640, height: 360, fps: 25, bitrateBps: 300_000, durationSec: 4 };
const [WIDTH, HEIGHT] = [640, 360];
const PLAY_INTERVAL_MS = 5;
const SITE = 'Xã Đắk Wer';
const TILE = `figure[aria-label="${SITE}"] video`;
const QUIET_DB = -70;
const CLEAR_DB = 15;
const ABSENT_HZ = 2900;
const prompts = loadPrompts(pino({ level: 'silent' }));

/** What a codec got, from a moment on. */
class Reception {
  readonly audio: RtpPacket[] = [];
  readonly video: RtpPacket[] = [];

  constructor(codec: RoomCodec) {
    for (const kind of ['audio', 'video'] as const)
      codec[kind].onPacket = data => {
        const packet = parseRtp(Buffer.from(data));
        if (packet) this[kind].push(packet);
      };
  }

  /** The newest picture that is whole, in shades of grey. */
  async picture(): Promise<Buffer> {
    const isStart = ({ payload }: RtpPacket) => nalType(payload) === 7;
    return firstPicture(this.video.slice(this.video.findLastIndex(isStart)), WIDTH, HEIGHT);
  }
}

/** How a prompt looks on a hall's screen. */
async function drawn(title: string, lines: readonly string[]): Promise<Buffer> {
  const size = { width: WIDTH, height: HEIGHT, level: '2.2' };
  const { pictures } = await encodeSlate({ title, lines }, size);
  const packets = (pictures[0] ?? []).map((payload, seq) => ({ payload, seq }) as RtpPacket);
  return firstPicture(packets, WIDTH, HEIGHT);
}

/** Mean difference of two pictures, 0 to 255. */
function difference(a: Buffer, b: Buffer): number {
  if (a.length === 0 || a.length !== b.length) return 255;
  return a.reduce((sum, value, at) => sum + Math.abs(value - (b[at] ?? 0)), 0) / a.length;
}

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

describe('the voice menu', () => {
  let system: TestSystem;
  let open: ConferenceView;
  let guarded: ConferenceView;
  let chromium: TestChromium;
  let page: Page;
  const codecs: RoomCodec[] = [];
  let player: NodeJS.Timeout;

  beforeAll(async () => {
    system = await startSystem();
    const endpoints = [{ sipUsername: 'dak-wer', sipPassword: passwordOf('dak-wer') }];
    await system.api('/sites', {
      method: 'POST',
      body: { name: SITE, number: '2001', endpoints },
    });
    open = await addConference(system, { name: 'Giao ban', number: '1001', alias: 'giao-ban' });
    const guards = { name: 'Kín', number: '1002', alias: 'kin', pin: '4711' };
    guarded = await addConference(system, guards);
    chromium = await startChromium({ where: 'office', colour: 'green', toneHz: 1300 });
    page = await chromium.newPage();
    player = setInterval(() => {
      for (const codec of codecs) codec.play(performance.now());
    }, PLAY_INTERVAL_MS);
  });

  afterAll(async () => {
    clearInterval(player);
    await chromium?.close();
    await system?.close();
  });

  afterEach(async () => {
    for (const codec of codecs.splice(0)) {
      await codec.hangUp();
      codec.close();
    }
  });

  async function openCodec(
    media: Partial<CodecMedia> = {},
    username = 'dak-wer',
  ): Promise<RoomCodec> {
    const frames = encodeMovingPicture({ ...PICTURE, colour: 'red' });
    const server = { host: CORE_HOST, port: system.settings.sip.port };
    const account = { username, password: passwordOf(username) };
    const codec = await RoomCodec.open(
      { ...account, host: CORE_HOST, server },
      { frames, fps: PICTURE.fps, audio: speech(), ...media },
    );
    codecs.push(codec);
    if (username === 'dak-wer') await codec.phone.register();
    return codec;
  }

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
  const shown = async (reception: Reception, id: PromptId, title = prompts[id].title) => {
    const expected = await drawn(title, prompts[id].lines);
    await waitFor(`the screen to say ${title}`, async () => {
      return difference(await reception.picture(), expected) < 2;
    });
  };
  const calls = async () => (await system.api('/calls')).body as CallView[];
  const lastVerdict = async () =>
    ((await system.api('/call-log')).body as PageOf<CallRecordView>).items[0]?.verdict;

  test('the prompts were built, in both languages', () => {
    for (const { pcm } of Object.values(prompts)) expect(pcm.length).toBeGreaterThan(32_000);
  });

  test('who dials the bare host hears and reads the question, types the number, and is in', async () => {
    await visit('giao-ban');
    const codec = await openCodec();
    const reception = new Reception(codec);
    await codec.call('');
    await waitFor('its ACK', async () => (await calls())[0]?.state === 'connected');
    expect(await calls()).toMatchObject([{ siteName: SITE }]);
    expect((await calls())[0]?.conferenceId).toBeUndefined();
    const clip = encodeG711('pcma', prompts['enter-number'].pcm);
    await waitFor('a second of the prompt, as it was made', () => {
      const heard = Buffer.concat(reception.audio.map(({ payload }) => payload));
      return heard.includes(clip.subarray(4000, 12_000));
    });
    await shown(reception, 'enter-number');
    await codec.press('99');
    await shown(reception, 'enter-number', '99');
    await codec.press('#');
    await shown(reception, 'unknown-number');
    const before = reception.audio.length;
    await codec.press('1001#');
    await seen();
    await waitFor('the codec’s tone', isHeard);
    expect(await participantsOf(system, open)).toHaveLength(2);
    await waitFor('sound of the conference', () => reception.audio.length > before + 50);

    await codec.press('*6');
    await waitFor('silence', async () => !(await isHeard()));
    expect((await participantsOf(system, open)).find(({ name }) => name === SITE)?.muted).toBe(
      true,
    );
    await codec.press('*6');
    await waitFor('the codec’s tone again', isHeard);
    await codec.phone.info('application/dtmf', '*'); // the keys of this call come in the sound
    await codec.phone.info('application/dtmf', '6');
    expect((await participantsOf(system, open)).find(({ name }) => name === SITE)?.muted).toBe(
      false,
    );
    await page.getByRole('button', { name: 'Leave' }).click();
  });

  test('a PIN is asked of browser and codec; INFO brings keys too, and G.722 hears as well (pain 13)', async () => {
    await visit('kin', '4711');
    const codec = await openCodec({ audio: g722Speech(), audioCodec: 'g722' });
    const reception = new Reception(codec);
    await codec.call('1002');
    await shown(reception, 'enter-pin');
    await waitFor('two seconds that are not silence', () => {
      const differing = new Set(reception.audio.map(({ payload }) => payload.toString('hex')));
      return differing.size > 100;
    });
    for (const key of '0000#')
      await codec.phone.info('application/dtmf-relay', `Signal=${key}\r\nDuration=160\r\n`);
    await shown(reception, 'wrong-pin');
    for (const key of '47') await codec.phone.info('application/dtmf', key);
    await shown(reception, 'wrong-pin', '••');
    for (const key of '11#') await codec.phone.info('application/dtmf', key);
    await seen();
    await waitFor('the codec’s tone', isHeard);
    expect(await participantsOf(system, guarded)).toHaveLength(2);
    await page.getByRole('button', { name: 'Leave' }).click();
  });

  test('pain 17: a wrong number reaches the menu, not a dead line', async () => {
    const codec = await openCodec();
    const reception = new Reception(codec);
    await codec.call('31415');
    await shown(reception, 'unknown-number');
    await codec.press('1001#');
    await waitFor('the conference', async () => (await participantsOf(system, open)).length === 1);
  });

  test('three wrong PINs: goodbye is shown and said, then the call is ended', async () => {
    const codec = await openCodec();
    const reception = new Reception(codec);
    let isOver = false;
    codec.phone.onHungUp = () => {
      isOver = true;
    };
    await codec.call('1002');
    await shown(reception, 'enter-pin');
    for (let i = 0; i < 3; i++) await codec.press('1234#');
    await shown(reception, 'goodbye');
    await waitFor('the BYE', () => isOver, 20_000);
    await waitFor('the verdict', async () => (await lastVerdict())?.reason === 'pin-wrong');
  });

  test('pain 17: a site of the conference dials the host, or a site’s number, and is in without a word', async () => {
    const sites = ((await system.api('/sites?limit=500')).body as PageOf<SiteView>).items;
    const members = sites.map(({ id }) => ({ siteId: id }));
    const body = { name: 'Của xã', number: '1003', alias: 'cua-xa', pin: '9999', members };
    const own = await addConference(system, body);
    const codec = await openCodec();
    for (const dialled of ['', '2001', 'Cua-Xa']) {
      await codec.call(dialled);
      expect(await participantsOf(system, own)).toMatchObject([{ name: SITE }]);
      await codec.hangUp();
      await waitFor('the end', async () => (await participantsOf(system, own)).length === 0);
    }
  });

  test('an endpoint that cannot register calls from its address, and only from there', async () => {
    const add = (sipUsername: string, ...fixedAddresses: string[]) =>
      system.api('/sites', {
        method: 'POST',
        body: { name: sipUsername, endpoints: [{ sipUsername, fixedAddresses }] },
      });
    await add('elsewhere', '198.51.100.0/24');
    const stranger = await openCodec({}, 'elsewhere');
    await expect(stranger.call('1001')).rejects.toThrow('INVITE: 403');
    await add('fixed', CORE_HOST);
    const codec = await openCodec({}, 'whoever');
    await codec.call('1001');
    expect(await participantsOf(system, open)).toMatchObject([{ name: 'fixed' }]);
    const registered = await openCodec();
    await registered.call('1001');
    const names = (await participantsOf(system, open)).map(({ name }) => name);
    expect(names).toEqual(['fixed', SITE]);
  });

  test('who hangs up in the menu leaves nothing', async () => {
    const codec = await openCodec();
    const reception = new Reception(codec);
    await codec.call('1002');
    await shown(reception, 'enter-pin');
    await codec.hangUp();
    await expectNothingLeft(system);
  });
});
