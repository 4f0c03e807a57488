import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rectanglesFor } from '../../../src/stage/layout/rectangles.ts';
import type { TileLayout } from '../../../src/stage/layout/types.ts';
import type { DecodedPicture } from '../../support/last-picture.ts';
import type { ColourName } from '../../support/picture.ts';
import { waitFor } from '../../support/wait-for.ts';
import type { Camera } from './camera.ts';
import { colourClip } from './clip.ts';
import { Rig, type TestEndpoint } from './rig.ts';
import { brightness, centres, look, lookAt } from './seen.ts';

const CANVAS = { width: 1280, height: 720 };
const SMALL = { size: '160x90' } as const;
const HALLS = ['a', 'b', 'c', 'd'];
const EVERYBODY = [...'abcdefghijklmnopqrstuvwxy'];
/** The four halls differ; of the others no row is like another. */
const COLOUR_ORDER = 'rgbyyrgbgbryrybgbyrgybgrb';
const BY_LETTER: Record<string, ColourName> = { r: 'red', g: 'green', b: 'blue', y: 'yellow' };
const PATIENCE = { timeout: 20_000, interval: 200 };
const MINUTE_MS = 60_000;

let rig: Rig;
const halls = new Map<string, TestEndpoint>();
const browsers = new Map<string, Camera>();

beforeAll(async () => {
  rig = await Rig.start();
  for (const id of HALLS) {
    const hall = await rig.addEndpoint(id);
    hall.phone.play(colourClip(colourOf(id), SMALL), { ssrc: 0x100, payloadType: 97, fps: 10 });
    halls.set(id, hall);
  }
});
afterAll(() => rig.close());

function colourOf(id: string): ColourName {
  return BY_LETTER[COLOUR_ORDER[EVERYBODY.indexOf(id)] ?? ''] ?? 'red';
}

function hall(id: string): TestEndpoint {
  return halls.get(id) ?? expect.fail(`no hall ${id}`);
}

/** Browsers join until there are so many people. */
async function beSoMany(count: number): Promise<string[]> {
  const ids = EVERYBODY.slice(0, count);
  for (const id of ids) {
    if (halls.has(id) || browsers.has(id)) continue;
    const camera = await rig.addBrowser(id);
    camera.play(colourClip(colourOf(id), SMALL), { ssrc: 0x0dc00001, payloadType: 107, fps: 10 });
    await rig.untilItSends(id);
    browsers.set(id, camera);
  }
  return ids;
}

const whereIn = (layout: TileLayout, count: number) => rectanglesFor(layout, count, CANVAS);

/** Looks until the tiles of a layout are as expected. */
async function expectTiles(id: string, layout: TileLayout, colours: readonly string[]) {
  const rects = whereIn(layout, colours.length);
  let seen: DecodedPicture | undefined;
  await expect
    .poll(async () => {
      seen = await look(hall(id).phone, 1);
      return centres(seen, rects);
    }, PATIENCE)
    .toEqual(colours);
  const picture = seen ?? expect.fail('nothing seen');
  expect([picture.width, picture.height]).toEqual([CANVAS.width, CANVAS.height]);
  expect(picture.complaints).toEqual([]);
  return { picture, rects };
}

const canvasOf = async (receivers: number) =>
  (await rig.status()).canvases.find(canvas => canvas.receivers === receivers);

describe('a layout puts everybody where its rectangles are', () => {
  test.each([4, 9, 16, 25])('grid of %i', { timeout: MINUTE_MS }, async count => {
    const ids = await beSoMany(count);
    await rig.layOut('grid');
    await expectTiles('a', 'grid', ids.map(colourOf));
    expect((await canvasOf(4))?.shownIds).toEqual(ids);
    await expect.poll(async () => (await rig.status()).canvases.length).toBe(1); // halls share it
  });

  test('speaker: large for all others, and seven in the strip', {
    timeout: MINUTE_MS,
  }, async () => {
    await rig.layOut('speaker');
    await rig.speakers('d');
    await waitFor('the canvas of the others', async () => {
      return (await canvasOf(3))?.shownIds[0] === 'd';
    });
    const shown = (await canvasOf(3))?.shownIds ?? [];
    expect(new Set(shown).size).toBe(8);
    await expectTiles('a', 'speaker', shown.map(colourOf));
    await expectTiles('b', 'speaker', shown.map(colourOf));
  });

  test('speaker: not for itself', { timeout: MINUTE_MS }, async () => {
    const own = (await canvasOf(1))?.shownIds ?? [];
    expect(own[0]).not.toBe('d');
    await expectTiles('d', 'speaker', own.map(colourOf));
    expect((await rig.status()).canvases.map(({ receivers }) => receivers).toSorted()).toEqual([
      1, 3,
    ]);
  });

  test('hq-speaker: both side by side', { timeout: MINUTE_MS }, async () => {
    await rig.layOut('hq-speaker', { hqId: 'c' });
    await waitFor('both', async () => {
      const [hq, speaker] = (await canvasOf(2))?.shownIds ?? [];
      return hq === 'c' && speaker === 'd';
    });
    const shown = (await canvasOf(2))?.shownIds ?? [];
    expect(shown.length).toBe(10);
    await expectTiles('a', 'hq-speaker', shown.map(colourOf));
    for (const { shownIds } of (await rig.status()).canvases) expect(shownIds.length).toBe(10);
  });

  test('content: slides for all of them, the speaker beside', { timeout: MINUTE_MS }, async () => {
    const slides = await rig.addBrowser('slides', 'h264', { content: true });
    slides.play(colourClip('yellow', SMALL), { ssrc: 0x0dc00001, payloadType: 107 });
    for (const id of ['a', 'd']) await expectTiles(id, 'content', ['yellow', colourOf('d')]);
    expect((await canvasOf(4))?.shownIds).toEqual(['slides', 'd']);
    await rig.remove('slides');
  });

  test('full: the pinned one alone, as its camera sends it', { timeout: MINUTE_MS }, async () => {
    await rig.layOut('full', { pinnedId: 'b' });
    await waitFor('b to be seen', async () => (await rig.showing('a')) === 'b');
    await waitFor('nothing composed', async () => (await rig.status()).canvases.length === 0);
    const seen = await look(hall('a').phone);
    expect([seen.width, seen.height]).toEqual([160, 90]);
    expect(lookAt(seen, 80, 30)).toBe(colourOf('b'));
    expect(await rig.showing('b')).not.toBe('b');
  });

  test('lecture: HQ for the halls, the halls in turns for HQ', { timeout: MINUTE_MS }, async () => {
    await rig.people(...HALLS.map(id => ({ id })));
    await rig.layOut('lecture', { hqId: 'a' });
    for (const id of ['b', 'c', 'd'])
      await waitFor(`${id} to see HQ`, async () => (await rig.showing(id)) === 'a');
    const seen = await look(hall('d').phone);
    expect(lookAt(seen, seen.width / 2, seen.height / 3)).toBe(colourOf('a'));
    const turns = new Set<string | null | undefined>();
    const isSecond = async () => turns.add(await rig.showing('a')).size > 1;
    await waitFor('the second turn', isSecond, 25_000);
    expect(turns).not.toContain('a');
    await rig.people();
  });
});

describe('around the pictures of a grid', () => {
  const NAME = 'Xã Đắk Ơ — Mường Ảng';

  test('are names that can be read, marks, and slates', { timeout: MINUTE_MS }, async () => {
    for (const id of browsers.keys()) await rig.remove(id);
    hall('c').phone.stop();
    const a = { id: 'a', name: NAME, handRaised: true };
    await rig.people(a, { id: 'b', muted: true }, { id: 'c' }, { id: 'd' });
    await rig.speakers('d');
    await rig.layOut('grid');
    const expected = ['red', 'green', 'night', 'yellow'];
    const { picture, rects } = await expectTiles('a', 'grid', expected);
    const [named, muted, silent, speaking] = rects;
    if (!named || !muted || !silent || !speaking) return expect.fail('four tiles');

    const mark = { x: muted.x + 9, y: muted.y + 14 };
    expect(lookAt(picture, mark.x, mark.y, 2)).toBe('red');
    expect(lookAt(picture, named.x + 9, named.y + 14, 2)).toBe('blue'); // its hand
    expect(lookAt(picture, speaking.x + 9, speaking.y + 14, 2)).toBe('yellow'); // no mark

    const middle = speaking.x + speaking.width / 2;
    expect(lookAt(picture, middle, speaking.y + 3, 2)).toBe('frame');
    expect(lookAt(picture, middle, speaking.y + speaking.height - 3, 2)).toBe('frame');
    expect(lookAt(picture, muted.x + muted.width / 2, muted.y + 3, 2)).not.toBe('frame');

    expect(lookAt(picture, silent.x + 20, silent.y + 20)).toBe('night');
    const ink = brightness(picture, silent).filter(value => value > 120);
    expect(ink.length).toBeGreaterThan(100); // its name, and that there is no picture
  });
});
