/**
 * Digest authentication of endpoints, RFC 7616 with MD5 and qop=auth (RFC 8760
 * keeps MD5 for devices that know nothing else). Pure but for the nonce key.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

export interface Credentials {
  readonly username: string;
  readonly realm: string;
  readonly nonce: string;
  readonly uri: string;
  readonly response: string;
  readonly qop?: string;
  readonly nc?: string;
  readonly cnonce?: string;
}

/** `stale`: the right answer to a nonce that is too old; ask again without blame, RFC 7616 §3.3. */
export type DigestVerdict = 'valid' | 'stale' | 'wrong';

const NONCE_LIFETIME_MS = 5 * 60_000;

/** Reads an `Authorization: Digest …` value; undefined when it is not one or lacks a part. */
export function parseCredentials(header: string): Credentials | undefined {
  const match = /^\s*Digest\s+(.*)$/is.exec(header);
  if (!match?.[1]) return undefined;
  const fields: Record<string, string> = {};
  for (const [, name, quoted, bare] of match[1].matchAll(
    /([A-Za-z-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g,
  ))
    if (name) fields[name.toLowerCase()] = quoted?.replace(/\\(.)/g, '$1') ?? bare ?? '';
  const { username, realm, nonce, uri, response, qop, nc, cnonce } = fields;
  if (!username || !realm || !nonce || !uri || !response) return undefined;
  return {
    username,
    realm,
    nonce,
    uri,
    response,
    ...(qop && { qop }),
    ...(nc && { nc }),
    ...(cnonce && { cnonce }),
  };
}

/** `MD5(username:realm:password)`: what is stored instead of the password. */
export function computeHa1(username: string, realm: string, password: string): string {
  return md5(`${username}:${realm}:${password}`);
}

/** Gives out nonces that carry their own age, and checks the answers to them. */
export class DigestAuthenticator {
  readonly #realm: string;
  readonly #now: () => number;
  readonly #key = randomBytes(32);

  constructor(realm: string, now: () => number) {
    this.#realm = realm;
    this.#now = now;
  }

  /** Value of a WWW-Authenticate header. */
  challenge(options: { readonly stale: boolean }): string {
    const stale = options.stale ? ', stale=true' : '';
    return `Digest realm="${this.#realm}", nonce="${this.#newNonce()}", algorithm=MD5, qop="auth"${stale}`;
  }

  /** @param ha1 undefined for an unknown user, whose answer takes as long to refuse as a wrong one */
  verify(method: string, credentials: Credentials, ha1: string | undefined): DigestVerdict {
    const right = sameText(credentials.response, this.#expected(method, credentials, ha1 ?? ''));
    if (!right || ha1 === undefined || credentials.realm !== this.#realm) return 'wrong';
    return this.#isFresh(credentials.nonce) ? 'valid' : 'stale';
  }

  #expected(method: string, c: Credentials, ha1: string): string {
    const ha2 = md5(`${method}:${c.uri}`);
    if (!c.qop) return md5(`${ha1}:${c.nonce}:${ha2}`); // RFC 2069 devices
    return md5(`${ha1}:${c.nonce}:${c.nc ?? ''}:${c.cnonce ?? ''}:${c.qop}:${ha2}`);
  }

  #newNonce(): string {
    const stamp = this.#now().toString(36);
    return `${stamp}.${this.#sign(stamp)}`;
  }

  #isFresh(nonce: string): boolean {
    const [stamp, signature] = nonce.split('.');
    if (!stamp || !signature || !sameText(signature, this.#sign(stamp))) return false;
    return this.#now() - Number.parseInt(stamp, 36) < NONCE_LIFETIME_MS;
  }

  #sign(stamp: string): string {
    return createHmac('sha256', this.#key).update(stamp).digest('hex').slice(0, 32);
  }
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
