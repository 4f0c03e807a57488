import { afterEach, beforeEach, expect, test } from 'vitest';
import type { StreamQuality } from '../../../src/contract/stage.ts';
import { waitFor } from '../../support/wait-for.ts';
import { colourClip } from './clip.ts';
import { BROWSER_SSRC, Rig } from './rig.ts';

const asEndpoint = { ssrc: 0x1111, payloadType: 97 };
const asBrowser = { ssrc: BROWSER_SSRC, payloadType: 107 };
const SIZE = '320x180';

let rig: Rig;
/** What was told last of each stream. */
const told = new Map<string, StreamQuality>();
beforeEach(async () => {
  told.clear();
  rig = await Rig.start();
  rig.client.on('scene.quality', ({ streams }) => {
    for (const stream of streams) told.set(stream.participantId, stream);
  });
  await rig.addEndpoint('viewer', { sends: false });
  await rig.layOut('grid');
});
afterEach(() => rig.close());

const becomes = (id: string, what: string, is: (quality: StreamQuality) => unknown) =>
  waitFor(`${id} to be ${what}`, () => {
    const quality = told.get(id);
    return quality && is(quality) ? quality : undefined;
  });

test('a camera that is shown is told of with size, frame rate and bit rate', async () => {
  const { phone } = await rig.addEndpoint('a');
  phone.play(colourClip('red', { size: SIZE }), { ...asEndpoint, fps: 20 });
  const quality = await becomes('a', 'decoded', ({ decoded, fps }) => decoded && (fps ?? 0) > 15);
  expect(quality).toMatchObject({ width: 320, height: 180, content: false, black: false });
  expect(quality.fps).toBeLessThan(30); // late pictures of a busy machine come together
  expect(quality.still).toBe(false);
  expect(quality.bitrateBps).toBeGreaterThan(20_000);
  expect(quality.lossRatio).toBe(0);
});

test('one that nobody is shown is told of as far as its packets tell', async () => {
  for (const [id, colour] of [
    ['a', 'red'],
    ['b', 'green'],
  ] as const) {
    const { phone } = await rig.addEndpoint(id);
    phone.play(colourClip(colour, { size: SIZE }), asEndpoint);
  }
  await rig.layOut('full', { pinnedId: 'a' });
  const quality = await becomes('b', 'known', ({ width }) => width !== undefined);
  const isLively = ({ bitrateBps }: StreamQuality) => bitrateBps > 20_000;
  await becomes('b', 'left alone', about => !about.decoded && isLively(about));
  expect(quality).toMatchObject({ width: 320, height: 180 });
  expect(told.get('b')).not.toHaveProperty('fps');
});

test.each([
  ['an endpoint', async () => (await rig.addEndpoint('a')).phone, asEndpoint],
  ['a browser', () => rig.addBrowser('a'), asBrowser],
] as const)('the loss of %s is told', async (_, add, as) => {
  const camera = await add();
  camera.play(colourClip('red', { look: 'lively' }), { ...as, loseEvery: 5 });
  const { lossRatio } = await becomes('a', 'lossy', ({ lossRatio }) => lossRatio > 0.1);
  expect(lossRatio).toBeLessThan(0.35);
});

test('a camera that stops is frozen', async () => {
  const { phone } = await rig.addEndpoint('a');
  phone.play(colourClip('red', { size: SIZE }), asEndpoint);
  await becomes('a', 'alive', ({ frozenMs, fps }) => frozenMs === 0 && (fps ?? 0) > 10);
  phone.stop();
  await becomes('a', 'frozen', ({ frozenMs }) => (frozenMs ?? 0) > 500);
});

test('a black picture is told from a dark one', async () => {
  const { phone } = await rig.addEndpoint('a');
  phone.play(colourClip('black', { size: SIZE, look: 'still' }), asEndpoint);
  await becomes('a', 'black', ({ black }) => black === true);
  phone.play(colourClip('blue', { size: SIZE }), asEndpoint);
  await becomes('a', 'blue', ({ black }) => black === false);
});

test('a picture that stands still is told from a camera, which has noise', async () => {
  const { phone } = await rig.addEndpoint('a');
  phone.play(colourClip('green', { size: SIZE, look: 'still' }), asEndpoint);
  await becomes('a', 'still', ({ still, fps }) => still === true && (fps ?? 0) > 10);
  phone.play(colourClip('green', { size: SIZE }), asEndpoint);
  await becomes('a', 'alive', ({ still }) => still === false);
});
