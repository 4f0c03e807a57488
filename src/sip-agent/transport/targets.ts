/** Where messages go: a URI's transport, host and port, and a response's way back. */
import { parseSipUri, type SipUri } from '../message/address.ts';
import type { SipRequest } from '../message/message.ts';
import { topVia } from '../message/via.ts';
import type { Flow, Protocol, Target } from './flow.ts';

const PROTOCOLS: readonly string[] = ['udp', 'tcp', 'tls'] satisfies Protocol[];

/** RFC 3261 §19.1.2. */
export function defaultPort(protocol: Protocol): number {
  return protocol === 'tls' ? 5061 : 5060;
}

/**
 * Where a request to this URI goes; undefined for other schemes and transports.
 * Names are left to the system: no NAPTR or SRV, RFC 3263 §4.
 *
 * @param fallback transport for a URI that names none
 */
export function targetOf(uri: string, fallback = 'udp'): Target | undefined {
  const parsed = parseSipUri(uri);
  if (!parsed) return undefined;
  const protocol = protocolOf(parsed, fallback);
  if (!protocol) return undefined;
  const host = parsed.params.get('maddr') ?? parsed.host;
  const port = parsed.port ?? defaultPort(protocol);
  return { protocol, host: host.replace(/^\[|\]$/g, ''), port };
}

/** Where a response goes, RFC 3261 §18.2.2 and RFC 3581 §4: never elsewhere than where the request came from. */
export function responseTarget(request: SipRequest, source: Flow): Target {
  const { protocol, remoteHost: host, remotePort } = source;
  const via = topVia(request);
  const toSource = !via || (protocol === 'udp' && via.params.has('rport'));
  return { protocol, host, port: toSource ? remotePort : (via.port ?? defaultPort(protocol)) };
}

/** `sips` means TLS on the first hop, whatever else is written there; RFC 3261 §19.1. */
function protocolOf({ scheme, params }: SipUri, fallback: string): Protocol | undefined {
  if (scheme === 'sips') return 'tls';
  const asked = (params.get('transport') ?? fallback).toLowerCase();
  return PROTOCOLS.includes(asked) ? (asked as Protocol) : undefined;
}
