/** Rate of everything that is said, 16 bits, one channel. */
export const SAMPLE_RATE_HZ = 8000;

const PCM = 1;

/**
 * The samples of a WAV file.
 *
 * @throws Error when it is not 16-bit PCM of one channel at `SAMPLE_RATE_HZ`
 */
export function readWav(file: Buffer): Buffer {
  if (file.toString('latin1', 0, 4) !== 'RIFF' || file.toString('latin1', 8, 12) !== 'WAVE')
    throw new Error('no WAV file');
  const format = chunk(file, 'fmt ');
  const isRight =
    format.readUInt16LE(0) === PCM &&
    format.readUInt16LE(2) === 1 &&
    format.readUInt32LE(4) === SAMPLE_RATE_HZ &&
    format.readUInt16LE(14) === 16;
  if (!isRight) throw new Error(`not 16-bit PCM of one channel at ${SAMPLE_RATE_HZ} Hz`);
  const samples = chunk(file, 'data');
  return samples.subarray(0, samples.length - (samples.length % 2));
}

/** @param pcm 16-bit little-endian samples of one channel at `SAMPLE_RATE_HZ` */
export function writeWav(pcm: Buffer): Buffer {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(36 + pcm.length, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(PCM, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(SAMPLE_RATE_HZ, 24);
  header.writeUInt32LE(SAMPLE_RATE_HZ * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(pcm.length, 40);
  return Buffer.concat([header, pcm]);
}

function chunk(file: Buffer, name: string): Buffer {
  for (let at = 12; at + 8 <= file.length; ) {
    const length = file.readUInt32LE(at + 4);
    if (file.toString('latin1', at, at + 4) === name) return file.subarray(at + 8, at + 8 + length);
    at += 8 + length + (length % 2);
  }
  throw new Error(`WAV file has no ${name.trim()}`);
}
