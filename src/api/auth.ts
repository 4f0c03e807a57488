import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Operation } from '../contract/operation.ts';
import type { Principal } from '../domain/actor.ts';
import { GatewayError } from '../domain/errors.ts';
import type { People } from '../people/people.ts';
import { adminTokenPrincipal, sessionPrincipal, tokenPrincipal } from '../people/principals.ts';
import { csrfTokenOf, isSame } from '../people/random-words.ts';
import { isSameOrigin } from './origin.ts';
import { sessionSecretOf } from './session-cookie.ts';

export interface AuthOptions {
  readonly adminToken: string;
  readonly people: People;
}

/**
 * Who sent this request, over http or to open a socket; undefined when nobody is proved.
 *
 * @throws GatewayError `csrf-refused` for a change that a page of another origin may have caused
 */
export type Authenticate = (
  req: IncomingMessage,
  access: Operation['access'],
) => Promise<Principal | undefined>;

/** By Bearer (RFC 6750 §2.1): the admin token or an API token; else by the session's cookie. */
export function authenticator({ adminToken, people }: AuthOptions): Authenticate {
  const expected = digest(adminToken);
  return async (req, access) => {
    if (changesSomething(req) && !isSameOrigin(req)) throw csrfRefused();
    const { authorization } = req.headers;
    const address = addressOf(req);
    if (authorization !== undefined) {
      const given = /^Bearer\s+(\S+)$/i.exec(authorization)?.[1];
      if (given === undefined) return undefined;
      if (timingSafeEqual(digest(given), expected)) return adminTokenPrincipal(address);
      const found = await people.tokens.find(given);
      return found && tokenPrincipal(found.user, found.token, address);
    }
    const secret = sessionSecretOf(req);
    const found = secret && (await people.sessions.find(secret));
    if (!secret || !found) return undefined;
    if (access !== 'open' && changesSomething(req)) requireCsrfToken(req, secret);
    return sessionPrincipal(found.user, found.session, address);
  };
}

/** Where a request came from, as the socket says. */
export function addressOf(req: IncomingMessage): string {
  return req.socket.remoteAddress ?? '';
}

/** Nobody is on the way from it; also from a proxy that stands here. */
export function isThisMachine(address: string): boolean {
  return /^(?:::ffff:)?127\.|^::1$/.test(address);
}

/** RFC 9110 §9.2.1. */
function changesSomething({ method = 'GET' }: IncomingMessage): boolean {
  return !['GET', 'HEAD', 'OPTIONS'].includes(method);
}

function requireCsrfToken(req: IncomingMessage, secret: string): void {
  const given = req.headers['x-csrf-token'];
  if (typeof given === 'string' && isSame(given, csrfTokenOf(secret))) return;
  throw csrfRefused();
}

function csrfRefused(): GatewayError {
  return new GatewayError(
    'csrf-refused',
    'This change did not come from a page of this server that is signed in. Load the page again.',
  );
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
