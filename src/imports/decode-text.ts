/**
 * The text of a file whose encoding nobody says: a byte order mark, then UTF-16 by its zero bytes,
 * then UTF-8 where that is valid, and what Vietnamese Windows wrote before that (Windows-1258),
 * whose tones stand behind their letters and are joined with them.
 */
export function decodeText(bytes: Uint8Array): string {
  const text = new TextDecoder(encodingOf(bytes)).decode(bytes);
  return text.normalize('NFC');
}

function encodingOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const start = bytes.subarray(0, 2_000);
  if (zeros(start, 1) > start.length / 5) return 'utf-16le';
  if (zeros(start, 0) > start.length / 5) return 'utf-16be';
  return isUtf8(bytes) ? 'utf-8' : 'windows-1258';
}

/** Zero bytes at even or at odd places. */
function zeros(bytes: Uint8Array, parity: 0 | 1): number {
  return bytes.filter((byte, at) => byte === 0 && at % 2 === parity).length;
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false; // it says so by throwing
  }
}
