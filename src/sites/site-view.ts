import type { EndpointEventView, EndpointView, SiteState, SiteView } from '../contract/sites.ts';
import type { Call } from '../domain/call.ts';
import { type Endpoint, hasAccount } from '../domain/site.ts';
import { ENDPOINT_EVENTS, type EndpointEvent } from './endpoint-events.ts';
import type { StoredSite } from './ports.ts';
import type { Presence } from './presence.ts';
import type { Registrar } from './registrar.ts';

/** What is known of a site besides what is stored. */
export interface SiteNow {
  readonly registrar: Pick<Registrar, 'bindings'>;
  readonly presence: Pick<Presence, 'status'>;
  /** Of its endpoints. */
  readonly calls: readonly Call[];
  /** Whether one of these calls is over a line that loses packets. */
  readonly poorLine: boolean;
}

/** A site as an administrator sees it. */
export function siteView(site: StoredSite, now: SiteNow): SiteView {
  const endpoints = site.endpoints.map(endpoint => endpointView(endpoint, now));
  return {
    ...site,
    endpoints,
    state: stateOf(endpoints, now.calls),
    calls: now.calls.map(({ callId, conferenceId }) => ({
      callId,
      ...(conferenceId !== undefined && { conferenceId }),
    })),
    poorLine: now.poorLine,
  };
}

function stateOf(endpoints: readonly EndpointView[], calls: readonly Call[]): SiteState {
  if (calls.some(({ conferenceId }) => conferenceId !== undefined)) return 'in-call';
  if (endpoints.length === 0) return 'no-endpoint';
  const is = (...states: EndpointView['state'][]) =>
    endpoints.some(({ state }) => states.includes(state));
  if (is('registered', 'reachable')) return 'ready';
  return is('unreachable', 'unregistered') ? 'unreachable' : 'never-seen';
}

function endpointView(endpoint: Endpoint, { registrar, presence }: SiteNow): EndpointView {
  const { ha1, siteId: _, sipUsername, isBackup, fixedAddresses, ...facts } = endpoint;
  const { state, sinceMs, last, roundTripMs } = presence.status(endpoint);
  const newest = registrar.bindings(sipUsername).at(-1);
  return {
    ...facts,
    ...(hasAccount(endpoint) && { sipUsername }),
    hasPassword: ha1 !== undefined,
    fixedAddresses: [...fixedAddresses],
    role: isBackup ? 'backup' : 'main',
    registered: newest !== undefined,
    state,
    ...(sinceMs !== undefined && { sinceMs }),
    ...(last && { reason: { code: last.kind, text: ENDPOINT_EVENTS[last.kind] } }),
    ...(roundTripMs !== undefined && { roundTripMs }),
    ...(newest && {
      contactUri: newest.contactUri,
      userAgent: newest.userAgent,
      sourceAddr: newest.sourceAddr,
      sipTransport: newest.sipTransport,
      expiresAtMs: newest.expiresAtMs,
    }),
  };
}

export function eventView({ atMs, kind, detail }: EndpointEvent): EndpointEventView {
  return { atMs, kind, text: ENDPOINT_EVENTS[kind], detail };
}
