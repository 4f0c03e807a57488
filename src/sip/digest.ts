/**
 * Digest authentication of endpoints, RFC 7616 with qop=auth, by MD5 and by
 * SHA-256 as RFC 8760 adds it to SIP. Knows no SIP message.
 */
import { hash as digestOf } from 'node:crypto';
import type { Ha1 } from '../domain/site.ts';
import { Nonces, sameText } from './nonces.ts';

export type DigestAlgorithm = 'MD5' | 'SHA-256';

export interface Credentials {
  readonly username: string;
  readonly realm: string;
  readonly nonce: string;
  readonly uri: string;
  readonly response: string;
  readonly algorithm?: string;
  readonly qop?: string;
  readonly nc?: string;
  readonly cnonce?: string;
}

/** `stale`: the right answer to a nonce that is too old or was used; ask again without blame, RFC 7616 §3.3. */
export type DigestVerdict = 'valid' | 'stale' | 'wrong';

/** Reads an `Authorization: Digest …` value; undefined when it is not one or lacks a part. */
export function parseCredentials(header: string): Credentials | undefined {
  const match = /^\s*Digest\s+(.*)$/is.exec(header);
  if (!match?.[1]) return undefined;
  const fields: Record<string, string> = {};
  for (const [, name, quoted, bare] of match[1].matchAll(
    /([A-Za-z-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g,
  ))
    if (name) fields[name.toLowerCase()] = quoted?.replace(/\\(.)/g, '$1') ?? bare ?? '';
  const { username, realm, nonce, uri, response, algorithm, qop, nc, cnonce } = fields;
  if (!username || !realm || !nonce || !uri || !response) return undefined;
  return {
    username,
    realm,
    nonce,
    uri,
    response,
    ...(algorithm && { algorithm }),
    ...(qop && { qop }),
    ...(nc && { nc }),
    ...(cnonce && { cnonce }),
  };
}

/** `H(username:realm:password)` by each algorithm: what is stored instead of the password. */
export function computeHa1(username: string, realm: string, password: string): Ha1 {
  const text = `${username}:${realm}:${password}`;
  return { md5: hash('MD5', text), sha256: hash('SHA-256', text) };
}

/** Gives out challenges, and checks the answers to them. */
export class DigestAuthenticator {
  readonly #realm: string;
  readonly #algorithms: readonly DigestAlgorithm[];
  readonly #nonces: Nonces;

  /** @param algorithms in the order of preference; RFC 8760 §2.3 */
  constructor(realm: string, algorithms: readonly DigestAlgorithm[], now: () => number) {
    this.#realm = realm;
    this.#algorithms = algorithms;
    this.#nonces = new Nonces(now);
  }

  /** Values of WWW-Authenticate headers, one for each algorithm, the preferred first. */
  challenges(options: { readonly stale: boolean }): string[] {
    const nonce = this.#nonces.create();
    const stale = options.stale ? ', stale=true' : '';
    return this.#algorithms.map(
      algorithm =>
        `Digest realm="${this.#realm}", nonce="${nonce}", algorithm=${algorithm}, qop="auth"${stale}`,
    );
  }

  /** @param ha1 undefined for an unknown user, whose answer takes as long to refuse as a wrong one */
  verify(method: string, credentials: Credentials, ha1: Ha1 | undefined): DigestVerdict {
    const algorithm = this.#algorithmOf(credentials);
    const own = algorithm === 'SHA-256' ? ha1?.sha256 : ha1?.md5;
    const expected = expectedResponse(algorithm ?? 'MD5', method, credentials, own ?? '');
    const isRight = sameText(credentials.response.toLowerCase(), expected);
    if (!isRight || !algorithm || own === undefined || credentials.realm !== this.#realm)
      return 'wrong';
    const isFresh = this.#nonces.use(credentials.nonce, countOf(credentials)) === 'fresh';
    return isFresh ? 'valid' : 'stale';
  }

  /** The one it was answered by, MD5 when it does not say; undefined when it was not offered. */
  #algorithmOf({ algorithm = 'MD5' }: Credentials): DigestAlgorithm | undefined {
    return this.#algorithms.find(offered => offered === algorithm.toUpperCase());
  }
}

function expectedResponse(
  algorithm: DigestAlgorithm,
  method: string,
  c: Credentials,
  ha1: string,
): string {
  const ha2 = hash(algorithm, `${method}:${c.uri}`);
  if (!c.qop) return hash(algorithm, `${ha1}:${c.nonce}:${ha2}`); // RFC 2069 devices
  return hash(algorithm, `${ha1}:${c.nonce}:${c.nc ?? ''}:${c.cnonce ?? ''}:${c.qop}:${ha2}`);
}

function countOf({ qop, nc }: Credentials): number | undefined {
  if (!qop) return undefined;
  const count = Number.parseInt(nc ?? '', 16);
  return Number.isSafeInteger(count) ? count : 0;
}

function hash(algorithm: DigestAlgorithm, text: string): string {
  return digestOf(algorithm === 'MD5' ? 'md5' : 'sha256', text);
}
