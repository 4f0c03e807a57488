import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ConferenceView } from '../../src/contract/conferences.ts';
import { CORE_HOST } from '../support/bed/namespaces.ts';
import { flashAndBeep, LipSyncMeter } from '../support/sip-phone/flash-and-beep.ts';
import { encodeMovingPicture } from '../support/sip-phone/moving-picture.ts';
import { type CodecMedia, RoomCodec } from '../support/sip-phone/room-codec.ts';
import { quietHall } from '../support/sip-phone/sound.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { waitFor } from '../support/wait-for.ts';
import {
  addConference,
  addSite,
  expectNothingLeft,
  participantsOf,
  passwordOf,
} from './district.ts';

const PLAY_INTERVAL_MS = 5;
const FLASHES = 12;
const MEASURE_TIMEOUT_MS = 30_000;
/** Product measure 16: what a hall sees and hears belongs together. */
const MAX_OFFSET_MS = 80;
const PICTURE = { width: 640, height: 360, fps: 25, bitrateBps: 300_000, durationSec: 2 };

describe('pain 16: sound and picture of a codec, as another codec has them', () => {
  let system: TestSystem;
  let conference: ConferenceView;
  let meter: LipSyncMeter;
  let player: NodeJS.Timeout;
  const codecs: RoomCodec[] = [];

  beforeAll(async () => {
    system = await startSystem();
    conference = await addConference(system, { name: 'Họp', number: '1002', alias: 'hop' });
    const still = encodeMovingPicture({ ...PICTURE, colour: 'red' });
    const quiet: CodecMedia = { frames: still, fps: PICTURE.fps, audio: quietHall() };
    const flashing = await dialIn('an-hoa', flashAndBeep());
    flashing.video.onKeyFrameRequest = () => undefined; // every frame is one, and it must not begin anew
    meter = new LipSyncMeter(await dialIn('binh-an', quiet));
    player = setInterval(() => {
      for (const codec of codecs) codec.play(performance.now());
    }, PLAY_INTERVAL_MS);
    await waitFor('two pictures', async () => {
      const participants = await participantsOf(system, conference);
      return participants.filter(({ hasVideo }) => hasVideo).length === 2;
    });
  });

  afterAll(async () => {
    clearInterval(player);
    for (const codec of codecs) await codec.hangUp();
    await expectNothingLeft(system);
    for (const codec of codecs) codec.close();
    meter?.close();
    await system?.close();
  });

  async function dialIn(username: string, media: CodecMedia): Promise<RoomCodec> {
    await addSite(system, `Xã ${username}`, username);
    const server = { host: CORE_HOST, port: system.settings.sip.port };
    const account = { username, password: passwordOf(username) };
    const codec = await RoomCodec.open({ ...account, host: CORE_HOST, server }, media);
    codecs.push(codec);
    await codec.phone.register();
    await codec.call('1002');
    return codec;
  }

  async function measure(what: string): Promise<number> {
    meter.forget();
    const isEnough = () => meter.offsetsMs.length >= FLASHES;
    await waitFor('flashes and beeps', isEnough, MEASURE_TIMEOUT_MS);
    const sorted = meter.offsetsMs.map(Math.round).toSorted((a, b) => a - b);
    const median = sorted[Math.trunc(sorted.length / 2)] ?? Number.NaN;
    process.stdout.write(
      `    ${what}: sound after picture by ${median} ms (${sorted.join(', ')})\n`,
    );
    return median;
  }

  test('are together where the camera is passed on', async () => {
    expect(Math.abs(await measure('passed on'))).toBeLessThanOrEqual(MAX_OFFSET_MS);
  });

  test('are together where the picture is composed', async () => {
    const green = encodeMovingPicture({ ...PICTURE, colour: 'green' });
    await dialIn('chau-phu', { frames: green, fps: PICTURE.fps, audio: quietHall() });
    const flashing = (await participantsOf(system, conference)).find(({ name }) =>
      name.endsWith('an-hoa'),
    );
    const path = `/conferences/${conference.id}/layout`;
    const layout = { layout: 'speaker', pinnedParticipantId: flashing?.id };
    expect((await system.api(path, { method: 'PUT', body: layout })).status).toBe(200);
    meter.forget();
    await waitFor('the flash in the large place', () => meter.offsetsMs.length > 1);
    expect(Math.abs(await measure('composed'))).toBeLessThanOrEqual(MAX_OFFSET_MS);
  });
});
