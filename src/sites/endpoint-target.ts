import { isIP } from 'node:net';
import type { CallTarget } from '../calls/ports.ts';
import type { Binding, Endpoint } from '../domain/site.ts';

/**
 * Where an endpoint is called, or asked whether it is there: where it registered from last,
 * else at its dial address, else at the first of its fixed ones. Undefined when nowhere.
 *
 * @param bindings live ones, in the order of their registration
 */
export function endpointTarget(
  endpoint: Pick<Endpoint, 'fixedAddresses' | 'dialAddress' | 'dialTransport'>,
  bindings: readonly Binding[],
): CallTarget | undefined {
  const siteNetworks = endpoint.fixedAddresses;
  const binding = bindings.at(-1);
  if (binding) {
    const isUdp = binding.sipTransport === 'udp';
    const udpAddr = isUdp && { udpAddr: binding.sourceAddr };
    return { uri: binding.contactUri, ...udpAddr, siteNetworks };
  }
  const { dialAddress, dialTransport, fixedAddresses } = endpoint;
  const address = dialAddress ?? fixedAddresses.find(network => isIP(network) !== 0);
  return address === undefined ? undefined : { uri: dialUri(address, dialTransport), siteNetworks };
}

/** A host, `host:port`, `user@host` or a SIP URI, as a request-URI. */
function dialUri(address: string, transport: Endpoint['dialTransport']): string {
  const isUri = /^sips?:/i.test(address);
  const bare = isIP(address) === 6 ? `[${address}]` : address;
  const uri = isUri ? address : `sip:${bare}`;
  const saysTransport = /;transport=/i.test(uri) || /^sips:/i.test(uri);
  return transport === undefined || saysTransport ? uri : `${uri};transport=${transport}`;
}
