import { expect, test } from 'vitest';
import { feedWish } from '../../../../src/stage/scene/director.ts';

type Camera = Parameters<typeof feedWish>[0];

const SITE = {
  id: 'old',
  name: 'Xã An Hòa',
  kind: 'site',
  muted: false,
  handRaised: false,
} as const;
const LAPTOP = {
  id: 'laptop',
  name: 'Lan',
  kind: 'browser',
  muted: false,
  handRaised: false,
} as const;

function camera(
  codec: string,
  size: { width: number; height: number } | undefined,
  isConnected = true,
): Camera {
  return {
    ...{ id: 'old', name: 'Xã An Hòa', terms: { codec } as Camera['terms'] },
    feed: { isConnected },
    source: { stream: { size } },
  };
}
const CIF = { width: 352, height: 288 };

test('a camera of H.263 is made into H.264 of square pixels for browsers', () => {
  const wish = feedWish(camera('h263', CIF), { people: [SITE, LAPTOP] });
  expect(wish?.group).toMatchObject({ codec: 'h264', width: 384, height: 288, fps: 25 });
  expect(wish?.paintingIn(wish.group).tiles).toMatchObject([{ sourceId: 'old', labelled: false }]);
});

test('once a second while no browser is there', () => {
  const wish = feedWish(camera('h261', CIF), { people: [SITE] });
  expect(wish?.group).toMatchObject({ width: 384, fps: 1, bitrateBps: 64_000 });
});

test.each([
  ['browsers decode it', camera('h264', CIF)],
  ['nobody takes it', camera('h263', CIF, false)],
  ['nothing came of it yet', camera('h263', undefined)],
])('not at all where %s', (_, one) => {
  expect(feedWish(one, { people: [LAPTOP] })).toBeUndefined();
});
