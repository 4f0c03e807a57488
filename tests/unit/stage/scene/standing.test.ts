import { describe, expect, test } from 'vitest';
import { type Matters, Standing } from '../../../../src/stage/scene/standing.ts';

type Receiver = Matters['endpoints'][number];

const TERMS = {
  payloadType: 107,
  codec: 'h264',
  sends: true,
  receives: true,
  keyframe: 'pli',
  feedback: { nack: false, tmmbr: false },
  limits: {
    packetizationMode: 1,
    profileLevelId: '42e01f',
    maxFs: 3_600,
    maxMbps: 108_000,
    maxBitrateBps: 1_500_000,
  },
} as const;

const settled = { isSettled: true } as Receiver['picture'];
const waiting = { isSettled: false } as Receiver['picture'];

const RECEIVER: Receiver = {
  id: 'an-hoa',
  receives: true,
  terms: TERMS,
  rate: { maxBitrateBps: 1_500_000, reason: 'negotiated' },
  picture: settled,
  source: { codec: 'h264', stream: { size: { width: 640, height: 360 } } },
  feed: { isConnected: true },
};

const FACTS: Matters['facts'] = {
  title: 'Giao ban',
  people: [{ id: 'an-hoa', name: 'Xã An Hòa', kind: 'site', muted: false, handRaised: false }],
  pictures: new Map([['an-hoa', { isLive: true, content: false, name: 'Xã An Hòa' }]]),
  speakerIds: ['an-hoa'],
  poorIds: new Set(),
  layout: 'auto',
};

/** As it is made anew each time. */
function matters(of: Partial<Matters> = {}): Matters {
  return {
    facts: structuredClone(FACTS),
    endpoints: [{ ...RECEIVER }],
    composedFeeds: [{ id: 'vp8', feed: { isConnected: true } }],
    allowance: { names: 'composed', pictures: { maxHeight: 720, maxFps: 25 }, mayOpenCanvas: true },
    slate: WORDS,
    isChanging: false,
    ...of,
  };
}
const WORDS = { title: 'Giao ban', lines: ['Waiting'] };
const ofReceiver = (changed: Partial<Receiver>) =>
  matters({ endpoints: [{ ...RECEIVER, ...changed }] });
const ofFacts = (changed: Partial<Matters['facts']>) =>
  matters({ facts: { ...FACTS, ...changed } });

const floorLine = (clock: string) => ({
  text: 'Đang phát biểu: Xã An Hòa',
  time: { label: 'còn', clock, isOver: false },
});

describe('who is shown what', () => {
  test('is found out with each second of the floor, not in between', () => {
    const standing = new Standing();
    const at = (clock: string, atMs: number) =>
      standing.isNew(ofFacts({ floorLine: floorLine(clock) }), atMs);
    expect([at('03:00', 0), at('03:00', 300), at('02:59', 600), at('02:59', 700)]).toEqual([
      ...[true, false],
      ...[true, false],
    ]);
  });

  test('is found out at first, and then only once a second', () => {
    const standing = new Standing();
    const found = [0, 100, 900, 1_000, 1_100].map(atMs => standing.isNew(matters(), atMs));
    expect(found).toEqual([true, false, false, true, false]);
  });

  test('is found out as long as somebody waits for a picture', () => {
    const standing = new Standing();
    standing.isNew(matters(), 0);
    expect(standing.isNew(ofReceiver({ picture: waiting }), 100)).toBe(true);
    expect(standing.isNew(ofReceiver({ picture: waiting }), 200)).toBe(true);
    expect(standing.isNew(ofReceiver({ picture: waiting, receives: false }), 300)).toBe(true);
    expect(standing.isNew(ofReceiver({ picture: waiting, receives: false }), 400)).toBe(false);
  });

  test.each<[string, Matters]>([
    ['somebody else speaks', ofFacts({ speakerIds: [] })],
    ['somebody has a poor line', ofFacts({ poorIds: new Set(['an-hoa']) })],
    ['another layout is wanted', ofFacts({ layout: 'grid' })],
    ['fewer tiles are wanted', ofFacts({ gridSize: 4 })],
    ['somebody is pinned', ofFacts({ pinnedId: 'an-hoa' })],
    ['HQ is another', ofFacts({ hqId: 'an-hoa' })],
    ['somebody comes', ofFacts({ people: [...FACTS.people, ...FACTS.people] })],
    [
      'a camera dies',
      ofFacts({ pictures: new Map([['an-hoa', { isLive: false, content: false, name: 'x' }]]) }),
    ],
    [
      'somebody is renamed',
      ofFacts({
        people: [{ id: 'an-hoa', name: 'x', kind: 'site', muted: false, handRaised: false }],
      }),
    ],
    [
      'somebody is muted',
      ofFacts({
        people: [{ id: 'an-hoa', name: 'Xã An Hòa', kind: 'site', muted: true, handRaised: false }],
      }),
    ],
    [
      'somebody raises the hand',
      ofFacts({ people: FACTS.people.map(person => ({ ...person, handRaised: true })) }),
    ],
    ['a call was renegotiated', ofReceiver({ terms: { ...TERMS } })],
    ['a line got narrow', ofReceiver({ rate: { maxBitrateBps: 256_000, reason: 'loss' } })],
    [
      'a camera has another size',
      ofReceiver({ source: { codec: 'h264', stream: { size: { width: 1280, height: 720 } } } }),
    ],
    ['a feed is subscribed to', ofReceiver({ feed: { isConnected: false } })],
    ['nobody is shown anything', matters({ endpoints: [] })],
    ['the composed feed is gone', matters({ composedFeeds: [] })],
    [
      'the machine has less room',
      matters({
        allowance: {
          names: 'composed',
          pictures: { maxHeight: 448, maxFps: 25 },
          mayOpenCanvas: true,
        },
      }),
    ],
    ['a message is written', ofFacts({ message: 'Nghỉ giải lao' })],
    ['somebody has the floor', ofFacts({ floorLine: floorLine('03:00') })],
    ['slates say something else', matters({ slate: { title: 'Họp', lines: WORDS.lines } })],
  ])('is found out at once when %s', (_, changed) => {
    const standing = new Standing();
    standing.isNew(matters(), 0);
    expect(standing.isNew(changed, 100)).toBe(true);
    expect(standing.isNew(changed, 200)).toBe(false);
  });

  test('is found out again while something goes on that nobody wants', () => {
    const standing = new Standing();
    for (const atMs of [0, 100, 200])
      expect(standing.isNew(matters({ isChanging: true }), atMs)).toBe(true);
    expect(standing.isNew(matters(), 300)).toBe(false);
  });
});
