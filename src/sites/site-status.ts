import type { CallList } from '../calls/call-list.ts';
import type { LiveConferences } from '../conferences/live-conferences.ts';
import type { SiteStatus } from '../contract/admin-events.ts';
import type { SiteState } from '../contract/sites.ts';
import type { Call } from '../domain/call.ts';
import type { Endpoint, Site } from '../domain/site.ts';
import { ENDPOINT_EVENTS } from './endpoint-events.ts';
import type { Presence } from './presence.ts';

export interface SiteStatusDeps {
  readonly presence: Pick<Presence, 'status'>;
  readonly calls: Pick<CallList, 'list'>;
  readonly conferences: Pick<LiveConferences, 'list'>;
}

type EndpointStatusView = SiteStatus['endpoints'][number];

/** How sites are now; of many, calls and meetings are gone through once. */
export function siteStatuses(
  sites: readonly Pick<Site, 'id' | 'endpoints'>[],
  { presence, calls, conferences }: SiteStatusDeps,
): SiteStatus[] {
  const callsOf = Map.groupBy(calls.list(), call => call.siteId);
  const poor = new Set(
    conferences
      .list()
      .flatMap(({ roster }) => roster.list().filter(one => one.poorLine && one.siteId))
      .map(({ siteId }) => siteId),
  );
  return sites.map(site => {
    const endpoints = site.endpoints.map(endpoint => endpointStatus(endpoint, presence));
    const own = callsOf.get(site.id) ?? [];
    return {
      id: site.id,
      state: siteState(endpoints, own.length > 0),
      poorLine: poor.has(site.id),
      calls: own.map(callOf),
      endpoints,
    };
  });
}

/** A site is as its best endpoint is. */
export function siteState(
  endpoints: readonly Pick<EndpointStatusView, 'state'>[],
  isInCall: boolean,
): SiteState {
  const states = endpoints.map(({ state }) => state);
  if (isInCall) return 'in-call';
  if (states.length === 0) return 'no-endpoint';
  if (states.includes('registered') || states.includes('reachable')) return 'ready';
  return states.every(state => state === 'never-seen') ? 'never-seen' : 'unreachable';
}

function endpointStatus(
  endpoint: Endpoint,
  presence: Pick<Presence, 'status'>,
): EndpointStatusView {
  const { state, sinceMs, last, roundTripMs } = presence.status(endpoint);
  return {
    id: endpoint.id,
    state,
    ...(sinceMs !== undefined && { sinceMs }),
    ...(roundTripMs !== undefined && { roundTripMs }),
    ...(last && { reason: { code: last.kind, text: ENDPOINT_EVENTS[last.kind] } }),
  };
}

function callOf({ callId, conferenceId }: Call): SiteStatus['calls'][number] {
  return { callId, ...(conferenceId !== undefined && { conferenceId }) };
}
