import { writeSync } from 'node:fs';
import type { DestinationStream } from 'pino';

/** A reader that is busy is waited for this often, then a line is lost. */
const BUSY_ATTEMPTS = 20;
const BUSY_PAUSE_MS = 10;

/**
 * Writes each line to an open file at once, so that nothing is held back when
 * the process ends. When the reader is gone for good the lines are let go:
 * pino's own stream tries again for ever then, and a process whose supervisor
 * was killed would never end.
 *
 * @param write for tests; writes what it can and gives the number of bytes
 */
export function logOutput(
  fd: number,
  write: (fd: number, data: Buffer) => number = writeSync,
): DestinationStream {
  let isGone = false;
  return {
    write: line => {
      if (isGone) return;
      isGone = !writeAll(Buffer.from(line), data => write(fd, data));
    },
  };
}

/** False when nobody can read any more. */
function writeAll(data: Buffer, write: (data: Buffer) => number): boolean {
  let rest = data;
  for (let busy = 0; rest.length > 0 && busy < BUSY_ATTEMPTS; ) {
    try {
      rest = rest.subarray(write(rest));
    } catch (err) {
      if (!isBusy(err)) return false;
      busy += 1;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BUSY_PAUSE_MS);
    }
  }
  return true;
}

function isBusy(err: unknown): boolean {
  return err instanceof Error && 'code' in err && err.code === 'EAGAIN';
}
