import { beforeEach, describe, expect, it } from 'vitest';
import { DigitReader } from '../../../../src/stage/meter/digits.ts';

const EVENTS = 101;
const SSRC = 7;

/** One packet of a key, RFC 4733 §2.3. */
const packet = (event: number, timestamp: number, durationUnits: number, ended = false) => {
  const payload = Buffer.from([event, ended ? 0x8a : 0x0a, 0, 0]);
  payload.writeUInt16BE(durationUnits, 2);
  return { payloadType: EVENTS, ssrc: SSRC, timestamp: timestamp >>> 0, payload };
};

describe('keys in telephone events', () => {
  let heard: string[];
  let reader: DigitReader;
  beforeEach(() => {
    heard = [];
    reader = new DigitReader(EVENTS, digit => heard.push(digit));
  });
  const press = (event: number, timestamp: number) => {
    for (const units of [160, 320, 480]) reader.read(packet(event, timestamp, units));
    for (let i = 0; i < 3; i++) reader.read(packet(event, timestamp, 640, true));
  };

  it('a key is told once, however often its packets repeat', () => {
    press(5, 1000);
    expect(heard).toEqual(['5']);
  });

  it('the same key twice is two keys, and each of the sixteen has its name', () => {
    press(5, 1000);
    press(5, 4000);
    for (let event = 0; event < 17; event++) press(event, 8000 + event * 2000);
    expect(heard.join('')).toBe('550123456789*#ABCD');
  });

  it('is told by any one of its packets when the others are lost', () => {
    reader.read(packet(1, 1000, 640, true));
    reader.read(packet(2, 3000, 160));
    expect(heard).toEqual(['1', '2']);
  });

  it('a packet that was overtaken by the next key says nothing', () => {
    reader.read(packet(1, 1000, 160));
    reader.read(packet(2, 3000, 160));
    reader.read(packet(1, 1000, 640, true));
    expect(heard).toEqual(['1', '2']);
  });

  it('goes on when timestamps begin anew at zero', () => {
    press(1, 0xffff_ff00);
    press(2, 0x0000_0100);
    expect(heard).toEqual(['1', '2']);
  });

  it('a key held for longer than a segment lasts is one key', () => {
    reader.read(packet(9, 1000, 0xffa0));
    reader.read(packet(9, 1000 + 0xffa0, 160));
    reader.read(packet(9, 1000 + 0xffa0, 320, true));
    expect(heard).toEqual(['9']);
  });

  it('a new stream begins anew', () => {
    press(1, 50_000);
    reader.read({ ...packet(2, 10, 160), ssrc: 8 });
    expect(heard).toEqual(['1', '2']);
  });

  it('sound is left to others, and a cut event is no sound', () => {
    const cut = { ...packet(1, 1, 1), payload: Buffer.from([1]) };
    expect(reader.read({ ...cut, payloadType: 8 })).toBe(false);
    expect(reader.read(cut)).toBe(true);
    expect(heard).toEqual([]);
  });
});
