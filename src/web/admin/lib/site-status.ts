import type { SiteStatus } from '../../../contract/admin-events.ts';
import type { EndpointState, SiteState, SiteView } from '../../../contract/sites.ts';
import type { IconName } from '../parts/Icon.tsx';
import type { Tone } from '../parts/Status.tsx';

/** How a state is shown. */
export const SITE_LOOKS: Record<SiteState, { readonly tone: Tone; readonly icon?: IconName }> = {
  'in-call': { tone: 'busy' },
  ready: { tone: 'good' },
  unreachable: { tone: 'bad' },
  'never-seen': { tone: 'idle', icon: 'clock' },
  'no-endpoint': { tone: 'idle' },
};

export const ENDPOINT_TONES: Record<EndpointState, Tone> = {
  registered: 'good',
  reachable: 'good',
  unreachable: 'bad',
  unregistered: 'bad',
  'never-seen': 'idle',
};

/** A site as it is stored, with how it is now put over it. */
export function withStatus(site: SiteView, status: SiteStatus | undefined): SiteView {
  if (!status) return site;
  const endpoints = site.endpoints.map(endpoint => {
    const now = status.endpoints.find(({ id }) => id === endpoint.id);
    if (!now) return endpoint;
    const { state, sinceMs, roundTripMs, reason } = now;
    const isRegistered = state === 'registered';
    const { sinceMs: _, roundTripMs: __, reason: ___, ...stored } = endpoint;
    return {
      ...stored,
      ...{ state, registered: isRegistered },
      ...(sinceMs !== undefined && { sinceMs }),
      ...(roundTripMs !== undefined && { roundTripMs }),
      ...(reason && { reason }),
    };
  });
  return {
    ...site,
    ...{ endpoints, state: status.state, calls: status.calls, poorLine: status.poorLine },
  };
}

/** When anything was last heard of a site's endpoints. */
export function lastChangeMs(site: SiteView): number | undefined {
  const times = site.endpoints.flatMap(({ sinceMs }) => sinceMs ?? []);
  return times.length > 0 ? Math.max(...times) : undefined;
}

/** The shortest way to one of its endpoints and back. */
export function roundTripOf(site: SiteView): number | undefined {
  const times = site.endpoints.flatMap(({ roundTripMs }) => roundTripMs ?? []);
  return times.length > 0 ? Math.min(...times) : undefined;
}
