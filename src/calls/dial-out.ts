import type { ConferenceStore } from '../conferences/ports.ts';
import { GatewayError } from '../domain/errors.ts';
import type { ConferenceId, EndpointId } from '../domain/ids.ts';
import type { Endpoint } from '../domain/site.ts';
import type { SiteStore } from '../sites/ports.ts';
import type { OutboundEnd, OutgoingCall } from './outbound-call.ts';
import type { CallTarget } from './ports.ts';

export interface DialOutDeps {
  readonly sites: Pick<SiteStore, 'getEndpoint' | 'getSite'>;
  readonly conferenceStore: Pick<ConferenceStore, 'getConference'>;
  /** Where an endpoint is called now. */
  readonly targetOf: (endpoint: Endpoint) => CallTarget | undefined;
  /** Runs the story of the call. Never rejects. */
  readonly run: (outgoing: OutgoingCall) => Promise<OutboundEnd>;
}

export interface DialOutWish extends Pick<OutgoingCall, 'stop' | 'onProgress'> {
  readonly conferenceId: ConferenceId;
  readonly endpointId: EndpointId;
}

/** Calls endpoints into conferences, both by their ids. */
export class DialOut {
  readonly #deps: DialOutDeps;

  constructor(deps: DialOutDeps) {
    this.#deps = deps;
  }

  /**
   * Calls, and resolves when the call is over.
   *
   * @throws GatewayError `conference-not-found`, `not-found`, `peer-address-missing`, `store-unavailable`
   */
  async call({ conferenceId, endpointId, stop, onProgress }: DialOutWish): Promise<OutboundEnd> {
    const { sites, conferenceStore, targetOf, run } = this.#deps;
    const conference = await conferenceStore.getConference(conferenceId);
    if (!conference) throw new GatewayError('conference-not-found', 'There is no such conference.');
    const endpoint = await sites.getEndpoint(endpointId);
    const site = endpoint && (await sites.getSite(endpoint.siteId));
    if (!site) throw new GatewayError('not-found', 'There is no such endpoint.');
    const target = targetOf(endpoint);
    if (!target)
      throw new GatewayError(
        'peer-address-missing',
        'The endpoint is not registered and has no dial address: enter one, or let it register.',
      );
    return run({ endpoint, site, conference, target, stop, onProgress });
  }
}
