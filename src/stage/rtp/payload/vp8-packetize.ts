import { cutEvenly } from './cut-evenly.ts';
import type { PacketizeOptions } from './packetize.ts';

/** The shortest payload descriptor, RFC 7741 §4.2: no extension, S at the frame's first bytes. */
const FIRST = Buffer.from([0x10]);
const LATER = Buffer.from([0x00]);

export function packetizeVp8(frame: Buffer, { maxPayloadBytes }: PacketizeOptions): Buffer[] {
  const pieces = cutEvenly(frame, maxPayloadBytes - 1);
  return pieces.map((piece, index) => Buffer.concat([index === 0 ? FIRST : LATER, piece]));
}
