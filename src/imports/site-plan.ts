/** What an import makes of the sites that are there. */
import { isDeepStrictEqual } from 'node:util';
import type { EndpointInput, SiteInput, SitePatch, SiteView } from '../contract/sites.ts';
import { bare } from './columns.ts';
import { problem } from './problems.ts';
import { type Cell, cellProblem, type SiteDraft } from './site-rows.ts';
import type { EndpointFacts, ReadSite } from './site-values.ts';

/** What is there already. */
export interface KnownSites {
  /** All there are: also those that whoever imports does not see. */
  readonly sites: readonly (Pick<SiteView, 'id' | 'version' | 'endpoints'> &
    Partial<SiteView> & { readonly name: string })[];
  readonly isSeen: (site: { readonly groupId?: string | undefined }) => boolean;
  readonly groups: readonly { readonly id: string; readonly name: string }[];
  /** Numbers that conferences have, and their names. */
  readonly conferenceNumbers: ReadonlyMap<string, string>;
}

type KnownSite = KnownSites['sites'][number];

export type PlannedSite = { readonly draft: SiteDraft } & (
  | { readonly kind: 'create'; readonly input: SiteInput }
  | { readonly kind: 'update'; readonly id: string; readonly patch: SitePatch }
  | { readonly kind: 'same' | 'faulty' }
);

/** What each site of a file means; what is wrong is added to its draft's problems. */
export function planSites(read: readonly ReadSite[], known: KnownSites): PlannedSite[] {
  findTwice(read);
  const planned = read.map(site => planSite(site, known));
  return planned.map(plan =>
    plan.draft.problems.length > 0 ? { draft: plan.draft, kind: 'faulty' } : plan,
  );
}

/** Numbers and accounts that the file has twice. */
function findTwice(read: readonly ReadSite[]): void {
  const firstRows = new Map<string, number>();
  const claim = (draft: SiteDraft, cell: Cell | undefined, value: string | undefined) => {
    if (!cell || value === undefined) return;
    const key = `${cell.place.key} ${value}`;
    const first = firstRows.get(key);
    if (first === undefined) firstRows.set(key, cell.row);
    else draft.problems.push(cellProblem('twice-in-file', cell, first));
  };
  for (const { draft, facts, endpoints } of read) {
    claim(draft, draft.site.number, facts.number);
    for (const [at, cells] of draft.endpoints.entries())
      claim(draft, cells.sipUsername, endpoints[at]?.sipUsername);
  }
}

function planSite(read: ReadSite, known: KnownSites): PlannedSite {
  const { draft, facts, endpoints } = read;
  const current = findCurrent(read, known);
  const groupId = findGroup(read, known);
  refuseTaken(read, current, known);
  const { groupName: _, ...said } = facts;
  // Found by a number whose zeros were dropped: it is the same number.
  const isShortened = current?.number?.replace(/^0+/, '') === said.number;
  const own = isShortened ? { ...said, number: current?.number } : said;
  const all = { ...own, ...(groupId !== undefined && { groupId }) };
  if (current) {
    requireWays(
      draft,
      matched(current, endpoints).map(({ id, facts: its }) => (id === undefined ? its : undefined)),
    );
    return { draft, ...changeOf(current, all, endpoints) };
  }
  if (
    facts.name === undefined &&
    !draft.problems.some(({ column }) => column === draft.site.name?.place.head)
  )
    draft.problems.push(missingName(draft));
  requireWays(draft, endpoints);
  const input = { ...all, name: facts.name ?? '', endpoints: endpoints.map(withDefaults) };
  return { draft, kind: 'create', input };
}

function missingName(draft: SiteDraft) {
  const allowed = { vi: 'tên điểm cầu', en: 'the name of the site' };
  return problem('missing', { row: draft.row, column: 'Tên điểm cầu', allowed });
}

/** By its number, or else by its name. */
function findCurrent(
  { draft, facts }: ReadSite,
  { sites, isSeen }: KnownSites,
): KnownSite | undefined {
  const seen = sites.filter(isSeen);
  const byNumber = facts.number === undefined ? undefined : findByNumber(seen, facts.number);
  if (byNumber || facts.name === undefined) return byNumber;
  const name = bare(facts.name);
  const byName = seen.filter(site => bare(site.name) === name);
  const [only, ...others] = byName;
  const cell = draft.site.name;
  if (others.length > 0 && cell) draft.problems.push(cellProblem('name-ambiguous', cell));
  return others.length > 0 ? undefined : only;
}

/** A spreadsheet drops zeros in front: `012` comes as `12`. */
function findByNumber(sites: readonly KnownSite[], number: string): KnownSite | undefined {
  const exact = sites.find(site => site.number === number);
  const [only, ...others] = sites.filter(site => site.number?.replace(/^0+/, '') === number);
  return exact ?? (others.length === 0 ? only : undefined);
}

function findGroup({ draft, facts }: ReadSite, { groups, isSeen }: KnownSites): string | undefined {
  const cell = draft.site.group;
  if (!cell || facts.groupName === undefined) return undefined;
  const name = bare(facts.groupName);
  const found = groups.find(group => bare(group.name) === name && isSeen({ groupId: group.id }));
  if (!found) draft.problems.push(cellProblem('group-unknown', cell));
  return found?.id;
}

/** A number or an account that something else has. */
function refuseTaken(
  { draft, facts, endpoints }: ReadSite,
  current: KnownSite | undefined,
  { sites, isSeen, conferenceNumbers }: KnownSites,
): void {
  const others = sites.filter(({ id }) => id !== current?.id);
  const refuse = (cell: Cell | undefined, by: KnownSite | undefined) => {
    if (cell && by)
      draft.problems.push(cellProblem(isSeen(by) ? 'taken' : 'taken-elsewhere', cell, by.name));
  };
  const { number } = facts;
  if (
    number !== undefined &&
    number !== current?.number?.replace(/^0+/, '') &&
    number !== current?.number
  ) {
    const { number: cell } = draft.site;
    refuse(
      cell,
      others.find(site => site.number === number),
    );
    const conference = conferenceNumbers.get(number);
    if (cell && conference !== undefined)
      draft.problems.push(cellProblem('taken', cell, conference));
  }
  for (const [at, { sipUsername }] of endpoints.entries())
    if (sipUsername !== undefined)
      refuse(
        draft.endpoints[at]?.sipUsername,
        others.find(site => site.endpoints.some(one => one.sipUsername === sipUsername)),
      );
}

/** New endpoints need a way to them; what is wrong in their cells was told already. */
function requireWays(draft: SiteDraft, endpoints: readonly (EndpointFacts | undefined)[]): void {
  for (const [at, facts] of endpoints.entries()) {
    if (!facts) continue;
    const cells = draft.endpoints[at] ?? {};
    const hasWay = cells.sipUsername ?? cells.dialAddress ?? cells.fixedAddresses;
    const row = Object.values(cells)[0]?.row ?? draft.row;
    if (!hasWay) draft.problems.push(problem('no-way', { row }));
  }
}

function withDefaults(facts: EndpointFacts): EndpointInput {
  return { fixedAddresses: [], role: 'main', ...facts };
}

interface MatchedEndpoint {
  /** Of the one that is there. */
  readonly id: string | undefined;
  readonly facts: EndpointFacts;
}

/** The endpoints of a file as those that are there: by account, by address, or as the only one. */
function matched(current: KnownSite, endpoints: readonly EndpointFacts[]): MatchedEndpoint[] {
  const free = new Map(current.endpoints.map(endpoint => [endpoint.id, endpoint]));
  const isOnly = endpoints.length === 1 && free.size === 1;
  return endpoints.map(facts => {
    const all = [...free.values()];
    const found =
      all.find(one => facts.sipUsername !== undefined && one.sipUsername === facts.sipUsername) ??
      all.find(one => facts.dialAddress !== undefined && one.dialAddress === facts.dialAddress) ??
      (isOnly && facts.sipUsername === undefined ? all[0] : undefined);
    if (found) free.delete(found.id);
    return { id: found?.id, facts };
  });
}

function changeOf(
  current: KnownSite,
  facts: Readonly<Record<string, unknown>>,
  endpoints: readonly EndpointFacts[],
): { kind: 'same' } | { kind: 'update'; id: string; patch: SitePatch } {
  const known = current as unknown as Readonly<Record<string, unknown>>;
  const changes = Object.fromEntries(
    Object.entries(facts).filter(([key, value]) => known[key] !== value),
  );
  const endpointChanges = matched(current, endpoints).map(({ id, facts: its }) => ({
    id,
    changes: changedFacts(
      current.endpoints.find(one => one.id === id),
      its,
    ),
  }));
  const isChanged = endpointChanges.some(
    one => one.id === undefined || Object.keys(one.changes).length > 0,
  );
  if (Object.keys(changes).length === 0 && !isChanged) return { kind: 'same' };
  const stays = current.endpoints.map(({ id }) => ({
    id,
    ...endpointChanges.find(one => one.id === id)?.changes,
  }));
  const fresh = endpointChanges.filter(({ id }) => id === undefined).map(({ changes: its }) => its);
  const patch = {
    version: current.version,
    ...changes,
    ...(isChanged && { endpoints: [...stays, ...fresh] }),
  };
  return { kind: 'update', id: current.id, patch: patch as SitePatch };
}

function changedFacts(
  current: Readonly<Record<string, unknown>> | undefined,
  facts: EndpointFacts,
): Readonly<Record<string, unknown>> {
  const differs = ([key, value]: [string, unknown]) => !isDeepStrictEqual(current?.[key], value);
  return Object.fromEntries(Object.entries(facts).filter(differs));
}
