import type { Page } from '../contract/paging.ts';
import type { Actor } from '../domain/actor.ts';
import type { Conference, ConferenceMember } from '../domain/conference.ts';
import type { ConferenceId, SiteId } from '../domain/ids.ts';
import type { Stored } from '../domain/stored.ts';
import type { KeptOrder } from './kept-order.ts';
import type { Pass } from './passes.ts';

/** What calls and visits have to know of conferences. Throws `GatewayError` `store-unavailable`. */
export interface ConferenceStore {
  listConferences(): Promise<readonly Conference[]>;
  getConference(id: ConferenceId): Promise<Conference | undefined>;
  findByNumber(number: string): Promise<Conference | undefined>;
  findByAlias(alias: string): Promise<Conference | undefined>;
  /** The conferences a site is meant for. */
  listConferencesOfSite(id: SiteId): Promise<readonly Conference[]>;
}

/** A pass as it is kept: by its token's hash, which opens nothing. */
export interface StoredPass extends Pass {
  readonly tokenHash: string;
  readonly sinceMs: number;
  /** Undefined while somebody is there who has it. */
  readonly untilMs?: number;
}

/** Keeps over restarts who may come back. Throws `GatewayError` `store-unavailable`. */
export interface PassStore {
  /** The oldest first. */
  listPasses(): Promise<readonly StoredPass[]>;
  /** Adds it, or changes what was kept of it. */
  savePass(pass: StoredPass): Promise<void>;
  deletePasses(tokenHashes: readonly string[]): Promise<void>;
}

/** The order of speaking of one conference, as it is kept. */
export interface StoredOrder {
  readonly conferenceId: ConferenceId;
  readonly order: KeptOrder;
  readonly savedAtMs: number;
}

/** Keeps the orders of speaking over restarts. Throws `GatewayError` `store-unavailable`. */
export interface OrderStore {
  listOrders(): Promise<readonly StoredOrder[]>;
  /** Adds it, or changes what was kept of that conference. */
  saveOrder(order: StoredOrder): Promise<void>;
  /** Harmless where none is kept. */
  deleteOrder(id: ConferenceId): Promise<void>;
}

export type StoredConference = Conference & Stored;

/** Which conferences, and in which order. */
export interface ConferenceQuery {
  /** Words that have to be in it. */
  readonly q?: string | undefined;
  /** Only those of these groups; all when undefined. */
  readonly groupIds?: ReadonlySet<string> | undefined;
  readonly groupId?: string | undefined;
  readonly siteId?: string | undefined;
  /** A field, with `-` before it for the other direction. */
  readonly sort: string;
  /** All when undefined. */
  readonly part?: { readonly limit: number; readonly offset: number } | undefined;
}

/** A change of one conference, on top of the version that was seen. */
export interface ConferenceUpdate {
  readonly id: ConferenceId;
  readonly version: number;
  /** Gives the conference as it is to be. */
  readonly change: (conference: StoredConference) => Conference;
}

/** Sites put into conferences, or given another part there, and taken out. */
export interface MappingChange {
  readonly add: readonly (ConferenceMember & { readonly conferenceId: ConferenceId })[];
  readonly remove: readonly { readonly conferenceId: ConferenceId; readonly siteId: SiteId }[];
}

/**
 * Conferences as people change them. Every change is one transaction, with its row in the audit
 * log. Throws `GatewayError` `store-unavailable`; `conflict` with the field when number or alias
 * is taken, and `bad-request` for a site or a group that is not there.
 */
export interface ConferenceAdminStore extends ConferenceStore {
  getConference(id: ConferenceId): Promise<StoredConference | undefined>;
  findConferences(query: ConferenceQuery): Promise<Page<StoredConference>>;
  /** All or none; a `conflict` has the `index` of the first that cannot be. */
  insertConferences(conferences: readonly Conference[], by: Actor): Promise<void>;
  /**
   * Undefined when there is none.
   *
   * @param version the one that was seen; undefined changes whatever is there
   * @param change gives the conference as it is to be; what it throws leaves all as it was
   * @throws GatewayError `version-conflict`
   */
  updateConference(
    id: ConferenceId,
    version: number | undefined,
    change: (conference: StoredConference) => Conference,
    by: Actor,
  ): Promise<StoredConference | undefined>;
  /**
   * New conferences and changed ones, all or none; gives those that changed.
   *
   * @throws GatewayError `version-conflict`, also for one that is gone
   */
  saveConferences(
    inserted: readonly Conference[],
    updated: readonly ConferenceUpdate[],
    by: Actor,
  ): Promise<readonly StoredConference[]>;
  /** False when there was none. */
  deleteConference(id: ConferenceId, by: Actor): Promise<boolean>;
  /**
   * All or nothing; gives the conferences that it changed.
   *
   * @throws GatewayError `bad-request` for a conference that is not there
   */
  changeMapping(change: MappingChange, by: Actor): Promise<readonly StoredConference[]>;
}
