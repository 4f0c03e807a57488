import type { ConferenceAdminStore, StoredConference } from '../conferences/ports.ts';
import type {
  MeetingSiteView,
  MeetingView,
  ParticipantPatch,
  StartMeetingInput,
} from '../contract/meetings.ts';
import type { Page } from '../contract/paging.ts';
import { type Principal, seesGroup } from '../domain/actor.ts';
import type { Participant } from '../domain/conference.ts';
import { GatewayError } from '../domain/errors.ts';
import type { ConferenceId, ParticipantId, SiteId } from '../domain/ids.ts';
import type { Meetings } from './meetings.ts';
import type { KeptMeeting, MeetingHistory, MeetingQuery, MeetingRooms } from './ports.ts';
import type * as views from './views.ts';

/** What is written down of who did what. */
export interface ActionLog {
  note(action: {
    readonly by: Principal['actor'];
    readonly action: string;
    readonly entity: string;
    readonly entityId?: string;
    readonly after?: unknown;
  }): Promise<void>;
}

export interface MeetingDirectoryDeps {
  readonly meetings: Meetings;
  readonly rooms: Pick<MeetingRooms, 'mute' | 'putOut' | 'spotlight'> & {
    /** Who is in a conference now. */
    participants(id: ConferenceId): readonly Participant[];
  };
  readonly store: MeetingHistory & ActionLog & Pick<ConferenceAdminStore, 'getConference'>;
}

/**
 * Meetings as people see and run them. Who is limited to groups finds no other conferences.
 * What concerns participants works in every conference that somebody is in, started or not.
 */
export class MeetingDirectory {
  readonly #deps: MeetingDirectoryDeps;

  constructor(deps: MeetingDirectoryDeps) {
    this.#deps = deps;
  }

  /** Those that run and that were. */
  async list(by: Principal, query: Omit<MeetingQuery, 'groupIds'>): Promise<Page<MeetingView>> {
    const { items, total } = await this.#deps.store.findMeetings({
      ...query,
      groupIds: by.groupIds,
    });
    return { items: items.map(kept => this.#currentOf(kept) ?? keptView(kept)), total };
  }

  /** The one that runs; undefined when none does. */
  async get(by: Principal, id: string): Promise<MeetingView | undefined> {
    const conference = await this.#conference(by, id);
    const meeting = this.#deps.meetings.find(conference.id);
    return meeting && meetingView(meeting);
  }

  /** @throws GatewayError `conflict` when it runs already, `not-found` */
  async start(by: Principal, id: string, input: StartMeetingInput): Promise<MeetingView> {
    const { id: conferenceId } = await this.#conference(by, id);
    const { meetings } = this.#deps;
    if (meetings.find(conferenceId))
      throw new GatewayError('conflict', 'This meeting runs already: look at its board.');
    const { dial, durationMin } = input;
    const siteIds = dial === 'none' ? [] : dial === 'planned' ? undefined : (dial as SiteId[]);
    const view = await meetings.start(conferenceId, by.actor.name, {
      ...(siteIds && { siteIds }),
      ...(durationMin !== undefined && { durationMin }),
    });
    await this.#note(by, conferenceId, 'meeting-started', input);
    return meetingView(view);
  }

  /** @throws GatewayError `not-found` */
  async end(by: Principal, id: string): Promise<void> {
    const { id: conferenceId } = await this.#conference(by, id);
    await this.#deps.meetings.end(conferenceId);
    await this.#note(by, conferenceId, 'meeting-ended');
  }

  extend(by: Principal, id: string, minutes: number): Promise<MeetingView> {
    return this.#act(by, id, 'meeting-extended', { minutes }, (meetings, conferenceId) =>
      meetings.extend(conferenceId, minutes),
    );
  }

  lock(by: Principal, id: string, locked: boolean): Promise<MeetingView> {
    const action = locked ? 'meeting-locked' : 'meeting-unlocked';
    return this.#act(by, id, action, undefined, (meetings, conferenceId) =>
      meetings.lock(conferenceId, locked),
    );
  }

  /** @param text '' takes the message away */
  say(by: Principal, id: string, text: string, seconds: number): Promise<MeetingView> {
    return this.#act(by, id, 'message-shown', { text }, (meetings, conferenceId) =>
      meetings.say(conferenceId, text === '' ? undefined : text, seconds),
    );
  }

  dial(
    by: Principal,
    id: string,
    sites: 'failed' | 'missing' | readonly string[],
  ): Promise<MeetingView> {
    return this.#act(by, id, 'sites-called', { sites }, (meetings, conferenceId) => {
      if (sites === 'failed') return meetings.redialFailed(conferenceId);
      if (sites === 'missing') return meetings.dialMissing(conferenceId);
      return each(sites, siteId => meetings.redial(conferenceId, siteId));
    });
  }

  cancelDialling(by: Principal, id: string): Promise<MeetingView> {
    return this.#act(by, id, 'calling-stopped', undefined, (meetings, conferenceId) =>
      meetings.cancelDialling(conferenceId),
    );
  }

  hangUp(by: Principal, id: string, siteIds: readonly string[]): Promise<MeetingView> {
    return this.#act(by, id, 'sites-hung-up', { siteIds }, (meetings, conferenceId) =>
      each(siteIds, siteId => meetings.hangUp(conferenceId, siteId)),
    );
  }

  /** Mutes everybody who is there but these; who cannot be muted does not keep the others from it. */
  async muteAll(
    by: Principal,
    id: string,
    muted: boolean,
    exceptIds: readonly string[],
  ): Promise<void> {
    const { id: conferenceId } = await this.#conference(by, id);
    const { rooms } = this.#deps;
    const others = rooms.participants(conferenceId).filter(one => !exceptIds.includes(one.id));
    const results = await Promise.allSettled(
      others.map(one => rooms.mute(conferenceId, one.id, muted)),
    );
    const failed = results.find(result => result.status === 'rejected' && !isGone(result.reason));
    if (failed?.status === 'rejected') throw failed.reason;
  }

  /** @throws GatewayError `not-found`, `room-server-down` */
  async changeParticipant(
    by: Principal,
    id: string,
    participantId: string,
    { muted, spotlight }: ParticipantPatch,
  ): Promise<void> {
    const { id: conferenceId } = await this.#conference(by, id);
    const { rooms } = this.#deps;
    const who = participantId as ParticipantId;
    if (!rooms.participants(conferenceId).some(one => one.id === who)) throw nobody();
    if (muted !== undefined) await rooms.mute(conferenceId, who, muted);
    if (spotlight === undefined) return;
    const shown = spotlight ? who : undefined;
    rooms.spotlight(conferenceId, shown);
  }

  /** @throws GatewayError `not-found` */
  async putOut(by: Principal, id: string, participantId: string): Promise<void> {
    const { id: conferenceId } = await this.#conference(by, id);
    const { rooms } = this.#deps;
    const who = rooms.participants(conferenceId).find(one => one.id === participantId);
    if (!who) throw nobody();
    rooms.putOut(conferenceId, who.id);
    await this.#note(by, conferenceId, 'participant-removed', { name: who.name });
  }

  async #act(
    by: Principal,
    id: string,
    action: string,
    after: unknown,
    act: (meetings: Meetings, id: ConferenceId) => views.MeetingView,
  ): Promise<MeetingView> {
    const { id: conferenceId } = await this.#conference(by, id);
    const view = act(this.#deps.meetings, conferenceId);
    await this.#note(by, conferenceId, action, after);
    return meetingView(view);
  }

  async #note(by: Principal, entityId: string, action: string, after?: unknown): Promise<void> {
    const { actor } = by;
    const facts = { by: actor, action, entity: 'meeting', entityId };
    await this.#deps.store.note({ ...facts, ...(after !== undefined && { after }) });
  }

  /** @throws GatewayError `not-found` */
  async #conference(by: Principal, id: string): Promise<StoredConference> {
    const conference = await this.#deps.store.getConference(id as ConferenceId);
    if (conference && seesGroup(by, conference.groupId)) return conference;
    throw new GatewayError('not-found', 'There is no such conference.');
  }

  #currentOf({ conferenceId, startedAtMs }: KeptMeeting): MeetingView | undefined {
    const running = this.#deps.meetings.find(conferenceId);
    return running?.startedAtMs === startedAtMs ? meetingView(running) : undefined;
  }
}

/** As the contract has it. */
export function meetingView(meeting: views.MeetingView): MeetingView {
  const { conferenceId, name, state, startedBy, startedAtMs, endsAtMs, message } = meeting;
  return {
    id: `${conferenceId}.${startedAtMs}`,
    conferenceId,
    conferenceName: name,
    state,
    startedBy,
    startedAtMs,
    ...(endsAtMs !== undefined && { endsAtMs }),
    locked: meeting.isLocked,
    ...(message && { message: { ...message } }),
    ...(meeting.spotlightId !== undefined && { spotlightId: meeting.spotlightId }),
    sites: meeting.sites.map(siteView),
  };
}

function siteView(site: views.SiteView): MeetingSiteView {
  const { siteId, name, role, state, sinceMs, attempts, reason, retryAtMs, callId } = site;
  const [participantId] = site.participantIds;
  return {
    siteId,
    name,
    role,
    state,
    sinceMs,
    attempts,
    ...(reason && { reason: reason.code }),
    ...(retryAtMs !== undefined && { nextTryAtMs: retryAtMs }),
    ...(callId !== undefined && { callId }),
    ...(participantId !== undefined && { participantId }),
  };
}

function keptView(kept: KeptMeeting): MeetingView {
  const { id, conferenceId, conferenceName, state, startedBy, startedAtMs, siteNames } = kept;
  const { endsAtMs, endedAtMs } = kept;
  return {
    id,
    conferenceId,
    conferenceName,
    state,
    startedBy,
    startedAtMs,
    ...(endsAtMs !== undefined && { endsAtMs }),
    ...(endedAtMs !== undefined && { endedAtMs }),
    locked: kept.isLocked,
    sites: kept.sites.map(({ siteId, state: siteState, sinceMs, attempts, reason, retryAtMs }) => ({
      siteId,
      name: siteNames.get(siteId) ?? '',
      role: 'site',
      state: siteState,
      sinceMs,
      attempts,
      ...(reason !== undefined && { reason }),
      ...(retryAtMs !== undefined && { nextTryAtMs: retryAtMs }),
    })),
  };
}

/** The view after the last of them; there is one at least. */
function each(
  siteIds: readonly string[],
  act: (siteId: SiteId) => views.MeetingView,
): views.MeetingView {
  const seen = siteIds.map(siteId => act(siteId as SiteId)).at(-1);
  if (seen) return seen;
  throw new GatewayError('bad-request', 'Name one site at least.');
}

/** Who left meanwhile need not be muted. */
function isGone(err: unknown): boolean {
  return err instanceof GatewayError && err.code === 'not-found';
}

function nobody(): GatewayError {
  return new GatewayError('not-found', 'There is no such participant in this conference.');
}
