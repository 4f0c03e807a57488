import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Decoder } from '../../../../src/stage/compose/decoder.ts';
import { quietFfmpeg } from '../../../../src/stage/compose/ffmpeg.ts';
import { encodeSlate, type Slate } from '../../../../src/stage/encode/slate.ts';

const START_CODE = Buffer.from([0, 0, 0, 1]);
let slate: Slate;
let decoder: Decoder;
let asked = 0;

beforeAll(async () => {
  slate = await encodeSlate({ title: 'x', lines: [] }, { width: 176, height: 144, level: '1' });
  quietFfmpeg(false);
});
afterEach(() => decoder.close());

function aDecoder(): Decoder {
  asked = 0;
  decoder = new Decoder('h264', {
    onBroken: () => {
      asked += 1;
    },
  });
  return decoder;
}

interface Of {
  /** Taken from the network. */
  readonly takenMs: number;
  readonly nowMs?: number;
  readonly isWhole?: boolean;
  readonly followsLoss?: boolean;
}

/** Gives the slate's key frame, or one that builds on it; tells whether it is shown. */
function give(kind: 'key' | 'next', of: Of): boolean {
  const { takenMs, nowMs = takenMs, isWhole = true, followsLoss = false } = of;
  const nals = slate.pictures[kind === 'key' ? 0 : 1] ?? [];
  const data = new Uint8Array(Buffer.concat(nals.flatMap(nal => [START_CODE, nal])));
  const before = decoder.sequence;
  const about = { isKeyframe: kind === 'key', isWhole, followsLoss, takenAtMs: takenMs };
  decoder.decode({ data, ...about }, nowMs);
  return decoder.sequence !== before;
}

describe('decoding', () => {
  test('begins with a key frame, and asks for it', () => {
    aDecoder();
    expect(give('next', { takenMs: 0 })).toBe(false);
    expect([decoder.picture, asked]).toEqual([undefined, 1]);
    expect(give('key', { takenMs: 40 })).toBe(true);
    expect(give('next', { takenMs: 80 })).toBe(true);
    expect(decoder.pictureAtMs).toBe(80);
    expect([decoder.picture?.width, decoder.picture?.height]).toEqual([176, 144]);
    expect(asked).toBe(1);
  });

  test('of what has gaps stands still until a key frame comes, but not for ever', () => {
    aDecoder();
    give('key', { takenMs: 0 });
    expect(give('next', { takenMs: 40, isWhole: false })).toBe(false);
    expect(asked).toBe(1);
    expect(give('next', { takenMs: 80 })).toBe(false);
    expect(give('key', { takenMs: 120 })).toBe(true);
    give('next', { takenMs: 160, isWhole: false });
    expect(give('next', { takenMs: 1_000 })).toBe(false);
    expect(give('next', { takenMs: 1_700 })).toBe(true);
  });

  test('stands still as well when whole pictures were lost before one that came whole', () => {
    aDecoder();
    give('key', { takenMs: 0 });
    expect(give('next', { takenMs: 80, followsLoss: true })).toBe(false);
    expect(asked).toBe(1);
    expect(give('key', { takenMs: 120, followsLoss: true })).toBe(true);
    expect(give('next', { takenMs: 160 })).toBe(true);
  });

  test('leaves out what waited for too long, and what builds on it', () => {
    aDecoder();
    give('key', { takenMs: 0 });
    expect(give('next', { takenMs: 40, nowMs: 1_000 })).toBe(false);
    expect(asked).toBe(1);
    expect(give('next', { takenMs: 1_000 })).toBe(false);
    expect(give('key', { takenMs: 1_040, nowMs: 2_000 })).toBe(false);
    expect(give('key', { takenMs: 2_000 })).toBe(true);
    expect(give('next', { takenMs: 2_040 })).toBe(true);
  });

  test('of anything ends nothing', () => {
    aDecoder();
    const data = new Uint8Array(500).map((_, index) => (index * 37) & 0xff);
    for (const isKeyframe of [true, false, true])
      decoder.decode({ data, isKeyframe, isWhole: true, followsLoss: false, takenAtMs: 0 }, 0);
    expect(decoder.picture).toBeUndefined();
    expect(asked).toBeGreaterThan(0);
    expect(give('key', { takenMs: 10 })).toBe(true);
  });

  test('elsewhere gives the same pictures in the same order, and ends when it is over', async () => {
    const shown: number[] = [];
    let told: () => void = () => undefined;
    decoder = new Decoder('h264', {
      onBroken: () => undefined,
      onPicture: () => {
        shown.push(decoder.sequence);
        told();
      },
    });
    const seen = (count: number) =>
      new Promise<void>(resolve => {
        told = () => shown.length >= count && resolve();
        told();
      });
    decoder.isElsewhere = true;
    const nowMs = Date.now();
    expect(give('key', { takenMs: nowMs })).toBe(false);
    give('next', { takenMs: nowMs });
    decoder.isElsewhere = false;
    give('key', { takenMs: nowMs }); // waits for those before it, though it could be decoded at once
    expect(shown).toEqual([]);
    await seen(3);
    expect(shown).toEqual(shown.toSorted((a, b) => a - b));
    expect(decoder.look).toMatchObject({ width: 176, height: 144 });
    await Promise.resolve();
    await new Promise(setImmediate);
    expect(give('next', { takenMs: nowMs })).toBe(true);
    decoder.isElsewhere = true;
    give('next', { takenMs: nowMs });
    give('next', { takenMs: nowMs });
    await decoder.close();
    expect(shown).toHaveLength(4);
    aDecoder();
  });
});
