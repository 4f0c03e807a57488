import type { Conference, HallLayout } from '../domain/conference.ts';
import type { ConferenceId, SiteId } from '../domain/ids.ts';

/** What is stored about conferences. Throws `GatewayError` `store-unavailable`, `conflict`. */
export interface ConferenceStore {
  listConferences(): Promise<readonly Conference[]>;
  getConference(id: ConferenceId): Promise<Conference | undefined>;
  findByNumber(number: string): Promise<Conference | undefined>;
  findByAlias(alias: string): Promise<Conference | undefined>;
  /** The conferences a site is meant for. */
  listConferencesOfSite(id: SiteId): Promise<readonly Conference[]>;
  /** @throws GatewayError `conflict` when number or alias is taken; `bad-request` for a site that is not there */
  insertConference(conference: Conference): Promise<void>;
  /**
   * Changes how halls see it; false when there was none.
   *
   * @throws GatewayError `bad-request` for a site that is not there
   */
  updateLayout(id: ConferenceId, layout: HallLayout): Promise<boolean>;
  /** False when there was none. */
  deleteConference(id: ConferenceId): Promise<boolean>;
}
