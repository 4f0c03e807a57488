import { expect, test } from 'vitest';
import { buildRtp } from '../../../../src/stage/rtp/packet.ts';
import { Source } from '../../../../src/stage/scene/source.ts';
import { aPacket, NON_IDR } from '../builders.ts';

const START_MS = 1_700_000_000_000;
const nothing = () => undefined;

/** A camera that sends so many packets of 100 bytes in each second. */
function aCamera() {
  const source = new Source({
    id: 'a',
    codec: 'h264',
    keyframeRate: { minIntervalMs: () => 500, burstAllowed: () => false },
    askForKeyframe: () => true,
    onKeyframeRequest: nothing,
    onReception: nothing,
  });
  const payload = Buffer.concat([NON_IDR, Buffer.alloc(100 - NON_IDR.length)]);
  let seq = 0;
  let atMs = START_MS;
  source.tick(atMs);
  const second = (pictures: number, packetsEach = 1) => {
    for (let picture = 0; picture < pictures; picture += 1)
      for (let part = 0; part < packetsEach; part += 1, seq += 1) {
        const timestamp = ((atMs - START_MS) * 90 + picture * 3_000) % 2 ** 32;
        source.onRtp(buildRtp(aPacket({ seq, timestamp, payload })));
      }
    atMs += 1_000;
    source.tick(atMs);
  };
  return { source, second };
}

test('a camera’s pictures and bits are counted each second, whatever the clock says', () => {
  const { source, second } = aCamera();
  expect([source.fps, source.bitrateBps, source.meanBitrateBps]).toEqual([0, 0, 0]);
  second(25, 2);
  expect([source.fps, source.bitrateBps, source.meanBitrateBps]).toEqual([25, 40_000, 40_000]);
});

test('a second with a key frame counts for a part of the mean, and for nothing later', () => {
  const { source, second } = aCamera();
  for (let n = 0; n < 3; n += 1) second(25, 2);
  second(25, 6);
  expect([source.bitrateBps, source.meanBitrateBps]).toEqual([120_000, 60_000]);
  for (let n = 0; n < 4; n += 1) second(25, 2);
  expect(source.meanBitrateBps).toBe(40_000);
});
