import type { LiveConferences } from '../conferences/live-conferences.ts';
import type { ConferenceStore } from '../conferences/ports.ts';
import type { Conference } from '../domain/conference.ts';
import type { SiteId } from '../domain/ids.ts';
import type { SiteStore } from '../sites/ports.ts';

export interface DialPlanDeps {
  readonly sites: SiteStore;
  readonly conferenceStore: ConferenceStore;
  readonly conferences: Pick<LiveConferences, 'find'>;
}

export interface Dialled {
  readonly conference: Conference | undefined;
  /** It means nothing here. */
  readonly isWrong?: boolean;
}

/**
 * What was dialled: a conference's number or alias, a site's number, or nothing
 * (the bare host). The last two mean that site's own conference.
 *
 * @returns no conference when the caller is to be asked: its site has none now, or
 *   several, or what was dialled means nothing here
 */
export async function findDialled(
  deps: DialPlanDeps,
  callerSiteId: SiteId,
  dialled: string,
): Promise<Dialled> {
  if (dialled === '') return { conference: await ownConference(deps, callerSiteId) };
  const named =
    (await deps.conferenceStore.findByNumber(dialled)) ??
    (await deps.conferenceStore.findByAlias(dialled.toLowerCase()));
  if (named) return { conference: named };
  const site = await deps.sites.findSiteByNumber(dialled);
  if (site) return { conference: await ownConference(deps, site.id) };
  return { conference: undefined, isWrong: true };
}

/** The same for a number that was typed: undefined also for what means nothing. */
export async function findTyped(
  deps: DialPlanDeps,
  number: string,
): Promise<Conference | undefined> {
  const conference = await deps.conferenceStore.findByNumber(number);
  if (conference) return conference;
  const site = await deps.sites.findSiteByNumber(number);
  return site && ownConference(deps, site.id);
}

/** The one conference a site is meant for now: of several, the one that runs. */
async function ownConference(deps: DialPlanDeps, siteId: SiteId): Promise<Conference | undefined> {
  const all = await deps.conferenceStore.listConferencesOfSite(siteId);
  const candidates = all.length > 1 ? all.filter(({ id }) => deps.conferences.find(id)) : all;
  return candidates.length === 1 ? candidates[0] : undefined;
}
