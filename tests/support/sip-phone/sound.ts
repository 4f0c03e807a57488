/** PCMA pieces of 20 ms, ITU-T G.711: what a microphone in a quiet hall gives, or somebody speaking. */
const PIECES = 250;
const SAMPLES_PER_PIECE = 160;
const SAMPLE_RATE_HZ = 8000;
const QUIET_PEAK = 0.001;
const SPEECH_PEAK = 0.3;
/** The tone of `speech`. */
export const SPEECH_HZ = 440;
const SYLLABLE_HZ = 4;

/** A hall in which nobody speaks. */
export function quietHall(): Buffer[] {
  return pieces(() => (Math.random() * 2 - 1) * QUIET_PEAK);
}

/** A tone that swells and fades like syllables. */
export function speech(): Buffer[] {
  return pieces(sec => {
    const swell = (1 + Math.sin(2 * Math.PI * SYLLABLE_HZ * sec)) / 2;
    return Math.sin(2 * Math.PI * SPEECH_HZ * sec) * swell * SPEECH_PEAK;
  });
}

/** A tone for the first fifth of a second, this often; five seconds must hold it evenly. */
export function beeps(everySec: number): Buffer[] {
  return pieces(sec =>
    sec % everySec < 0.2 ? Math.sin(2 * Math.PI * SPEECH_HZ * sec) * SPEECH_PEAK : 0,
  );
}

/** Loudest of a piece, 0 to 1. */
export function peakOf(piece: Buffer): number {
  return Math.max(...piece.map(linear)) / 4096;
}

/** Magnitude of one sample, 0 to 4095; ITU-T G.711 table 1. */
function linear(code: number): number {
  const bits = (code ^ 0x55) & 0x7f;
  const exponent = bits >> 4;
  const mantissa = ((bits & 0x0f) << 1) + 1;
  return exponent === 0 ? mantissa : (mantissa + 32) << (exponent - 1);
}

function pieces(sampleAt: (sec: number) => number): Buffer[] {
  return Array.from({ length: PIECES }, (_, piece) =>
    Buffer.from(
      Array.from({ length: SAMPLES_PER_PIECE }, (_unused, index) =>
        aLaw(sampleAt((piece * SAMPLES_PER_PIECE + index) / SAMPLE_RATE_HZ)),
      ),
    ),
  );
}

/** One sample between −1 and 1; ITU-T G.711 table 1, even bits inverted. */
function aLaw(sample: number): number {
  const sign = sample >= 0 ? 0x80 : 0;
  const magnitude = Math.min(4095, Math.trunc(Math.abs(sample) * 4096));
  const exponent = magnitude < 32 ? 0 : Math.trunc(Math.log2(magnitude)) - 4;
  const mantissa = exponent === 0 ? magnitude >> 1 : (magnitude >> exponent) & 0x0f;
  return (sign | (exponent << 4) | (mantissa & 0x0f)) ^ 0x55;
}
