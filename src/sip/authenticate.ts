import type { SrfRequest, SrfResponse } from 'drachtio-srf';
import type { SiteStore } from '../sites/ports.ts';
import type { Registrar } from '../sites/registrar.ts';
import { type DigestAuthenticator, parseCredentials } from './digest.ts';
import { gatherWrites } from './gathered-writes.ts';
import { addressOfRecord, remoteAddr } from './headers.ts';

/** Who guesses too much is not listened to. */
export interface PasswordGuard {
  refuses(sourceAddr: string, sipUsername: string): boolean;
  wrongPassword(sourceAddr: string, sipUsername: string): void;
  refusesCallsOf(sipUsername: string): boolean;
}

export interface Authentication {
  readonly sites: SiteStore;
  readonly registrar: Registrar;
  readonly digest: DigestAuthenticator;
  readonly guard: PasswordGuard;
  /** Told of a wrong answer to a challenge of an account that exists. */
  readonly onWrong: (sourceAddr: string, sipUsername: string) => void;
}

/**
 * Proves who sent a request: by digest, or, where `trustBindings`, by coming
 * from the very socket the account registered from.
 *
 * @returns the SIP username, or undefined when the request was answered: 401
 *   with a challenge, or 403 for a wrong answer, the same for every reason
 */
export async function authenticate(
  auth: Authentication,
  req: SrfRequest,
  res: SrfResponse,
  options: { readonly trustBindings: boolean },
): Promise<string | undefined> {
  const claimed = addressOfRecord(req, req.method === 'REGISTER' ? 'to' : 'from');
  const header = req.get('Authorization');
  if (!header) {
    const known = claimed && auth.registrar.isBoundTo(claimed, remoteAddr(req), req.protocol);
    if (options.trustBindings && known) return claimed;
    return challenge(auth, req, res, false);
  }
  const credentials = parseCredentials(header);
  if (!credentials) return challenge(auth, req, res, false);
  const { username } = credentials;
  if (auth.guard.refuses(remoteAddr(req), username)) return refuse(res);
  const found = await auth.sites.findEndpoint(username);
  const verdict = auth.digest.verify(req.method, credentials, found?.endpoint.ha1);
  if (verdict === 'stale') return challenge(auth, req, res, true);
  if (verdict === 'wrong' || claimed !== username) {
    auth.guard.wrongPassword(remoteAddr(req), username);
    if (found) auth.onWrong(remoteAddr(req), username);
    return refuse(res);
  }
  return username;
}

function refuse(res: SrfResponse): undefined {
  res.send(403);
}

function challenge(
  auth: Authentication,
  req: SrfRequest,
  res: SrfResponse,
  stale: boolean,
): undefined {
  // The library joins values of one header by commas, which these may not be: RFC 7235 §4.1.
  const value = auth.digest.challenges({ stale }).join('\r\nWWW-Authenticate: ');
  gatherWrites(req);
  res.send(401, { headers: { 'WWW-Authenticate': value } });
}
