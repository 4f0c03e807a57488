/** SDES, RFC 4568: what `a=crypto` says, which line is taken, and how one is written. */
import { KeyMaterial } from './key-material.ts';

/** Key and salt in octets, of the suites the media relay has; RFC 4568 §6.2, RFC 6188, RFC 7714. */
const SUITES = {
  AES_CM_128_HMAC_SHA1_80: 30,
  AES_CM_128_HMAC_SHA1_32: 30,
  AES_192_CM_HMAC_SHA1_80: 38,
  AES_192_CM_HMAC_SHA1_32: 38,
  AES_256_CM_HMAC_SHA1_80: 46,
  AES_256_CM_HMAC_SHA1_32: 46,
  AEAD_AES_128_GCM: 28,
  AEAD_AES_256_GCM: 44,
} as const;

export type CryptoSuite = keyof typeof SUITES;

/** What we offer: the one that every device with SRTP has, and that of the oldest; RFC 4568 §6.2. */
export const OFFERED_SUITES: readonly CryptoSuite[] = [
  'AES_CM_128_HMAC_SHA1_80',
  'AES_CM_128_HMAC_SHA1_32',
];

/** Master key identifier: its value, and its length in each packet in octets; RFC 4568 §6.1. */
export interface Mki {
  readonly value: string;
  readonly lengthBytes: number;
}

/** One `a=crypto` line that can be used. */
export interface CryptoLine {
  readonly tag: number;
  readonly suite: CryptoSuite;
  readonly key: KeyMaterial;
  /** Packets after which the peer wants another key; undefined: the suite's own, 2^48. */
  readonly lifetimePackets?: number;
  readonly mki?: Mki;
  /** RTCP is authenticated, but may be read; RFC 4568 §6.3.2. */
  readonly unencryptedSrtcp: boolean;
}

/** `tag suite inline:key[|lifetime][|mki:length] [session parameters]`; RFC 4568 §9. */
const CRYPTO_LINE =
  /^(\d{1,9}) (\w{1,40}) inline:([A-Za-z0-9+/]{1,100}={0,2})((?:\|[^|; ]+)*)(?: (.*))?$/i;
const LIFETIME = /^(?:2\^(\d{1,2})|(\d{1,15}))$/;
const MKI = /^(\d{1,39}):(\d{1,3})$/;
const MAX_MKI_BYTES = 128;
/** No suite goes beyond; RFC 4568 §6.1. */
const MAX_LIFETIME_POWER = 48;

/**
 * Reads the value of an `a=crypto`; undefined when it cannot be used: a suite
 * we have not, a key of the wrong length, several keys, or a parameter that
 * would have to be obeyed and is not known, RFC 4568 §6.3.7.
 */
export function readCrypto(value: string): CryptoLine | undefined {
  const [, tag, name = '', base64 = '', rest = '', parameters = ''] = CRYPTO_LINE.exec(value) ?? [];
  const suite = suiteOf(name);
  if (tag === undefined || !suite || !isOfOctets(base64, SUITES[suite])) return undefined;
  const keyFields = readKeyFields(rest.split('|').slice(1));
  const session = readSessionParameters(parameters);
  if (!keyFields || !session) return undefined;
  return { tag: Number(tag), suite, key: new KeyMaterial(base64), ...keyFields, ...session };
}

/** The first line in the peer's order that hides both RTP and RTCP, else the first that hides RTP. */
export function chooseCrypto(lines: readonly CryptoLine[]): CryptoLine | undefined {
  return lines.find(line => !line.unencryptedSrtcp) ?? lines[0];
}

/**
 * The value of an `a=crypto`, with the key. Lifetime is left out: nothing
 * counts packets, and the relay's own lines have none.
 */
export function writeCrypto(line: CryptoLine, tag = line.tag): string {
  const mki = line.mki ? `|${line.mki.value}:${line.mki.lengthBytes}` : '';
  const parameters = line.unencryptedSrtcp ? ' UNENCRYPTED_SRTCP' : '';
  return `${tag} ${line.suite} inline:${padded(line.key.reveal())}${mki}${parameters}`;
}

function suiteOf(name: string): CryptoSuite | undefined {
  const upper = name.toUpperCase();
  return Object.hasOwn(SUITES, upper) ? (upper as CryptoSuite) : undefined;
}

function isOfOctets(base64: string, octets: number): boolean {
  return base64.replace(/=+$/, '').length === Math.ceil((octets * 8) / 6);
}

/** Old devices refuse base64 without its padding; RFC 4568 §6.1 has it. */
function padded(base64: string): string {
  const bare = base64.replace(/=+$/, '');
  return bare.padEnd(Math.ceil(bare.length / 4) * 4, '=');
}

/** Lifetime and MKI stand in this order, either may be missing; RFC 4568 §6.1. */
function readKeyFields(
  fields: readonly string[],
): Pick<CryptoLine, 'lifetimePackets' | 'mki'> | undefined {
  const lifetimePackets = readLifetime(fields[0]);
  const mki = readMki(fields[lifetimePackets === undefined ? 0 : 1]);
  const read = Number(lifetimePackets !== undefined) + Number(mki !== undefined);
  if (read !== fields.length) return undefined;
  return { ...(lifetimePackets !== undefined && { lifetimePackets }), ...(mki && { mki }) };
}

function readLifetime(text = ''): number | undefined {
  const [, power, packets] = LIFETIME.exec(text) ?? [];
  if (power !== undefined && Number(power) > MAX_LIFETIME_POWER) return undefined;
  const value = power === undefined ? Number(packets) : 2 ** Number(power);
  return value > 0 && value <= 2 ** MAX_LIFETIME_POWER ? value : undefined;
}

function readMki(text = ''): Mki | undefined {
  const [, value = '', length] = MKI.exec(text) ?? [];
  const lengthBytes = Number(length);
  return lengthBytes > 0 && lengthBytes <= MAX_MKI_BYTES ? { value, lengthBytes } : undefined;
}

/** Harmless without forward error correction or key derivation, or only a hint; RFC 4568 §6.3. */
const IGNORED_PARAMETERS = /^(?:KDR=0|WSH=\d+|FEC_ORDER=(?:FEC_SRTP|SRTP_FEC)|-.*)$/i;

function readSessionParameters(text: string): Pick<CryptoLine, 'unencryptedSrtcp'> | undefined {
  const parameters = text.split(' ').filter(word => word !== '' && !IGNORED_PARAMETERS.test(word));
  const unencryptedSrtcp = parameters.some(word => /^UNENCRYPTED_SRTCP$/i.test(word));
  return parameters.length === Number(unencryptedSrtcp) ? { unencryptedSrtcp } : undefined;
}
