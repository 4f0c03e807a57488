const LIST_BYTES = 12;
const CHUNK_BYTES = 8;

/** Coded pictures of an AVI file, one chunk each: FFmpeg's encoders as they are, in no other format. */
export function picturesOfAvi(file: Buffer): Buffer[] {
  const pictures: Buffer[] = [];
  let at = file.indexOf('movi') - CHUNK_BYTES + LIST_BYTES;
  while (file.toString('latin1', at, at + 4) === '00dc') {
    const length = file.readUInt32LE(at + 4);
    pictures.push(file.subarray(at + CHUNK_BYTES, at + CHUNK_BYTES + length));
    at += CHUNK_BYTES + length + (length % 2);
  }
  return pictures;
}
