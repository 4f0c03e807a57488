import type {
  CalendarEntry,
  ConferenceInput,
  ConferenceListQuery,
  ConferencePatch,
  ConferenceView,
  MappingInput,
} from '../contract/conferences.ts';
import type { Page } from '../contract/paging.ts';
import type {
  LayoutInput,
  LayoutView,
  ParticipantDetailView,
  SnapshotQuery,
} from '../contract/rest.ts';
import { type Principal, seesGroup } from '../domain/actor.ts';
import type { ConferenceMember } from '../domain/conference.ts';
import { GatewayError } from '../domain/errors.ts';
import type { ConferenceId, ParticipantId, SiteId } from '../domain/ids.ts';
import { wrongField } from '../domain/wrong-field.ts';
import type { SiteAdminStore } from '../sites/ports.ts';
import { conferenceChange, newConference } from './conference-input.ts';
import { conferenceView, layoutView, participantDetails } from './conference-view.ts';
import type { LiveConference } from './live-conference.ts';
import type { LiveConferences } from './live-conferences.ts';
import { layoutOf, type MeetingLayout } from './meeting-layout.ts';
import { ledBy } from './members.ts';
import type { ConferenceAdminStore, ConferenceUpdate, StoredConference } from './ports.ts';
import { nextOccurrence, occurrences } from './schedule.ts';
import type { Snapshot } from './snapshot.ts';

export interface ConferenceDirectoryDeps {
  readonly store: ConferenceAdminStore & Pick<SiteAdminStore, 'findSites'>;
  readonly live: LiveConferences;
  readonly now: () => number;
}

/** Conferences that are to be made and changed together. */
export interface ConferenceChanges {
  readonly create: readonly ConferenceInput[];
  readonly update: readonly { readonly id: string; readonly patch: ConferencePatch }[];
}

/**
 * Conferences as people see and change them: what is stored, and who is in them now. Who is
 * limited to groups finds nothing else, and puts no other sites into them.
 */
export class ConferenceDirectory {
  readonly #deps: ConferenceDirectoryDeps;

  constructor(deps: ConferenceDirectoryDeps) {
    this.#deps = deps;
  }

  async list(by: Principal, query: ConferenceListQuery): Promise<Page<ConferenceView>> {
    const { limit, offset, live, sort, ...filter } = query;
    const { groupIds } = by;
    const { store } = this.#deps;
    const isByStart = sort.endsWith('nextStartsAtMs');
    if (live === undefined && !isByStart) {
      const part = { limit, offset };
      const page = await store.findConferences({ ...filter, sort, groupIds, part });
      return { ...page, items: page.items.map(one => this.#view(one)) };
    }
    const stored = await store.findConferences({
      ...filter,
      sort: isByStart ? 'name' : sort,
      groupIds,
    });
    const views = stored.items.map(one => this.#view(one));
    const fitting = live === undefined ? views : views.filter(view => view.live === live);
    if (isByStart) sortByStart(fitting, sort.startsWith('-'));
    return { items: fitting.slice(offset, offset + limit), total: fitting.length };
  }

  async get(by: Principal, id: string): Promise<ConferenceView | undefined> {
    const conference = await this.#find(by, id);
    return conference && this.#view(conference);
  }

  /** @throws GatewayError `conflict` when number or alias is taken; `bad-request` */
  async create(by: Principal, input: ConferenceInput): Promise<ConferenceView | undefined> {
    const [id] = await this.createAll(by, [input]);
    return id === undefined ? undefined : this.get(by, id);
  }

  /** All or none; gives their ids. @throws GatewayError as `create`, with the `index` of a conflict */
  async createAll(by: Principal, inputs: readonly ConferenceInput[]): Promise<string[]> {
    const conferences = await Promise.all(inputs.map(input => newConference(by, input)));
    for (const { members } of conferences) await this.#requireSites(by, members);
    await this.#deps.store.insertConferences(conferences, by.actor);
    return conferences.map(({ id }) => id);
  }

  /**
   * Changes what is given, in the meeting that runs as well; undefined when there is none.
   *
   * @throws GatewayError `version-conflict`, `conflict`, `bad-request`
   */
  async update(
    by: Principal,
    id: string,
    patch: ConferencePatch,
  ): Promise<ConferenceView | undefined> {
    const known = await this.#find(by, id);
    if (!known) return undefined;
    await this.#requireSites(by, patch.members ?? [], known.members);
    const change = await conferenceChange(by, patch);
    const { store, live } = this.#deps;
    const changed = await store.updateConference(known.id, patch.version, change, by.actor);
    if (!changed) return undefined;
    live.find(changed.id)?.changed(changed);
    return this.#view(changed);
  }

  /**
   * Makes new ones and changes others, all or none.
   *
   * @throws GatewayError as `create` and `update`
   */
  async saveAll(by: Principal, { create, update }: ConferenceChanges): Promise<void> {
    const { store, live } = this.#deps;
    const created = await Promise.all(create.map(input => newConference(by, input)));
    for (const { members } of created) await this.#requireSites(by, members);
    const updates: ConferenceUpdate[] = [];
    for (const { id, patch } of update) {
      const known = await this.#find(by, id);
      if (!known)
        throw new GatewayError(
          'version-conflict',
          'A conference was deleted meanwhile. Try again.',
        );
      await this.#requireSites(by, patch.members ?? [], known.members);
      const change = await conferenceChange(by, patch);
      updates.push({ id: known.id, version: patch.version, change });
    }
    const changed = await store.saveConferences(created, updates, by.actor);
    for (const conference of changed) live.find(conference.id)?.changed(conference);
  }

  /** Deletes it and puts everybody out; false when there was none. */
  async delete(by: Principal, id: string): Promise<boolean> {
    const conference = await this.#find(by, id);
    if (!conference) return false;
    const { store, live } = this.#deps;
    const deleted = await store.deleteConference(conference.id, by.actor);
    await live.end(conference.id, 'conference-closed');
    return deleted;
  }

  /**
   * Puts sites into conferences and takes them out, all or nothing.
   *
   * @throws GatewayError `bad-request` for what is not there
   */
  async map(
    by: Principal,
    { add, remove }: MappingInput,
  ): Promise<{ conferences: ConferenceView[] }> {
    const change = {
      add: add.map(({ conferenceId, siteId, role, dial }) => ({
        conferenceId: conferenceId as ConferenceId,
        siteId: siteId as SiteId,
        role,
        dial,
      })),
      remove: remove.map(({ conferenceId, siteId }) => ({
        conferenceId: conferenceId as ConferenceId,
        siteId: siteId as SiteId,
      })),
    };
    const ids = new Set([...add, ...remove].map(({ conferenceId }) => conferenceId));
    for (const id of ids)
      if (!(await this.#find(by, id)))
        throw wrongField('conferenceId', `There is no conference ${id}.`);
    await this.#requireSites(by, change.add);
    const { store, live } = this.#deps;
    const changed = await store.changeMapping(change, by.actor);
    for (const conference of changed) live.find(conference.id)?.changed(conference);
    return { conferences: changed.map(one => this.#view(one)) };
  }

  /** Planned meetings between two moments, the earliest first. */
  async calendar(by: Principal, fromMs: number, toMs: number): Promise<CalendarEntry[]> {
    const { groupIds } = by;
    const { items } = await this.#deps.store.findConferences({ sort: 'name', groupIds });
    const entries = items.flatMap(({ id, name, schedule }) =>
      schedule
        ? occurrences(schedule, fromMs, toMs).map(one => ({ conferenceId: id, name, ...one }))
        : [],
    );
    return entries.sort((a, b) => a.startsAtMs - b.startsAtMs);
  }

  /** Who is in it now; undefined when there is no such conference. */
  async participants(by: Principal, id: string): Promise<ParticipantDetailView[] | undefined> {
    const conference = await this.#find(by, id);
    if (!conference) return undefined;
    const live = this.#deps.live.find(conference.id);
    return live ? participantDetails(live) : [];
  }

  /** How halls see it; undefined when there is no such conference. */
  async layout(by: Principal, id: string): Promise<LayoutView | undefined> {
    const stored = await this.#find(by, id);
    return stored && layoutView(this.#deps.live.find(stored.id)?.layout ?? layoutOf(stored));
  }

  /**
   * Changes how halls see it, in the meeting that runs and in those to come; a participant
   * who leads does so in this meeting alone, in the place of the site. A site that leads is one
   * of its sites from then on. Undefined when there is no such conference.
   *
   * @throws GatewayError `not-found` for a participant, `bad-request` for a site that is not there
   */
  async setLayout(by: Principal, id: string, input: LayoutInput): Promise<LayoutView | undefined> {
    const stored = await this.#find(by, id);
    if (!stored) return undefined;
    const live = this.#deps.live.find(stored.id);
    const hqParticipantId = requireHere(live, input.hqParticipantId);
    const pinnedParticipantId = requireHere(live, input.pinnedParticipantId);
    const changed = await this.#keepLayout(by, stored, input);
    if (!changed) return undefined;
    const layout: MeetingLayout = {
      ...layoutOf(changed),
      ...(hqParticipantId !== undefined && { hqParticipantId }),
      ...(pinnedParticipantId !== undefined && { pinnedParticipantId }),
    };
    live?.changed(changed);
    live?.setLayout(layout);
    return layoutView(layout);
  }

  /**
   * A JPEG of what a participant sends or is shown; undefined when there is no such conference.
   *
   * @throws GatewayError `not-found`, `no-picture`, `bad-request`, `stage-down`
   */
  async snapshot(by: Principal, id: string, query: SnapshotQuery): Promise<Snapshot | undefined> {
    const stored = await this.#find(by, id);
    if (!stored) return undefined;
    const live = this.#deps.live.find(stored.id);
    const participantId = requireHere(live, query.participant);
    if (!live || participantId === undefined) return undefined;
    return live.snapshot(participantId, { of: query.of, maxWidth: query.width });
  }

  async #find(by: Principal, id: string): Promise<StoredConference | undefined> {
    const conference = await this.#deps.store.getConference(id as ConferenceId);
    return conference && seesGroup(by, conference.groupId) ? conference : undefined;
  }

  async #keepLayout(by: Principal, stored: StoredConference, input: LayoutInput) {
    const { layout, hqSiteId, gridSize, hqParticipantId } = input;
    if (hqSiteId !== undefined)
      await this.#requireSites(by, [{ siteId: hqSiteId }], stored.members);
    const change = ({ gridSize: _, members, ...conference }: StoredConference) => ({
      ...conference,
      layout,
      members: hqParticipantId === undefined ? ledBy(members, hqSiteId as SiteId) : members,
      ...(gridSize !== undefined && { gridSize }),
    });
    return this.#deps.store.updateConference(stored.id, undefined, change, by.actor);
  }

  /** @throws GatewayError `bad-request` for a site out of sight that is not in it already */
  async #requireSites(
    by: Principal,
    wanted: readonly { readonly siteId: string }[],
    known: readonly ConferenceMember[] = [],
  ): Promise<void> {
    const { groupIds } = by;
    if (groupIds === undefined || wanted.length === 0) return;
    const { items } = await this.#deps.store.findSites({ sort: 'name', groupIds });
    const allowed = new Set<string>([...items.map(({ id }) => id), ...known.map(m => m.siteId)]);
    const index = wanted.findIndex(({ siteId }) => !allowed.has(siteId));
    if (index >= 0) throw wrongField(`members.${index}.siteId`, 'This site is not there.');
  }

  #view(conference: StoredConference): ConferenceView {
    const { live, now } = this.#deps;
    const { id, schedule } = conference;
    return conferenceView(conference, {
      participantCount: live.find(id)?.roster.size ?? 0,
      nextStartsAtMs: schedule && nextOccurrence(schedule, now())?.startsAtMs,
    });
  }
}

/** Those without a start come last. */
function sortByStart(views: ConferenceView[], isDescending: boolean): void {
  const sign = isDescending ? -1 : 1;
  const rank = ({ nextStartsAtMs }: ConferenceView) => nextStartsAtMs ?? Number.POSITIVE_INFINITY;
  views.sort((a, b) => {
    if (rank(a) === rank(b)) return 0;
    if (rank(a) === Number.POSITIVE_INFINITY || rank(b) === Number.POSITIVE_INFINITY)
      return rank(a) - rank(b);
    return sign * (rank(a) - rank(b));
  });
}

/** @throws GatewayError `not-found` when that participant is not in the meeting */
function requireHere(
  live: LiveConference | undefined,
  id: string | undefined,
): ParticipantId | undefined {
  if (id === undefined || live?.roster.get(id as ParticipantId)) return id as ParticipantId;
  throw new GatewayError('not-found', 'There is no such participant in this conference.', {
    details: { participantId: id },
  });
}
