import { BlockList, isIP } from 'node:net';
import type { FoundEndpoint } from '../domain/site.ts';
import type { SiteStore } from './ports.ts';

/**
 * The endpoint that may call from an address without an account's proof.
 *
 * Of several that share the address, the one that calls itself by its account
 * name; when none does, nobody: the caller has to prove who it is.
 *
 * @param claimed user part of the From header
 */
export async function findByAddress(
  store: SiteStore,
  host: string,
  claimed: string | undefined,
): Promise<FoundEndpoint | undefined> {
  const found = (await store.listFixedEndpoints()).filter(({ endpoint }) =>
    isAmong(endpoint.fixedAddresses, host),
  );
  if (found.length <= 1) return found[0];
  return found.find(({ endpoint }) => endpoint.sipUsername === claimed);
}

function isAmong(networks: readonly string[], host: string): boolean {
  const family = familyOf(host);
  if (!family) return false;
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    const kind = familyOf(address);
    if (kind && prefix !== undefined) list.addSubnet(address, Number(prefix), kind);
    else if (kind) list.addAddress(address, kind);
  }
  return list.check(host, family);
}

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  const version = isIP(address);
  if (version === 0) return undefined;
  return version === 4 ? 'ipv4' : 'ipv6';
}
