import { expect, test } from 'vitest';
import { encodeG711, SILENCE } from '../../../../src/stage/announcer/g711.ts';
import { createLevelMeter } from '../../../../src/stage/meter/levels.ts';

const pcm = (...samples: number[]) => {
  const data = Buffer.alloc(samples.length * 2);
  for (const [i, sample] of samples.entries()) data.writeInt16LE(sample, i * 2);
  return data;
};

test.each([
  ['pcma', [0xd5, 0xaa, 0x2a]],
  ['pcmu', [0xff, 0x80, 0x00]],
] as const)('%s has the standard’s codes for silence and the loudest', (codec, codes) => {
  expect([...encodeG711(codec, pcm(0, 32_767, -32_768))]).toEqual(codes);
  expect(SILENCE[codec]).toBe(codes[0]);
});

test.each(['pcma', 'pcmu'] as const)('%s keeps a tone’s level over 40 dB', codec => {
  const meter = createLevelMeter(codec);
  for (const amplitude of [30_000, 3000, 300]) {
    const tone = Array.from({ length: 800 }, (_, i) =>
      Math.round(amplitude * Math.sin((2 * Math.PI * 440 * i) / 8000)),
    );
    const expectedDbov = 20 * Math.log10(amplitude / 32_768);
    expect(meter.level(encodeG711(codec, pcm(...tone)))).toBeCloseTo(expectedDbov, 0);
  }
});
