import type { ConferenceStore } from '../conferences/ports.ts';
import type { Conference } from '../domain/conference.ts';
import { GatewayError } from '../domain/errors.ts';
import type { FoundEndpoint } from '../domain/site.ts';
import type { SiteStore } from '../sites/ports.ts';

/** Who may come in, and where to. */
export interface Admission extends FoundEndpoint {
  readonly conference: Conference;
}

/**
 * Decides on one call: a known endpoint that dialled a conference's number or
 * alias is let in.
 *
 * @param caller.sipUsername already proved by registration or digest
 * @throws GatewayError `not-authorized`, `conference-not-found`
 */
export async function admit(
  stores: { readonly sites: SiteStore; readonly conferences: ConferenceStore },
  caller: { readonly sipUsername: string },
  dialled: string,
): Promise<Admission> {
  const found = await stores.sites.findEndpoint(caller.sipUsername);
  if (!found) throw new GatewayError('not-authorized', 'no endpoint has this account');
  const conference =
    (await stores.conferences.findByNumber(dialled)) ??
    (await stores.conferences.findByAlias(dialled.toLowerCase()));
  if (!conference) throw new GatewayError('conference-not-found', 'no conference has this number');
  return { ...found, conference };
}
