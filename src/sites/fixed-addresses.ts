import type { FoundEndpoint } from '../domain/site.ts';
import { Networks } from '../util/networks.ts';
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
    new Networks(endpoint.fixedAddresses).has(host),
  );
  if (found.length <= 1) return found[0];
  return found.find(({ endpoint }) => endpoint.sipUsername === claimed);
}
