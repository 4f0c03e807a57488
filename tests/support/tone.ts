import { readFileSync } from 'node:fs';

export interface Recording {
  readonly sampleRateHz: number;
  /** −1 to 1, one channel. */
  readonly samples: Float64Array;
}

/** What is heard in a recording. */
export interface ToneAnalysis {
  /** The strongest frequency, to within `stepHz`. */
  readonly frequencyHz: number;
  /** Share of the whole energy at that frequency, 0 to 1; a clean tone is near 1. */
  readonly purity: number;
  /** Root mean square, 0 to 1; silence is near 0. */
  readonly level: number;
}

const WINDOW_SEC = 0.5;
const STEP_HZ = 10;
const LOWEST_HZ = 200;
const HIGHEST_HZ = 3400;

/**
 * The tone at the end of a WAV file that may still be written to, by Goertzel's
 * algorithm over the last half second.
 * @throws Error when the file is too short
 */
export function analyseTone(wavFile: string): ToneAnalysis {
  return analyseSamples(readWav(wavFile));
}

/** The same for samples at hand. */
export function analyseSamples({ samples, sampleRateHz }: Recording): ToneAnalysis {
  const count = Math.round(sampleRateHz * WINDOW_SEC);
  if (samples.length < count) throw new Error(`only ${samples.length} samples recorded`);
  const window = samples.subarray(samples.length - count);
  const level = Math.sqrt(window.reduce((sum, value) => sum + value * value, 0) / count);
  let frequencyHz = LOWEST_HZ;
  let strongest = 0;
  for (let candidate = LOWEST_HZ; candidate <= HIGHEST_HZ; candidate += STEP_HZ) {
    const power = goertzel(window, candidate / sampleRateHz);
    if (power > strongest) [frequencyHz, strongest] = [candidate, power];
  }
  // A pure sine of amplitude A has the power (A·n/2)² and the level A/√2.
  const whole = (level * level * count * count) / 2;
  return { frequencyHz, purity: whole === 0 ? 0 : strongest / whole, level };
}

/** Energy of one frequency, as a fraction of the sampling rate, in the samples. */
export function goertzel(samples: Float64Array, frequency: number): number {
  const coefficient = 2 * Math.cos(2 * Math.PI * frequency);
  let before = 0;
  let last = 0;
  for (const sample of samples) [before, last] = [last, sample + coefficient * last - before];
  return last * last + before * before - coefficient * last * before;
}

/** First channel of a 16-bit PCM WAV file; sizes in its header may be unfinished. */
export function readWav(file: string): Recording {
  const content = readFileSync(file);
  if (content.toString('latin1', 0, 4) !== 'RIFF') throw new Error(`${file} is not a WAV file`);
  const format = chunkAt(content, 'fmt ');
  const data = chunkAt(content, 'data');
  const channels = content.readUInt16LE(format + 2);
  if (content.readUInt16LE(format + 14) !== 16) throw new Error(`${file} has not 16 bits`);
  const bytes = content.subarray(data);
  const samples = Float64Array.from(
    { length: Math.floor(bytes.length / (2 * channels)) },
    (_, index) => bytes.readInt16LE(index * 2 * channels) / 32_768,
  );
  return { sampleRateHz: content.readUInt32LE(format + 4), samples };
}

/** Where a chunk's content starts. */
function chunkAt(content: Buffer, name: string): number {
  let offset = 12;
  while (offset + 8 <= content.length) {
    if (content.toString('latin1', offset, offset + 4) === name) return offset + 8;
    const size = content.readUInt32LE(offset + 4);
    offset += 8 + size + (size % 2);
  }
  throw new Error(`no ${name.trim()} in the WAV file`);
}
