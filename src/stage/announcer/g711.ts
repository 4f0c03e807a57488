/** G.711 coders, 16-bit samples in; ITU-T G.711 Tables 1 and 2. */

export type G711 = 'pcma' | 'pcmu';

/** What silence is on the wire: the code of sample 0. */
export const SILENCE: Record<G711, number> = { pcma: 0xd5, pcmu: 0xff };

/** @param pcm 16-bit little-endian samples, 8 kHz, one channel */
export function encodeG711(codec: G711, pcm: Buffer): Buffer {
  const encode = codec === 'pcma' ? alaw : mulaw;
  const out = Buffer.allocUnsafe(pcm.length >> 1);
  for (let i = 0; i < out.length; i++) out[i] = encode(pcm.readInt16LE(i * 2));
  return out;
}

/** 13 bits: sign, three of segment, four of the step in it; even bits inverted. */
function alaw(sample: number): number {
  const isNegative = sample < 0;
  const magnitude = Math.min((isNegative ? ~sample : sample) >> 3, 0xfff);
  const segment = Math.max(0, 27 - Math.clz32(magnitude));
  const step = (segment < 2 ? magnitude >> 1 : magnitude >> segment) & 0x0f;
  return ((isNegative ? 0 : 0x80) | (segment << 4) | step) ^ 0x55;
}

const MU_BIAS = 0x84;
const MU_CLIP = 0x7fff - MU_BIAS;

/** 14 bits with a bias of 33 steps; all bits inverted. */
function mulaw(sample: number): number {
  const isNegative = sample < 0;
  const magnitude = Math.min(Math.abs(sample), MU_CLIP) + MU_BIAS;
  const segment = 24 - Math.clz32(magnitude);
  const step = (magnitude >> (segment + 3)) & 0x0f;
  return ~((isNegative ? 0x80 : 0) | (segment << 4) | step) & 0xff;
}
