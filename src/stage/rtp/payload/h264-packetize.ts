import { FU_A, NAL_DELIMITER, nalType, STAP_A, splitAnnexB } from '../h264.ts';
import { cutEvenly } from './cut-evenly.ts';
import type { PacketizeOptions } from './packetize.ts';

const NAL_FILLER = 12;
const LENGTH_BYTES = 2;

/**
 * Annex B to payloads; RFC 6184. Mode 1 puts small NAL units together and cuts
 * large ones, mode 0 leaves each alone. Delimiters and filler are left out:
 * timestamp and marker say where a picture ends.
 */
export function packetizeH264(unit: Buffer, options: PacketizeOptions): Buffer[] {
  const nals = splitAnnexB(unit).filter(isNeeded);
  if (options.packetizationMode === 0) return nals;
  return groups(nals, options.maxPayloadBytes).flatMap(group => {
    const [first] = group;
    if (!first) return [];
    if (group.length > 1) return [aggregate(group)];
    return first.length > options.maxPayloadBytes ? fragments(first, options) : [first];
  });
}

function isNeeded(nal: Buffer): boolean {
  return nal.length > 0 && nalType(nal) !== NAL_DELIMITER && nalType(nal) !== NAL_FILLER;
}

/** Neighbours that fit a STAP-A together. */
function groups(nals: readonly Buffer[], maxBytes: number): Buffer[][] {
  const all: Buffer[][] = [];
  let bytes = 0;
  for (const nal of nals) {
    const group = all.at(-1);
    bytes += LENGTH_BYTES + nal.length;
    if (group && bytes <= maxBytes) {
      group.push(nal);
    } else {
      all.push([nal]);
      bytes = 1 + LENGTH_BYTES + nal.length;
    }
  }
  return all;
}

/** STAP-A: as important as the most important in it; RFC 6184 §5.7. */
function aggregate(nals: readonly Buffer[]): Buffer {
  const importance = Math.max(...nals.map(nal => (nal[0] ?? 0) & 0x60));
  const parts = nals.flatMap(nal => [Buffer.from([nal.length >> 8, nal.length & 0xff]), nal]);
  return Buffer.concat([Buffer.from([importance | STAP_A]), ...parts]);
}

/** FU-A; RFC 6184 §5.8. */
function fragments(nal: Buffer, { maxPayloadBytes }: PacketizeOptions): Buffer[] {
  const header = nal[0] ?? 0;
  const pieces = cutEvenly(nal.subarray(1), maxPayloadBytes - 2);
  return pieces.map((piece, index) => {
    const start = index === 0 ? 0x80 : 0;
    const end = index === pieces.length - 1 ? 0x40 : 0;
    const head = Buffer.from([(header & 0x60) | FU_A, start | end | (header & 0x1f)]);
    return Buffer.concat([head, piece]);
  });
}
