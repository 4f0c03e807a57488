import { isForSite } from '../conferences/members.ts';
import type { Conference } from '../domain/conference.ts';
import { GatewayError } from '../domain/errors.ts';
import type { FoundEndpoint } from '../domain/site.ts';
import { type Dialled, type DialPlanDeps, findDialled } from './dial-plan.ts';

/** Who may come in, and where to. */
export interface Admission extends FoundEndpoint, Dialled {
  /** Whether this caller has to know the conference's PIN: the sites it is for do not. */
  readonly asksPin: (conference: Conference) => boolean;
}

/**
 * Decides on one call: a known endpoint is let in to what it dialled, or asked for it.
 *
 * @param caller.sipUsername already proved by registration, digest or address
 * @throws GatewayError `not-authorized`
 */
export async function admit(
  deps: DialPlanDeps,
  caller: { readonly sipUsername: string; readonly dialled: string },
): Promise<Admission> {
  const found = await deps.sites.findEndpoint(caller.sipUsername);
  if (!found) throw new GatewayError('not-authorized', 'no endpoint has this account');
  const { id } = found.site;
  const dialled = await findDialled(deps, id, caller.dialled);
  const asksPin = (conference: Conference) =>
    conference.pinHash !== undefined && !isForSite(conference, id);
  return { ...found, ...dialled, asksPin };
}
