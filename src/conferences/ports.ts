import type { Conference } from '../domain/conference.ts';
import type { ConferenceId } from '../domain/ids.ts';

/** What is stored about conferences. Throws `GatewayError` `store-unavailable`, `conflict`. */
export interface ConferenceStore {
  listConferences(): Promise<readonly Conference[]>;
  getConference(id: ConferenceId): Promise<Conference | undefined>;
  findByNumber(number: string): Promise<Conference | undefined>;
  findByAlias(alias: string): Promise<Conference | undefined>;
  /** @throws GatewayError `conflict` when number or alias is taken */
  insertConference(conference: Conference): Promise<void>;
  /** False when there was none. */
  deleteConference(id: ConferenceId): Promise<boolean>;
}
