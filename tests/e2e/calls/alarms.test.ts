import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ConferenceView } from '../../../src/contract/conferences.ts';
import type { Page } from '../../../src/contract/paging.ts';
import type { CallRecordView } from '../../../src/contract/rest.ts';
import { CORE_HOST } from '../../support/bed/namespaces.ts';
import { encodeMovingPicture } from '../../support/sip-phone/moving-picture.ts';
import { RoomCodec } from '../../support/sip-phone/room-codec.ts';
import { speech } from '../../support/sip-phone/sound.ts';
import { startSystem, type TestSystem } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import {
  addConference,
  addSite,
  expectNothingLeft,
  participantsOf,
  passwordOf,
} from '../district.ts';

const PICTURE = { width: 640, height: 360, fps: 25, bitrateBps: 300_000, durationSec: 4 };
const PLAY_INTERVAL_MS = 5;
/** Longer than anything needs to become an alarm. */
const LONG_MS = 8_000;

/** A codec behind a bad firewall, or with its microphone's cable out. */
describe('what a codec should send and does not', () => {
  let system: TestSystem;
  let conference: ConferenceView;
  let codec: RoomCodec;
  let player: NodeJS.Timeout;

  beforeAll(async () => {
    system = await startSystem();
    await addSite(system, 'Xã An Hòa', 'an-hoa');
    conference = await addConference(system, { name: 'Họp', number: '1002', alias: 'hop' });
    codec = await RoomCodec.open(
      {
        username: 'an-hoa',
        password: passwordOf('an-hoa'),
        host: CORE_HOST,
        server: { host: CORE_HOST, port: system.settings.sip.port },
      },
      {
        frames: encodeMovingPicture({ ...PICTURE, colour: 'red' }),
        fps: PICTURE.fps,
        audio: speech(),
      },
    );
    await codec.phone.register();
    player = setInterval(() => codec.play(performance.now()), PLAY_INTERVAL_MS);
  });

  afterAll(async () => {
    clearInterval(player);
    codec?.close();
    await system?.close();
  });

  const alarms = async () => (await participantsOf(system, conference))[0]?.alarms.toSorted();
  const hasAlarms = async (...expected: string[]) => {
    const startedAtMs = performance.now();
    let seen: unknown;
    const isSo = async () => {
      seen = await alarms();
      return JSON.stringify(seen) === JSON.stringify(expected);
    };
    await waitFor('the alarms', isSo).catch(() => expect(seen).toEqual(expected));
    const tookMs = performance.now() - startedAtMs;
    process.stdout.write(`    [${expected}] after ${tookMs.toFixed(0)} ms\n`);
  };
  const staysWithoutAlarms = async () => {
    const untilMs = performance.now() + LONG_MS;
    await waitFor('a while to pass', async () => {
      expect(await alarms()).toEqual([]);
      return performance.now() > untilMs;
    });
  };

  test('pain 12: a codec that sends sound and picture has no alarm', async () => {
    await codec.call('1002');
    await staysWithoutAlarms();
  });

  test('pain 12: sound that stops is named until it comes back, and so is the picture', async () => {
    codec.withheld.add('audio');
    await hasAlarms('no-sound');
    codec.withheld.add('video');
    await hasAlarms('no-picture', 'no-sound');
    codec.withheld.delete('audio');
    await hasAlarms('no-picture');
    codec.withheld.delete('video');
    await hasAlarms();
  });

  test('pain 12: a codec on hold has no alarm, one that came from hold without sound has', async () => {
    await codec.renegotiate({ direction: 'inactive' });
    await staysWithoutAlarms();
    codec.withheld.add('audio');
    await codec.renegotiate({});
    await hasAlarms('no-sound');
    await codec.renegotiate({ direction: 'inactive' });
    await hasAlarms();
    codec.withheld.clear();
  });

  test('pain 12: the call keeps its alarms, and the log names them', async () => {
    await codec.hangUp();
    const ended = async () => {
      const log = (await system.api('/call-log')).body as Page<CallRecordView>;
      const [latest] = log.items;
      return latest?.verdict && latest;
    };
    await waitFor('the end of the call', async () => (await ended()) !== undefined);
    const record = await ended();
    expect(record?.alarms.map(({ alarm }) => alarm).toSorted()).toEqual(['no-picture', 'no-sound']);
    for (const { totalSec } of record?.alarms ?? []) expect(totalSec).toBeGreaterThan(0);
    const lines = (system.logs().gateway ?? '')
      .split('\n')
      .filter(line => line.includes('"alarm"'));
    const told = lines.map(line => JSON.parse(line) as { level: string; callId: string });
    expect(told.every(({ callId }) => callId === record?.callId)).toBe(true);
    expect(told.filter(({ level }) => level === 'warn')).toHaveLength(3);
    expect(told.filter(({ level }) => level === 'info')).toHaveLength(3);
    await expectNothingLeft(system);
  });
});
