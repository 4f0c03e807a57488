import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { createLevelMeter, type MeteredCodec } from '../../../../src/stage/meter/levels.ts';
import { TalkDetector } from '../../../../src/stage/meter/talk-detector.ts';

function detect(...phases: [seconds: number, levelDbov: number][]): boolean[] {
  const changes: boolean[] = [];
  const detector = new TalkDetector(talking => changes.push(talking));
  for (const [seconds, level] of phases)
    for (let packet = 0; packet < seconds * 50; packet++) detector.packet(level);
  return changes;
}

describe('talk detector', () => {
  it.each<[string, [number, number][], boolean[]]>([
    ['silence is not talk', [[10, -127]], []],
    [
      'a voice begins and ends',
      [
        [2, -60],
        [3, -25],
        [3, -60],
      ],
      [true, false],
    ],
    [
      'a click is not talk',
      [
        [2, -60],
        [0.06, -10],
        [2, -60],
      ],
      [],
    ],
    ['steady noise of a fan is not talk', [[10, -46]], []],
    [
      'a voice over a fan is',
      [
        [5, -46],
        [2, -25],
      ],
      [true],
    ],
    [
      'a pause between words does not end it',
      [
        [1, -60],
        [1, -25],
        [0.5, -60],
        [1, -25],
      ],
      [true],
    ],
    ['a loud tone stays talk however long', [[60, -15]], [true]],
  ])('%s', (_, phases, changes) => expect(detect(...phases)).toEqual(changes));

  it('nothing sent at all ends it', () => {
    const changes: boolean[] = [];
    const detector = new TalkDetector(talking => changes.push(talking));
    for (let packet = 0; packet < 50; packet++) detector.packet(-20);
    detector.quiet(1000);
    expect(changes).toEqual([true, false]);
  });
});

/** 20 ms packets of a sine at a level, encoded by ffmpeg. */
function encoded(codec: MeteredCodec, levelDb: number): Buffer[] {
  const amplitude = 10 ** (levelDb / 20);
  const rate = codec === 'g722' ? 16_000 : 8000;
  const encoder = { pcma: 'pcm_alaw', pcmu: 'pcm_mulaw', g722: 'g722', opus: '' }[codec];
  const format = { pcma: 'alaw', pcmu: 'mulaw', g722: 'g722', opus: '' }[codec];
  const source = `aevalsrc=${amplitude}*sin(2*PI*440*t):s=${rate}:d=1`;
  const args = ['-v', 'error', '-f', 'lavfi', '-i', source, '-c:a', encoder, '-f', format, '-'];
  const stream = execFileSync('ffmpeg', args);
  return Array.from({ length: 45 }, (_, i) => stream.subarray(i * 160, (i + 1) * 160));
}

describe('levels', () => {
  it.each<[MeteredCodec, number]>([
    ['pcma', -10],
    ['pcma', -40],
    ['pcmu', -10],
    ['pcmu', -40],
    ['g722', -10],
    ['g722', -40],
  ])('a sine in %s at %d dB measures as such', (codec, levelDb) => {
    const meter = createLevelMeter(codec);
    const levels = encoded(codec, levelDb).map(packet => meter.level(packet));
    meter.close();
    meter.close();
    expect(levels.at(-1)).toBeGreaterThan(levelDb - 2);
    expect(levels.at(-1)).toBeLessThan(levelDb + 2);
  });

  it('garbage is silence, not a crash', () => {
    const meter = createLevelMeter('opus');
    for (const length of [1, 3, 50, 400]) meter.level(Buffer.alloc(length, 0xa5));
    meter.close();
  });
});
