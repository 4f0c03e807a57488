import { isIPv6, SocketAddress } from 'node:net';

/**
 * An address in one way of writing, so that two can be compared: IPv6 has
 * many, RFC 5952. Names and IPv4 come back in small letters.
 */
export function canonicalHost(host: string): string {
  if (!host.includes(':')) return host.toLowerCase();
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  return isIPv6(bare) ? new SocketAddress({ address: bare, family: 'ipv6' }).address : bare;
}

/** Whether both mean the same machine, by address or by name. */
export function isSameHost(a: string, b: string): boolean {
  return a === b || canonicalHost(a) === canonicalHost(b);
}

export type Family = 4 | 6;

/** Which kind of address leads there; names are looked up as IPv4. */
export function familyOf(host: string): Family {
  return host.includes(':') && isIPv6(host.replace(/^\[|\]$/g, '')) ? 6 : 4;
}
