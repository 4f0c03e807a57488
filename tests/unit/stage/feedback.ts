import { bitrateWord } from '../../../src/stage/rtp/rtcp-feedback.ts';

/** An RTCP feedback packet as an endpoint writes it; RFC 4585 §6.1. */
function feedback(type: number, format: number, ssrcs: readonly [number, number], fci: Buffer) {
  const data = Buffer.alloc(12 + fci.length);
  data[0] = 0x80 | format;
  data[1] = type;
  data.writeUInt16BE(data.length / 4 - 1, 2);
  data.writeUInt32BE(ssrcs[0], 4);
  data.writeUInt32BE(ssrcs[1], 8);
  fci.copy(data, 12);
  return data;
}

function words(...values: readonly number[]): Buffer {
  const data = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) data.writeUInt32BE(value >>> 0, index * 4);
  return data;
}

/** Entries are a number and the mask of the sixteen after it. */
export function aNack(mediaSsrc: number, ...entries: readonly (readonly [number, number])[]) {
  const fci = words(...entries.map(([pid, mask]) => pid * 0x10000 + mask));
  return feedback(205, 1, [0xee, mediaSsrc], fci);
}

/** Entries are the stream that is asked of, bit rate and overhead. */
export function aTmmbr(...entries: readonly (readonly [number, number, number])[]) {
  const fci = entries.flatMap(([ssrc, bitrateBps, overheadBytes]) => [
    ssrc,
    bitrateWord(bitrateBps, overheadBytes),
  ]);
  return feedback(205, 3, [0xee, 0], words(...fci));
}

/** @param word exponent and mantissa, 24 bits */
export function aRemb(word: number, ...ssrcs: readonly number[]) {
  const name = 0x52454d42;
  return feedback(206, 15, [0xee, 0], words(name, ssrcs.length * 2 ** 24 + word, ...ssrcs));
}

/** Full intra request with any number of entries. */
export function aFir(...ssrcs: readonly number[]) {
  return feedback(206, 4, [0xee, 0x77], words(...ssrcs.flatMap(ssrc => [ssrc, 0x01000000])));
}
