import type { WebSocket } from 'ws';

/** Unsent bytes above which the other side is no longer read, and below which it is again. */
const HIGH_WATER_BYTES = 1_000_000;
const LOW_WATER_BYTES = 250_000;

/**
 * Sends a frame on; while `to` is slow nothing more is read from `from`, so what
 * waits in our memory stays bounded and TCP slows the sender down.
 */
export function pump(text: string, from: WebSocket, to: WebSocket): void {
  to.send(text, () => {
    if (from.isPaused && to.bufferedAmount <= LOW_WATER_BYTES) from.resume();
  });
  if (to.bufferedAmount > HIGH_WATER_BYTES) from.pause();
}
