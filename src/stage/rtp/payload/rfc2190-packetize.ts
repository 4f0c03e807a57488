import { type H263BasicModes, h263StartsIn, readH263Picture } from './h263-picture.ts';
import type { PacketizeOptions } from './packetize.ts';

/** A place where a picture may be cut. */
interface Cut {
  readonly bit: number;
  /** Undefined at a start code, which needs no more than mode A. */
  readonly macroblock: Macroblock | undefined;
}

/** State of the decoder before a macroblock, as mode B repeats it; RFC 2190 §5.2. */
interface Macroblock {
  readonly quantizer: number;
  readonly gob: number;
  readonly address: number;
  /** HMV1, VMV1, HMV2, VMV2: seven bits each. */
  readonly motion: readonly [number, number, number, number];
}

const MODE_A_BYTES = 4;
const MODE_B_BYTES = 8;

/**
 * As many whole GOBs as fit, in mode A; a larger one is cut between macroblocks, in
 * mode B, where they are known. Nothing comes of a picture whose header is none of
 * H.263 version 1: RFC 2190 has no words for it.
 */
export function packetizeRfc2190(picture: Buffer, options: PacketizeOptions): Buffer[] {
  const modes = readH263Picture(picture)?.basic;
  if (!modes) return [];
  const cuts = cutsOf(picture, options.macroblocks);
  const payloads: Buffer[] = [];
  for (let at = 0; at < cuts.length; ) {
    const next = nextCut(cuts, at, picture.length * 8, options.maxPayloadBytes);
    const from = cuts[at];
    const endBit = cuts[next]?.bit ?? picture.length * 8;
    if (from) payloads.push(payload(picture, from, endBit, modes));
    at = next;
  }
  return payloads;
}

/** All places in order; where a GOB starts, the macroblock there is of no interest. */
function cutsOf(picture: Buffer, sideData: Buffer | undefined): Cut[] {
  const starts = h263StartsIn(picture).map(at => ({ bit: at * 8, macroblock: undefined }));
  const taken = new Set(starts.map(start => start.bit));
  const between = readMacroblocks(sideData ?? Buffer.alloc(0)).filter(
    ({ bit }) => bit < picture.length * 8 && !taken.has(bit),
  );
  return [...starts, ...between].sort((a, b) => a.bit - b.bit);
}

/** The last start code that fits; else the last macroblock; else the next place there is. */
function nextCut(cuts: readonly Cut[], at: number, endBit: number, maxBytes: number): number {
  const from = cuts[at];
  if (!from) return cuts.length;
  const headerBytes = from.macroblock ? MODE_B_BYTES : MODE_A_BYTES;
  const firstByte = from.bit >> 3;
  const fits = (bit: number) => ((bit + 7) >> 3) - firstByte + headerBytes <= maxBytes;
  if (fits(endBit)) return cuts.length;
  let start: number | undefined;
  let macroblock: number | undefined;
  for (let next = at + 1; next < cuts.length; next++) {
    const cut = cuts[next];
    if (!cut || !fits(cut.bit)) break;
    if (cut.macroblock) macroblock = next;
    else start = next;
  }
  return start ?? macroblock ?? at + 1;
}

function payload(picture: Buffer, from: Cut, endBit: number, modes: H263BasicModes): Buffer {
  const header = Buffer.alloc(from.macroblock ? MODE_B_BYTES : MODE_A_BYTES);
  const sbit = from.bit & 7;
  const ebit = -endBit & 7;
  const flags =
    (modes.codingType << 3) |
    (modes.unrestrictedMotion << 2) |
    (modes.arithmeticCoding << 1) |
    modes.advancedPrediction;
  header[0] = (from.macroblock ? 0x80 : 0) | (sbit << 3) | ebit;
  header[1] = (modes.sourceFormat << 5) | (from.macroblock?.quantizer ?? flags << 1);
  if (from.macroblock) {
    const { gob, address, motion } = from.macroblock;
    header.writeUInt16BE((gob << 11) | (address << 2), 2);
    const vectors = motion.reduce((bits, vector) => bits * 128 + (vector & 0x7f), flags);
    header.writeUInt32BE(vectors, 4);
  }
  return Buffer.concat([header, picture.subarray(from.bit >> 3, (endBit + 7) >> 3)]);
}

const MACROBLOCK_INFO_BYTES = 12;

/** FFmpeg's `AV_PKT_DATA_H263_MB_INFO`, libavcodec/packet.h: one entry per macroblock it chose. */
function readMacroblocks(sideData: Buffer): { bit: number; macroblock: Macroblock }[] {
  const count = Math.floor(sideData.length / MACROBLOCK_INFO_BYTES);
  return Array.from({ length: count }, (_, index) => {
    const at = index * MACROBLOCK_INFO_BYTES;
    const byte = (offset: number) => sideData[at + offset] ?? 0;
    return {
      bit: sideData.readUInt32LE(at),
      macroblock: {
        quantizer: byte(4) & 0x1f,
        gob: byte(5) & 0x1f,
        address: sideData.readUInt16LE(at + 6) & 0x1ff,
        motion: [byte(8), byte(9), byte(10), byte(11)] as const,
      },
    };
  });
}
