import { randomBytes, randomUUID } from 'node:crypto';
import { writtenName } from './names.ts';
import { MAGIC_COOKIE } from './via.ts';

/** Name and value as they go on the wire. */
export type HeaderLine = readonly [name: string, value: string];

/** Bytes of a message; Content-Length is counted here and nowhere else. */
export function serialize(startLine: string, headers: readonly HeaderLine[], body: Buffer): Buffer {
  const lines = headers.map(([name, value]) => `${writtenName(name)}: ${value}`);
  const head = [startLine, ...lines, `Content-Length: ${body.length}`, '', ''].join('\r\n');
  return Buffer.concat([Buffer.from(head), body]);
}

/**
 * A copy in memory of its own, for what is kept: Node cuts small buffers out of
 * shared blocks of 8 kB, and one that lives keeps its whole block alive.
 */
export function keptCopy(data: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(data.length);
  data.copy(copy);
  return copy;
}

/** A branch no other transaction has; RFC 3261 §8.1.1.7. */
export function newBranch(): string {
  return `${MAGIC_COOKIE}${randomBytes(9).toString('base64url').replace(/[-_]/g, 'x')}`;
}

/**
 * A tag with more than the 32 random bits of RFC 3261 §19.3: 80 of a UUID's, which
 * Node takes from a pool; a draw of its own for each tag costs a twentieth of the CPU.
 */
export function newTag(): string {
  const uuid = randomUUID();
  return uuid.slice(0, 8) + uuid.slice(-12);
}
