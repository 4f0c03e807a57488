import { afterEach, describe, expect, test } from 'vitest';
import { rectanglesFor } from '../../../src/stage/layout/rectangles.ts';
import type { DecodedPicture } from '../../support/last-picture.ts';
import { waitFor } from '../../support/wait-for.ts';
import { colourClip } from './clip.ts';
import { found, lettering } from './lettering.ts';
import { Rig, type TestEndpoint } from './rig.ts';
import { brightness, centres, look, lookAt } from './seen.ts';

const CANVAS = { width: 1280, height: 720 };
const NAME = 'Xã Đắk Ơ — Mường Ảng';
const WITHOUT_MARKS = 'Xa Dak O — Muong Ang';
const FONT_SIZE = 26;
/** Enough pictures for the encoder to have written fine lines. */
const SHARP_AFTER = 12;
/** Another release of FFmpeg hints letters a little differently. */
const ALIKE = 0.75;
const PATIENCE = { timeout: 20_000 };
const asEndpoint = { ssrc: 0x1111, payloadType: 97, fps: 10 };

let rig: Rig;
afterEach(() => rig.close());

/** The lower left corner of a tile, where its name is. */
function corner(seen: DecodedPicture, { x, y, height }: { x: number; y: number; height: number }) {
  const area = { x, y: y + height - 52, width: 360, height: 52 };
  return { ...area, points: brightness(seen, area) };
}

async function twoHalls(clips: { readonly a: string; readonly b: string }): Promise<TestEndpoint> {
  const [a, b] = [await rig.addEndpoint('a', {}, { name: NAME }), await rig.addEndpoint('b')];
  a.phone.play(colourClip('red', { size: clips.a, look: 'clean' }), asEndpoint);
  b.phone.play(colourClip('blue', { size: clips.b, look: 'clean' }), asEndpoint);
  return b;
}

/** Looks until the name is there. */
async function expectName(endpoint: TestEndpoint, rect: { x: number; y: number; height: number }) {
  const [right, wrong] = [NAME, WITHOUT_MARKS].map(text => lettering(text, FONT_SIZE));
  if (!right || !wrong) return expect.fail('two texts');
  const share = { right: 0, wrong: 0 };
  await expect
    .poll(async () => {
      const picture = corner(await look(endpoint.phone, SHARP_AFTER), rect);
      share.right = found(right, picture);
      share.wrong = found(wrong, picture);
      return share.right;
    }, PATIENCE)
    .toBeGreaterThan(ALIKE);
  const [is, isNot] = [share.right, share.wrong].map(value => value.toFixed(3));
  process.stdout.write(`name found: ${is}; without its marks: ${isNot}\n`);
  expect(share.right).toBeGreaterThan(share.wrong + 0.2);
}

describe('a name with all marks of Vietnamese', () => {
  test('is written in a tile as FFmpeg writes it', async () => {
    rig = await Rig.start();
    const b = await twoHalls({ a: '160x90', b: '160x90' });
    await rig.layOut('grid');
    await waitFor('both', async () => (await rig.status()).canvases[0]?.shownIds.length === 2);
    const [tile] = rectanglesFor('grid', 2, CANVAS);
    await expectName(b, tile ?? expect.fail('no tile'));
  });

  test('is written in the large picture too where names are always wanted', async () => {
    rig = await Rig.start({ names: 'always' });
    const b = await twoHalls({ a: '160x90', b: '160x90' });
    await rig.layOut('full');
    await waitFor('both composed', async () => (await rig.status()).canvases.length === 2);
    await waitFor('it shown', async () => (await rig.showing('b')) === 'a');
    await expectName(b, { x: 0, y: 0, ...CANVAS });
  });
});

describe('a message for everybody', () => {
  const TEXT = 'Nghỉ giải lao — mười lăm phút';
  const BAND_FONT_SIZE = 40;

  test('stands across a picture that was passed on before, and goes again', async () => {
    rig = await Rig.start();
    const b = await twoHalls({ a: '160x90', b: '160x90' });
    await rig.layOut('full');
    await waitFor('it passed on', async () => (await rig.showing('b')) === 'a');
    await rig.say(TEXT);
    const text = lettering(TEXT, BAND_FONT_SIZE);
    const band = { x: 320, y: 0, width: 640, height: 60 };
    const share = async ({ phone }: TestEndpoint) => {
      const seen = await look(phone, SHARP_AFTER);
      return found(text, { ...band, points: brightness(seen, band) });
    };
    await expect.poll(() => share(b), PATIENCE).toBeGreaterThan(ALIKE);
    await rig.say('');
    await waitFor('it passed on again', async () => (await rig.status()).canvases.length === 0);
  });
});

describe('a picture of another shape than its tile', () => {
  const [left, right] = rectanglesFor('grid', 2, CANVAS);
  if (!left || !right) throw new Error('two tiles');

  /** Columns of colour in the middle row of a tile, as a share of its width. */
  function share(seen: DecodedPicture, tile: NonNullable<typeof left>, colour: string): number {
    const y = tile.y + tile.height / 2;
    const columns = Array.from({ length: tile.width }, (_, index) => tile.x + index);
    return columns.filter(x => lookAt(seen, x, y, 1) === colour).length / tile.width;
  }

  test('has bars beside it, as the shape of its pixels wants', async () => {
    rig = await Rig.start();
    const [a, b] = [await rig.addEndpoint('a'), await rig.addEndpoint('b')];
    const cif = { size: '352x288', look: 'clean' } as const;
    a.phone.play(colourClip('red', cif), asEndpoint);
    b.phone.play(colourClip('blue', { ...cif, pixelAspect: '0' }), asEndpoint);
    await rig.layOut('grid');
    await waitFor('both', async () => (await rig.status()).canvases[0]?.shownIds.length === 2);
    let seen = await look(b.phone);
    const both = async () => {
      seen = await look(b.phone);
      return centres(seen, [left, right]);
    };
    await expect.poll(both, { timeout: 20_000 }).toEqual(['red', 'blue']);
    for (const { x, y, width, height } of [left, right]) {
      expect(lookAt(seen, x + 10, y + height / 2)).toBe('black');
      expect(lookAt(seen, x + width - 10, y + height / 2)).toBe('black');
    }
    const tileShape = left.width / left.height;
    expect(share(seen, left, 'red')).toBeCloseTo(352 / 288 / tileShape, 1); // square, it says
    expect(share(seen, right, 'blue')).toBeCloseTo(4 / 3 / tileShape, 1); // it says nothing
    expect(share(seen, right, 'blue')).toBeGreaterThan(share(seen, left, 'red') + 0.04);
  });
});
