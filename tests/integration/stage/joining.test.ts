import { afterEach, beforeEach, expect, test } from 'vitest';
import { rectanglesFor } from '../../../src/stage/layout/rectangles.ts';
import type { ColourName } from '../../support/picture.ts';
import { waitFor } from '../../support/wait-for.ts';
import { colourClip } from './clip.ts';
import { coloursOf, withoutRepeats } from './decode.ts';
import { Rig, type TestEndpoint } from './rig.ts';
import { centres, look } from './seen.ts';
import { expectOneStream } from './streams.ts';

const MINUTE_MS = 60_000;
const CANVAS = { width: 1280, height: 720 };
const COLOURS: readonly ColourName[] = ['red', 'green', 'blue', 'yellow'];
const SENDERS = 24;
const asEndpoint = { ssrc: 0x1111, payloadType: 97, fps: 10 };

let rig: Rig;
beforeEach(async () => {
  rig = await Rig.start();
});
afterEach(() => rig.close());

async function hall(id: string, colour: ColourName): Promise<TestEndpoint> {
  const endpoint = await rig.addEndpoint(id);
  endpoint.phone.play(colourClip(colour, { size: '320x180' }), asEndpoint);
  return endpoint;
}

const large = async (receiver: TestEndpoint, id: string | null) =>
  waitFor(`${receiver.id} to see ${id}`, async () => (await rig.showing(receiver.id)) === id);

test('halls come, speak and leave, and each is sent one stream', {
  timeout: MINUTE_MS,
}, async () => {
  await rig.layOut('speaker');
  const a = await hall('a', 'red');
  const b = await hall('b', 'green');
  await large(a, 'b');
  await look(a.phone);
  const c = await hall('c', 'blue');
  await rig.speakers('c');
  await large(a, 'c');
  await look(a.phone);
  await rig.remove('b');
  const d = await hall('d', 'yellow');
  await rig.speakers('d', 'c');
  await large(a, 'd');
  await large(c, 'd');
  await look(a.phone);
  d.phone.stop(); // and says nothing of it
  await large(a, 'c');
  await look(a.phone);
  await rig.remove('c');
  await rig.remove('d');
  await large(a, null);
  await waitFor('the slate', () => a.phone.received.at(-1)?.marker);

  for (const { phone } of [a, b, c, d]) expectOneStream(phone.received, 97);
  for (const { feed } of [a, b, c, d]) expectOneStream(feed.received, 107);
  const { colours, complaints } = await coloursOf(a.phone.received);
  expect(complaints).toEqual([]);
  const seen = withoutRepeats(colours.filter(colour => colour !== 'black'));
  expect(seen).toEqual(['green', 'blue', 'yellow', 'blue']);
});

test(`${SENDERS} senders are all seen, and published`, { timeout: MINUTE_MS }, async () => {
  const viewer = await rig.addEndpoint('viewer');
  const senders: TestEndpoint[] = [];
  for (let index = 0; index < SENDERS; index += 1) {
    const sender = await rig.addEndpoint(`s${index}`, { receives: false });
    const clip = colourClip(COLOURS[(index * 7 + (index >> 2)) % 4] ?? 'red', { size: '160x90' });
    sender.phone.play(clip, { ...asEndpoint, ssrc: 1_000 + index });
    await rig.untilItSends(sender.id);
    senders.push(sender);
  }
  const colourOf = (id: string) => {
    const index = Number(id.slice(1));
    return COLOURS[(index * 7 + (index >> 2)) % 4];
  };
  const shown = async () => (await rig.status()).canvases[0]?.shownIds ?? [];

  await rig.layOut('grid');
  const grid = rectanglesFor('grid', SENDERS + 1, CANVAS);
  const inGrid = ['night', ...senders.map(({ id }) => colourOf(id))]; // the viewer came first
  await expect
    .poll(async () => centres(await look(viewer.phone, 1), grid), { timeout: 20_000 })
    .toEqual(inGrid);
  await expect.poll(async () => (await rig.status()).decoders).toBe(SENDERS);

  await rig.layOut('speaker');
  await rig.speakers('s17');
  await waitFor('the speaker', async () => (await shown())[0] === 's17');
  const ids = await shown();
  expect(ids).toHaveLength(8);
  const strip = rectanglesFor('speaker', ids.length, CANVAS);
  await expect
    .poll(async () => centres(await look(viewer.phone, 1), strip), { timeout: 20_000 })
    .toEqual(ids.map(colourOf));
  await waitFor('others not to be decoded', async () => (await rig.status()).decoders === 8);

  expectOneStream(viewer.phone.received, 97);
  for (const { feed } of senders) {
    expectOneStream(feed.received, 107);
    expect(feed.received.length).toBeGreaterThan(10);
  }
});
