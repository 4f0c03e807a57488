import type { SrfRequest } from 'drachtio-srf';
import type { GatewayError } from '../domain/errors.ts';

/** What we can do, for every 200 and every 405; RFC 3261 §20.5. */
export const ALLOW = 'INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, UPDATE';

/** Peer socket of a request, `host:port`. */
export function remoteAddr(req: SrfRequest): string {
  return `${req.source_address}:${req.source_port}`;
}

/** User part of the From or To address; undefined when there is none. */
export function addressOfRecord(req: SrfRequest, header: 'from' | 'to'): string | undefined {
  return userPart(req.getParsedHeader(header)?.uri ?? '');
}

/** User part of a SIP URI, percent-decoded; RFC 3261 §19.1.1. */
export function userPart(uri: string): string | undefined {
  const user = /^<?sips?:([^@;?:>]+)(?::[^@>]*)?@/i.exec(uri.trim())?.[1];
  if (user === undefined) return undefined;
  try {
    return decodeURIComponent(user);
  } catch {
    return user; // a stray % in an old device's name is taken as it stands
  }
}

/** Headers that explain a refusal: Warning, Retry-After, Reason; RFC 3261 §20.43, §20.33, RFC 3326. */
export function refusalHeaders(error: GatewayError, host: string): Record<string, string> {
  const { warning, retryAfterSec, q850 } = error.outcome;
  return {
    ...(warning && { Warning: `${warning[0]} ${host} "${quotable(error.message || warning[1])}"` }),
    ...(retryAfterSec !== undefined && { 'Retry-After': String(retryAfterSec) }),
    ...(q850 !== undefined && { Reason: `Q.850;cause=${q850};text="${quotable(error.code)}"` }),
  };
}

function quotable(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').replace(/["\\]/g, "'");
}
