import { inflateRawSync } from 'node:zlib';

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;
const STORED = 0;
const DEFLATED = 8;
/** A comment of 64 KiB may lie behind the end record; APPNOTE.TXT 4.3.16. */
const MAX_TAIL_BYTES = 22 + 0xffff;
const MAX_ENTRIES = 1_000;

/**
 * How large the files of a ZIP archive are, unpacked for it rather than believed: what an archive
 * says of itself may be a lie.
 *
 * @param maxBytes of all together
 * @returns undefined when it is no ZIP archive, or is larger than `maxBytes`
 */
export function unzippedSize(zip: Buffer, maxBytes: number): number | undefined {
  try {
    return sizeOf(zip, maxBytes);
  } catch {
    return undefined; // cut off, or not what its fields say
  }
}

function sizeOf(zip: Buffer, maxBytes: number): number | undefined {
  const tailAt = Math.max(0, zip.length - MAX_TAIL_BYTES);
  const endAt = zip.subarray(tailAt).lastIndexOf(littleEndian(END_OF_DIRECTORY));
  if (endAt < 0) return undefined;
  const end = zip.subarray(tailAt + endAt);
  const count = end.readUInt16LE(10);
  if (count > MAX_ENTRIES) return undefined;
  let at = end.readUInt32LE(16);
  let total = 0;
  for (let n = 0; n < count; n += 1) {
    if (zip.readUInt32LE(at) !== DIRECTORY_ENTRY) return undefined;
    total += contentSize(zip, at, maxBytes - total);
    if (total > maxBytes) return undefined;
    at += 46 + zip.readUInt16LE(at + 28) + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return total;
}

/** @throws Error when it is larger than `maxBytes`, or cannot be unpacked */
function contentSize(zip: Buffer, entryAt: number, maxBytes: number): number {
  const method = zip.readUInt16LE(entryAt + 10);
  const packedSize = zip.readUInt32LE(entryAt + 20);
  const localAt = zip.readUInt32LE(entryAt + 42);
  if (zip.readUInt32LE(localAt) !== LOCAL_HEADER) throw new Error('no local header');
  const dataAt = localAt + 30 + zip.readUInt16LE(localAt + 26) + zip.readUInt16LE(localAt + 28);
  if (method === STORED) return packedSize;
  if (method !== DEFLATED) throw new Error(`compression method ${method}`);
  const packed = zip.subarray(dataAt, dataAt + packedSize);
  return inflateRawSync(packed, { maxOutputLength: Math.max(1, maxBytes) }).length;
}

function littleEndian(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
