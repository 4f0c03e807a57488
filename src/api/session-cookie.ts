import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { CookieOptions, Response } from 'express';

/** RFC 6265bis §4.1.3.2: with this prefix a browser takes it over https only, for this host only. */
const SECURE_NAME = '__Host-diemcau';
const PLAIN_NAME = 'diemcau';

/** What the session's cookie holds, of what this browser sent. */
export function sessionSecretOf(req: IncomingMessage): string | undefined {
  const name = isEncrypted(req) ? SECURE_NAME : PLAIN_NAME;
  return cookieOf(req, name);
}

export function setSessionCookie(req: IncomingMessage, res: Response, secret: string): void {
  res.cookie(cookieName(req), secret, attributes(req));
}

export function clearSessionCookie(req: IncomingMessage, res: Response): void {
  res.clearCookie(cookieName(req), attributes(req));
}

/** Of the browser's session when not given an end: the server decides when it is over. */
function attributes(req: IncomingMessage): CookieOptions {
  return { httpOnly: true, sameSite: 'strict', secure: isEncrypted(req), path: '/' };
}

function cookieName(req: IncomingMessage): string {
  return isEncrypted(req) ? SECURE_NAME : PLAIN_NAME;
}

export function isEncrypted(req: IncomingMessage): boolean {
  return req.socket instanceof TLSSocket;
}

/** RFC 6265 §5.4; of several with one name the first, which has the longest path. */
export function cookieOf(req: IncomingMessage, name: string): string | undefined {
  const pairs = (req.headers.cookie ?? '').split(';').map(pair => pair.trim());
  return pairs.find(pair => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}
