import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RtpPacket } from '../../../src/stage/rtp/packet.ts';
import { waitFor } from '../../support/wait-for.ts';
import { coloursOf, firstPicture } from './decode.ts';
import { Rig, SCENE, TERMS } from './rig.ts';

const MTU_PAYLOAD_BYTES = 1_200;
const MACROBLOCKS_OF_CIF = 396;
/** Brightness that only letters have. */
const BRIGHT = 120;
const [WIDTH, HEIGHT] = [640, 360];
let rig: Rig;

beforeEach(async () => {
  rig = await Rig.start();
});
afterEach(() => rig.close());

/** Bright points in a band of rows, as shares of the height. */
function ink(picture: Buffer, from: number, to: number): number {
  const rows = picture.subarray(Math.round(from * HEIGHT) * WIDTH, Math.round(to * HEIGHT) * WIDTH);
  return rows.filter(value => value > BRIGHT).length;
}

async function slateOf(id: string, over: Partial<typeof TERMS> = {}): Promise<RtpPacket[]> {
  const { phone } = await rig.addEndpoint(id, over);
  await waitFor('the slate twice', () => phone.received.filter(p => p.marker).length > 7);
  return phone.received;
}

test('decodes, and shows the title above and the words of waiting below', async () => {
  const packets = await slateOf('a');
  const { colours, complaints } = await coloursOf(packets);
  expect(complaints).toEqual([]);
  expect(colours.length).toBeGreaterThan(5);
  const picture = await firstPicture(packets, WIDTH, HEIGHT);
  expect(ink(picture, 0.25, 0.5)).toBeGreaterThan(500);
  expect(ink(picture, 0.52, 0.6)).toBeGreaterThan(200);
  expect(ink(picture, 0.61, 0.7)).toBeGreaterThan(100);
  expect(ink(picture, 0, 0.2) + ink(picture, 0.75, 1)).toBe(0);
});

test('says what the conference is called now', async () => {
  const { phone } = await rig.addEndpoint('a');
  await waitFor('the slate', () => phone.received.length > 20);
  const before = await firstPicture(phone.received, WIDTH, HEIGHT);
  await rig.client.request('scene.open', { sceneId: SCENE, title: 'ii' });
  await waitFor('a slate with less ink', async () => {
    const isStart = (packet: RtpPacket) => ((packet.payload[0] ?? 0) & 0x1f) === 7;
    const newest = phone.received.slice(phone.received.findLastIndex(isStart));
    const picture = await firstPicture(newest, WIDTH, HEIGHT);
    return picture.length > 0 && ink(picture, 0.25, 0.5) < ink(before, 0.25, 0.5) / 2;
  });
});

test('fits an old decoder: CIF, single NAL units that are never too long', async () => {
  const limits = { ...TERMS.limits, packetizationMode: 0 as const, maxFs: MACROBLOCKS_OF_CIF };
  const packets = await slateOf('a', { limits });
  for (const { payload } of packets) {
    expect(payload.length).toBeLessThanOrEqual(MTU_PAYLOAD_BYTES);
    expect((payload[0] ?? 0) & 0x1f).toBeLessThan(24);
  }
  const sps = packets.find(packet => ((packet.payload[0] ?? 0) & 0x1f) === 7)?.payload;
  expect(sps?.subarray(1, 4).toString('hex')).toBe('42c00b'); // constrained baseline, level 1.1
  expect((await coloursOf(packets)).complaints).toEqual([]);
});

test.each([
  ["quotes ' and colons : and back\\slashes"],
  ['%{localtime} %{e:1+1} [in];drawbox'],
  [''],
  ['⟨𝔘𝔫𝔦𝔠𝔬𝔡𝔢⟩ 🏛 \u0000 \ud800'],
])('stands whatever the title is: %s', async title => {
  await rig.client.request('scene.open', { sceneId: SCENE, title });
  expect((await coloursOf(await slateOf('a'))).complaints).toEqual([]);
});
