import { cutEvenly } from './cut-evenly.ts';
import { h263StartsIn } from './h263-picture.ts';
import type { PacketizeOptions } from './packetize.ts';
import { LEFT_OUT_ZEROS } from './rfc4629.ts';

/** P set: the two zeros of the start code are left out. */
const AT_START = Buffer.from([0x04, 0]);
const FOLLOW_ON = Buffer.from([0, 0]);

/** As many whole GOBs or slices as fit; a larger one goes on in packets of its own. RFC 4629 §6. */
export function packetizeRfc4629(picture: Buffer, { maxPayloadBytes }: PacketizeOptions): Buffer[] {
  // The header takes the place of the zeros.
  const parts = joinParts(picture, h263StartsIn(picture), maxPayloadBytes);
  return parts.flatMap(part => {
    const body = part.subarray(LEFT_OUT_ZEROS.length);
    const [first, ...rest] = cutEvenly(body, maxPayloadBytes - AT_START.length);
    if (!first) return [];
    return [
      Buffer.concat([AT_START, first]),
      ...rest.map(piece => Buffer.concat([FOLLOW_ON, piece])),
    ];
  });
}

/** Runs of parts that together have at most so many bytes, or one part alone that has more. */
function joinParts(picture: Buffer, starts: readonly number[], maxBytes: number): Buffer[] {
  const runs: Buffer[] = [];
  let from = starts[0];
  for (const [index, start] of starts.entries()) {
    const end = starts[index + 1] ?? picture.length;
    if (from === undefined || start === from || end - from <= maxBytes) continue;
    runs.push(picture.subarray(from, start));
    from = start;
  }
  if (from !== undefined) runs.push(picture.subarray(from));
  return runs;
}
