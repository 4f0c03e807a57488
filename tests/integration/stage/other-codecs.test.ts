import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { depacketizerFor } from '../../../src/stage/rtp/payload/depacketizer.ts';
import { inspectorFor } from '../../../src/stage/rtp/payload/inspect.ts';
import { buildPli } from '../../../src/stage/rtp/rtcp.ts';
import { waitFor } from '../../support/wait-for.ts';
import { colourClip } from './clip.ts';
import { cutClip } from './cut-clip.ts';
import { coloursOf, withoutRepeats } from './decode.ts';
import { decodedByFfmpeg, receivedByFfmpeg } from './foreign.ts';
import { BROWSER_SSRC, Rig, SCENE, TERMS } from './rig.ts';
import { look, lookAt } from './seen.ts';
import { expectOneStream, payloadsOf } from './streams.ts';

const MINUTE_MS = 60_000;
const BASELINE = 0x42;
/** constraint_set1_flag: with baseline it is constrained baseline; ITU-T H.264 §A.2.1.1. */
const CONSTRAINED = 0x40;
const H263 = ['-c:v', 'h263', '-b:v', '400k', '-g', '15'];
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

let rig: Rig;
beforeEach(async () => {
  rig = await Rig.start();
});
afterEach(() => rig.close());

interface Sender {
  readonly codec: 'h263' | 'h263-1998' | 'h261';
  readonly payloadType: number;
  readonly size: string;
  readonly args: readonly string[];
}

const SENDERS: readonly Sender[] = [
  {
    codec: 'h263',
    payloadType: 34,
    size: '352x288',
    args: [...H263, '-ps', '400', '-rtpflags', 'rfc2190'],
  },
  { codec: 'h263-1998', payloadType: 98, size: '352x288', args: H263 },
  {
    codec: 'h261',
    payloadType: 31,
    size: '176x144',
    args: ['-c:v', 'h261', '-b:v', '300k', '-g', '15', '-f_strict', 'experimental'],
  },
];

describe.each(SENDERS)('a camera of $codec', ({ codec, payloadType, size, args }) => {
  test('is published as H.264, and halls see it', { timeout: MINUTE_MS }, async () => {
    const clip = await cutClip(codec, 'red', size, args);
    const old = await rig.addEndpoint('old', { codec, payloadType });
    const viewer = await rig.addEndpoint('viewer');
    old.phone.playCut(clip, { ssrc: 0x2222, payloadType });
    await waitFor('the feed, which nobody looks at', () => old.feed.received.length > 0);
    await rig.people({ id: 'old' }, { id: 'viewer' }, { id: 'laptop', kind: 'browser' });
    await waitFor('the feed', () => old.feed.received.length > 40);
    expectOneStream(old.feed.received, 107);
    expect(old.feed.received[0]?.ssrc).toBe(old.feedSsrc);
    const { colours, complaints } = await coloursOf(old.feed.received);
    expect(withoutRepeats(colours).at(-1)).toBe('red');
    expect(complaints).toEqual([]);
    const sps = old.feed.received
      .map(({ payload }) => payload)
      .find(isStapA)
      ?.subarray(3);
    expect(sps?.[1]).toBe(BASELINE);
    expect((sps?.[2] ?? 0) & CONSTRAINED).toBe(CONSTRAINED);

    await waitFor('it to be seen', async () => (await rig.showing('viewer')) === 'old');
    const seen = await look(viewer.phone);
    expect(lookAt(seen, seen.width / 2, seen.height / 3)).toBe('red');
    expect(seen.complaints).toEqual([]);
    await rig.remove('old');
    await waitFor('the end', async () => (await rig.status()).canvases.length === 0);
    expect((await rig.status()).decoders).toBe(0);
  });
});

function isStapA(payload: Buffer): boolean {
  return ((payload[0] ?? 0) & 0x1f) === 24;
}

describe('browsers that send VP8', () => {
  test('are decoded and composed', { timeout: MINUTE_MS }, async () => {
    const hall = await rig.addEndpoint('hall');
    const asBrowser = { ssrc: BROWSER_SSRC, payloadType: 107 };
    for (const colour of ['green', 'blue'] as const) {
      const camera = await rig.addBrowser(colour, 'vp8');
      camera.playCut(await cutClip('vp8', colour, '320x240', VP8), asBrowser);
    }
    await rig.layOut('speaker');
    for (const colour of ['green', 'blue'] as const) {
      await rig.speakers(colour);
      await waitFor(`${colour} to be large`, async () => (await rig.showing('hall')) === colour);
      await expect
        .poll(async () => {
          const seen = await look(hall.phone);
          return lookAt(seen, seen.width / 2, seen.height / 4);
        })
        .toBe(colour);
    }
  });
});

test('a hall that changes to H.263 is sent nothing else from then on', {
  timeout: MINUTE_MS,
}, async () => {
  for (const colour of ['green', 'blue'] as const) {
    const camera = await rig.addBrowser(colour);
    const as = { ssrc: BROWSER_SSRC, payloadType: 107 };
    camera.play(colourClip(colour, { size: '320x180' }), as);
  }
  const [a, b] = [await rig.addEndpoint('a'), await rig.addEndpoint('b')];
  await rig.layOut('speaker');
  await rig.speakers('green');
  for (const { id } of [a, b])
    await waitFor(`${id} to see it`, async () => (await rig.showing(id)) === 'green');
  const terms = { ...TERMS, codec: 'h263' as const, payloadType: 34 };
  await rig.client.request('endpoint.update', { sceneId: SCENE, participantId: 'a', ...terms });
  const inH263 = () => a.phone.received.filter(({ payloadType }) => payloadType === 34);
  await waitFor('pictures', () => inH263().filter(({ marker }) => marker).length > 40);
  const [first] = inH263();
  expect(inspectorFor('h263')(first?.payload ?? Buffer.alloc(0)).startsKeyframe).toBe(true);
  const pictures = payloadsOf(inH263());
  const shown = await receivedByFfmpeg(pictures, ['H263'], 34, '352x288');
  expect(shown.complaints).toEqual([]);
  expect(shown.pictures).toBeGreaterThanOrEqual(pictures.length - 1);
  expect(new Set(a.phone.received.map(({ ssrc }) => ssrc)).size).toBe(1);
  expect(await rig.showing('b')).toBe('green');
});

describe('the composed picture for browsers without H.264', () => {
  const isKeyframe = inspectorFor('vp8');
  const inVp8 = async () =>
    (await rig.status()).canvases.filter(({ group }) => group.startsWith('vp8')).length;

  test('is VP8, and encoded as long as it is there', { timeout: MINUTE_MS }, async () => {
    for (const [id, colour] of [
      ['a', 'red'],
      ['b', 'yellow'],
    ] as const) {
      const { phone } = await rig.addEndpoint(id);
      phone.play(colourClip(colour, { size: '320x180' }), { ssrc: 0x11, payloadType: 97, fps: 10 });
    }
    await rig.layOut('speaker');
    await rig.speakers('b');
    expect(await inVp8()).toBe(0);
    const { camera, ssrc, payloadType } = await rig.addComposedFeed('composed');
    await waitFor('the speaker in it', async () => {
      const { canvases } = await rig.status();
      return canvases.some(
        ({ group, shownIds }) => group === 'vp8 1280x720@25 1200k' && shownIds[0] === 'b',
      );
    });
    await waitFor('the picture', () => camera.received.filter(({ marker }) => marker).length > 30);
    expect(await inVp8()).toBe(1);
    expectOneStream(camera.received, payloadType);
    expect(camera.received[0]?.ssrc).toBe(ssrc);

    const keyframes = (from: number) =>
      camera.received.slice(from).filter(({ payload }) => isKeyframe(payload).startsKeyframe);
    expect(keyframes(0)[0]).toBe(camera.received[0]);
    const from = camera.received.length;
    camera.sendRtcp(buildPli(1, ssrc));
    await waitFor('a key frame', () => keyframes(from).length > 0);

    const depacketizer = depacketizerFor('vp8');
    const units = camera.received.flatMap(packet => depacketizer.push({ ...packet, epoch: 0 }));
    const shown = await decodedByFfmpeg('vp8', units, '1280x720');
    expect(shown.complaints).toEqual([]);
    expect(shown.pictures).toBe(units.length);
    expect(shown.colours.at(-1)).toBe('yellow');

    await rig.remove('composed');
    expect(await inVp8()).toBe(0);
  });
});
