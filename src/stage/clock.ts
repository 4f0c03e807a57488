/**
 * Milliseconds since 1970 that never go back: setting the machine's clock must
 * neither freeze a picture nor hold back a request for a key frame.
 */
export function nowMs(): number {
  return performance.timeOrigin + performance.now();
}
