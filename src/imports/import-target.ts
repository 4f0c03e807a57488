import type { ConferenceDirectory } from '../conferences/conference-directory.ts';
import type { ConferenceView } from '../contract/conferences.ts';
import type { ImportKind } from '../contract/jobs.ts';
import type { SiteView } from '../contract/sites.ts';
import { type Principal, SYSTEM, seesGroup } from '../domain/actor.ts';
import type { SiteDirectory } from '../sites/site-directory.ts';
import { conferenceLines, siteLines } from './export-rows.ts';
import type { ImportTarget } from './import-work.ts';

export interface ImportTargetDeps {
  readonly sites: SiteDirectory;
  readonly conferences: ConferenceDirectory;
}

/** Sees everything: numbers and accounts are taken by whomever. */
const ALL: Principal = { actor: SYSTEM, permissions: new Set() };
const EVERYTHING = { limit: Number.MAX_SAFE_INTEGER, offset: 0, sort: 'name' } as const;

/** Imports into the directories, and exports out of them. */
export function importTarget({ sites, conferences }: ImportTargetDeps): ImportTarget & {
  lines(by: Principal, kind: ImportKind): Promise<string[][]>;
} {
  const allSites = async (by: Principal): Promise<SiteView[]> =>
    (await sites.list(by, EVERYTHING)).items;
  const allConferences = async (by: Principal): Promise<ConferenceView[]> =>
    (await conferences.list(by, EVERYTHING)).items;
  const isSeenBy =
    (by: Principal) =>
    ({ groupId }: { readonly groupId?: string | undefined }) =>
      seesGroup(by, groupId);
  return {
    knownSites: async by => {
      const others = await allConferences(ALL);
      return {
        sites: await allSites(ALL),
        isSeen: isSeenBy(by),
        groups: await sites.listGroups(by),
        conferenceNumbers: new Map(others.map(({ number, name }) => [number, name])),
      };
    },
    knownConferences: async by => ({
      conferences: await allConferences(ALL),
      sites: await allSites(by),
      groups: await sites.listGroups(by),
      siteNumbers: new Map(
        (await allSites(ALL)).flatMap(({ number, name }) => (number ? [[number, name]] : [])),
      ),
      isSeen: isSeenBy(by),
    }),
    saveSites: (by, changes) => sites.saveAll(by, changes),
    saveConferences: (by, changes) => conferences.saveAll(by, changes),
    lines: async (by, kind) => {
      const groups = new Map((await sites.listGroups(by)).map(({ id, name }) => [id, name]));
      const seen = await allSites(by);
      if (kind === 'sites') return siteLines(seen, groups);
      const names = new Map(seen.map(({ id, number, name }) => [id, number ?? name]));
      return conferenceLines(await allConferences(by), groups, names);
    },
  };
}
