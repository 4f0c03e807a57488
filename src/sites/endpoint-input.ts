/** Endpoints as somebody writes them: what is given on top of what is there. */
import type { EndpointInput, EndpointPatch } from '../contract/sites.ts';
import { type EndpointId, newEndpointId, type SiteId } from '../domain/ids.ts';
import { type Endpoint, type Ha1, hasAccount } from '../domain/site.ts';
import { wrongField } from '../domain/wrong-field.ts';
import { QUIRKS } from '../sdp/index.ts';
import { given } from '../util/given.ts';

/** Digests of username and password under our realm; what is stored instead of the password. */
export type ComputeHa1 = (sipUsername: string, sipPassword: string) => Ha1;

/**
 * The endpoints of a new site.
 *
 * @throws GatewayError `bad-request` naming what cannot be
 */
export function newEndpoints(
  siteId: SiteId,
  inputs: readonly EndpointInput[],
  computeHa1: ComputeHa1,
): Endpoint[] {
  return changedEndpoints({ id: siteId, endpoints: [] }, inputs, computeHa1);
}

/**
 * All endpoints a site has from now on.
 *
 * @throws GatewayError `bad-request` naming what cannot be
 */
export function changedEndpoints(
  site: { readonly id: SiteId; readonly endpoints: readonly Endpoint[] },
  patches: readonly EndpointPatch[],
  computeHa1: ComputeHa1,
): Endpoint[] {
  const ids = patches.map(({ id }) => id).filter(id => id !== undefined);
  return patches.map((patch, index) => {
    const path = `endpoints.${index}`;
    const current = patch.id === undefined ? undefined : findEndpoint(site, patch.id, path);
    if (ids.filter(id => id === patch.id).length > 1)
      throw wrongField(`${path}.id`, 'This endpoint is there twice.');
    return changed(current ?? fresh(site.id), patch, { path, computeHa1 });
  });
}

function findEndpoint(
  { endpoints }: { readonly endpoints: readonly Endpoint[] },
  id: string,
  path: string,
): Endpoint {
  const found = endpoints.find(endpoint => endpoint.id === id);
  if (!found) throw wrongField(`${path}.id`, 'The site has no such endpoint.');
  return found;
}

function fresh(siteId: SiteId): Endpoint {
  const id = newEndpointId();
  return { id, siteId, sipUsername: id, fixedAddresses: [] };
}

function changed(
  current: Endpoint,
  patch: EndpointPatch,
  { path, computeHa1 }: { readonly path: string; readonly computeHa1: ComputeHa1 },
): Endpoint {
  const { id, siteId } = current;
  const { quirks } = patch;
  if (quirks && !QUIRKS.some(row => row.id === quirks))
    throw wrongField(`${path}.quirks`, `One of: ${QUIRKS.map(row => row.id).join(', ')}.`);
  const isBackup = patch.role === undefined ? current.isBackup : patch.role === 'backup';
  const endpoint: Endpoint = {
    id,
    siteId,
    ...account(current, patch, { path, computeHa1 }),
    fixedAddresses: patch.fixedAddresses ?? current.fixedAddresses,
    ...facts(current, patch),
    ...(isBackup && { isBackup }),
  };
  requireWay(endpoint, path);
  return endpoint;
}

const FACTS = ['dialAddress', 'dialTransport', 'vendor', 'model', 'quirks'] as const;

function facts(current: Endpoint, patch: EndpointPatch): Partial<Endpoint> {
  const kept = FACTS.map(key => [key, patch[key] === undefined ? current[key] : patch[key]]);
  return given(Object.fromEntries(kept.filter(([, value]) => value !== ''))) as Partial<Endpoint>;
}

/** Its account and password; a password is of one account, so that a new account needs one. */
function account(
  current: Endpoint,
  { sipUsername: wanted, sipPassword }: EndpointPatch,
  { path, computeHa1 }: { readonly path: string; readonly computeHa1: ComputeHa1 },
): Pick<Endpoint, 'sipUsername' | 'ha1'> {
  const sipUsername = wanted === undefined ? current.sipUsername : (wanted ?? current.id);
  const isNew = sipUsername !== current.sipUsername;
  const isNone = !hasAccount({ id: current.id as EndpointId, sipUsername });
  if (isNone && sipPassword)
    throw wrongField(`${path}.sipUsername`, 'A password needs an account.');
  if (sipPassword) return { sipUsername, ha1: computeHa1(sipUsername, sipPassword) };
  if (isNew && !isNone && current.ha1 && sipPassword === undefined)
    throw wrongField(`${path}.sipPassword`, 'Give the password of the new account.');
  const { ha1 } = current;
  const isKept = ha1 !== undefined && !isNew && sipPassword === undefined;
  return { sipUsername, ...(isKept && { ha1 }) };
}

/** @throws GatewayError `bad-request` for a device that can neither call nor be called */
function requireWay(endpoint: Endpoint, path: string): void {
  const { fixedAddresses, dialAddress } = endpoint;
  if (hasAccount(endpoint) || fixedAddresses.length > 0 || dialAddress !== undefined) return;
  throw wrongField(path, 'Give an account, an address it calls from, or one to call it at.');
}
