import { workerData } from 'node:worker_threads';

/** From the system's monotonic clock, which all threads share, to 1970; fixed when the process began. */
export const clockOffsetMs: number =
  (workerData as { clockOffsetMs?: number } | null)?.clockOffsetMs ?? Date.now() - monotonicMs();

/**
 * Milliseconds since 1970 that never go back, the same in all threads: setting the machine's clock
 * must neither freeze a picture nor hold back a request for a key frame.
 */
export function nowMs(): number {
  return clockOffsetMs + monotonicMs();
}

function monotonicMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1_000 + nanoseconds / 1e6;
}
