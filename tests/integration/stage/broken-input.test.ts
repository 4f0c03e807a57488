import type { ChildProcess } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { rectanglesFor } from '../../../src/stage/layout/rectangles.ts';
import { sleep } from '../../../src/util/abort.ts';
import { randomFrom } from '../../unit/stage/layout/support.ts';
import type { Camera, CutClip } from './camera.ts';
import { colourClip } from './clip.ts';
import { cutClip } from './cut-clip.ts';
import { packetise } from './packetise.ts';
import { BROWSER_SSRC, type Rig, type TestEndpoint } from './rig.ts';
import { centres, look } from './seen.ts';
import { spawnStage } from './spawn-stage.ts';

const SEED = 20_260_519;
const MINUTE_MS = 60_000;
/** Halls come before browsers. */
const IN_ORDER = ['night', 'red', 'green', 'blue'];
const BROKEN_MS = 2_500;
const CANVAS = { width: 1280, height: 720 };
const PATIENCE = { timeout: 20_000 };
const VP8 = [
  '-c:v',
  'libvpx',
  '-deadline',
  'realtime',
  '-cpu-used',
  '8',
  '-b:v',
  '400k',
  '-g',
  '15',
];
const H263 = ['-c:v', 'h263', '-b:v', '400k', '-g', '15', '-ps', '400', '-rtpflags', 'rfc2190'];

let child: ChildProcess;
let rig: Rig;
beforeEach(async () => {
  ({ child, rig } = await spawnStage());
});
afterEach(() => rig.close());

async function expectAlive(): Promise<void> {
  expect([child.exitCode, child.signalCode]).toEqual([null, null]);
  expect((await rig.status()).scenes).toHaveLength(1);
}

/** Looks until the tiles of a grid of four are as expected. */
async function expectGrid(viewer: TestEndpoint, ...colours: readonly string[]): Promise<void> {
  const rects = rectanglesFor('grid', 4, CANVAS).slice(0, colours.length);
  await expect
    .poll(async () => centres(await look(viewer.phone), rects), PATIENCE)
    .toEqual(colours);
}

type Random = () => number;

const DAMAGES: Record<string, (payload: Buffer, random: Random) => Buffer> = {
  'cut off': (payload, random) => payload.subarray(0, Math.floor(random() * payload.length)),
  'with flipped bits': (payload, random) => {
    const copy = Buffer.from(payload);
    for (let flips = 1 + Math.floor(random() * 8); flips > 0; flips -= 1) {
      const at = Math.floor(random() * copy.length);
      if (copy.length > 0) copy[at] = (copy[at] ?? 0) ^ (1 << Math.floor(random() * 8));
    }
    return copy;
  },
  'of anything': (payload, random) =>
    Buffer.from(Array.from({ length: payload.length }, () => Math.floor(random() * 256))),
};

interface Senders {
  readonly viewer: TestEndpoint;
  readonly cameras: readonly (readonly [Camera, CutClip, { ssrc: number; payloadType: number }])[];
}

/** A viewer, and cameras of three codecs: green, blue and red. */
async function senders(): Promise<Senders> {
  const viewer = await rig.addEndpoint('viewer');
  // First, too: a browser beside one hall has a tile before it has a picture, and keeps it.
  const { phone: h263 } = await rig.addEndpoint('h263', { codec: 'h263', payloadType: 34 });
  const h264 = await rig.addBrowser('h264');
  const vp8 = await rig.addBrowser('vp8', 'vp8');
  await rig.layOut('grid');
  const green = colourClip('green', { size: '320x180' }).map(nals => packetise(nals));
  const asBrowser = { ssrc: BROWSER_SSRC, payloadType: 107 };
  return {
    viewer,
    cameras: [
      [h264, green, asBrowser],
      [vp8, await cutClip('vp8', 'blue', '320x180', VP8), asBrowser],
      [h263, await cutClip('h263', 'red', '352x288', H263), { ssrc: 0x263, payloadType: 34 }],
    ],
  };
}

describe('pictures come back behind payloads', () => {
  test.each(Object.keys(DAMAGES))('%s', { timeout: MINUTE_MS }, async name => {
    const { viewer, cameras } = await senders();
    const play = () => {
      for (const [camera, clip, as] of cameras) camera.playCut(clip, as);
    };
    play();
    await expectGrid(viewer, ...IN_ORDER);
    const random = randomFrom(SEED);
    for (const [camera, clip, as] of cameras) {
      const damage = (payload: Buffer) =>
        random() < 0.3 ? (DAMAGES[name]?.(payload, random) ?? payload) : payload;
      camera.playCut(clip, { ...as, damage, swapEvery: 11, loseEvery: 17 });
    }
    await sleep(BROKEN_MS);
    await expectAlive();
    play();
    await expectGrid(viewer, ...IN_ORDER);
    await expectAlive();
  });
});

test('random RTP and cameras that change their SSRC all the time end nothing', {
  timeout: MINUTE_MS,
}, async () => {
  const { viewer, cameras } = await senders();
  const random = randomFrom(SEED);
  for (let round = 0; round < 300; round += 1) {
    for (const [camera, , { payloadType }] of cameras) {
      const noise = Array.from({ length: 12 + Math.floor(random() * 400) }, () => random() * 256);
      const packet = Buffer.from(noise);
      packet[0] = 0x80;
      packet[1] = payloadType;
      camera.sendRaw(packet);
    }
    if (round % 20 === 0)
      for (const [camera, clip, as] of cameras) camera.playCut(clip, { ...as, ssrc: 1 + round });
    await sleep(5);
  }
  await expectAlive();
  for (const [camera, clip, as] of cameras) camera.playCut(clip, as);
  await expectGrid(viewer, ...IN_ORDER);
});

test('a camera may change its size in the middle', { timeout: MINUTE_MS }, async () => {
  const viewer = await rig.addEndpoint('viewer');
  const camera = await rig.addBrowser('camera');
  await rig.layOut('grid');
  const as = { ssrc: BROWSER_SSRC, payloadType: 107 };
  for (const [size, colour] of [
    ['640x360', 'red'],
    ['352x288', 'green'],
    ['1280x720', 'blue'],
    ['160x90', 'yellow'],
  ] as const) {
    camera.play(colourClip(colour, { size, seconds: 2 }), as);
    await expectGrid(viewer, 'night', colour);
  }
  await expectAlive();
});

test('a camera that never sends a key frame, but renews its picture bit by bit, is composed', {
  timeout: MINUTE_MS,
}, async () => {
  const viewer = await rig.addEndpoint('viewer');
  const gradual = await rig.addBrowser('gradual');
  const usual = await rig.addBrowser('usual');
  await rig.layOut('grid');
  const as = { ssrc: BROWSER_SSRC, payloadType: 107, isDeaf: true };
  gradual.play(colourClip('green', { size: '320x180', isGradual: true }).slice(30), as);
  usual.play(colourClip('red', { size: '320x180' }), { ...as, isDeaf: false });
  await expectGrid(viewer, 'night', 'green', 'red');
});
