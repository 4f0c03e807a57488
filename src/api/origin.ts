import type { IncomingMessage } from 'node:http';

/** Whether a request comes from a page of ours, or from no page at all: those send no Origin. */
export function isSameOrigin(req: IncomingMessage): boolean {
  const { origin, host } = req.headers;
  if (origin === undefined) return true;
  try {
    return new URL(origin).host === host;
  } catch {
    return false; // not a URL: nobody's origin
  }
}
