import type {
  ConferenceInput,
  ConferenceView,
  LayoutInput,
  LayoutView,
  ParticipantDetailView,
  ParticipantView,
  PictureView,
  SnapshotQuery,
} from '../contract/rest.ts';
import type { StreamQuality } from '../contract/stage.ts';
import type { Conference, Participant } from '../domain/conference.ts';
import { GatewayError } from '../domain/errors.ts';
import {
  type ConferenceId,
  newConferenceId,
  type ParticipantId,
  type SiteId,
} from '../domain/ids.ts';
import type { LiveConference } from './live-conference.ts';
import type { LiveConferences } from './live-conferences.ts';
import { hallLayout, type MeetingLayout } from './meeting-layout.ts';
import { hashPin } from './pin.ts';
import type { ConferenceStore } from './ports.ts';
import type { Snapshot } from './snapshot.ts';

/** Conferences as an administrator sees them: what is stored, and who is in them now. */
export class ConferenceDirectory {
  readonly #store: ConferenceStore;
  readonly #live: LiveConferences;

  constructor(store: ConferenceStore, live: LiveConferences) {
    this.#store = store;
    this.#live = live;
  }

  async list(): Promise<ConferenceView[]> {
    return (await this.#store.listConferences()).map(conferenceView);
  }

  async get(id: string): Promise<ConferenceView | undefined> {
    const conference = await this.#store.getConference(id as ConferenceId);
    return conference && conferenceView(conference);
  }

  /** @throws GatewayError `conflict` when number or alias is taken; `bad-request` for a site that is not there */
  async create(input: ConferenceInput): Promise<ConferenceView> {
    const { name, number, alias, pin, siteIds } = input;
    const conference: Conference = {
      id: newConferenceId(),
      name,
      number,
      alias,
      ...(pin !== undefined && { pinHash: await hashPin(pin) }),
      siteIds: [...new Set(siteIds as SiteId[])],
      ...hallLayout(input),
    };
    await this.#store.insertConference(conference);
    return conferenceView(conference);
  }

  /** Deletes it and puts everybody out; false when there was none. */
  async delete(id: string): Promise<boolean> {
    const deleted = await this.#store.deleteConference(id as ConferenceId);
    await this.#live.end(id as ConferenceId, 'conference-closed');
    return deleted;
  }

  /** Who is in it now; undefined when there is no such conference. */
  async participants(id: string): Promise<ParticipantDetailView[] | undefined> {
    if (!(await this.#store.getConference(id as ConferenceId))) return undefined;
    const live = this.#live.find(id as ConferenceId);
    return live ? participantDetails(live) : [];
  }

  /** How halls see it; undefined when there is no such conference. */
  async layout(id: string): Promise<LayoutView | undefined> {
    const stored = await this.#store.getConference(id as ConferenceId);
    return stored && layoutView(this.#live.find(stored.id)?.layout ?? stored);
  }

  /**
   * Changes how halls see it, in the meeting that runs and in those to come; a participant
   * who leads does so in this meeting alone, in the place of the site. Undefined when there
   * is no such conference.
   *
   * @throws GatewayError `not-found` for a participant, `bad-request` for a site that is not there
   */
  async setLayout(id: string, input: LayoutInput): Promise<LayoutView | undefined> {
    const stored = await this.#store.getConference(id as ConferenceId);
    if (!stored) return undefined;
    const live = this.#live.find(stored.id);
    const hqParticipantId = requireHere(live, input.hqParticipantId);
    const pinnedParticipantId = requireHere(live, input.pinnedParticipantId);
    const hqSiteId = hqParticipantId === undefined ? input.hqSiteId : stored.hqSiteId;
    const kept = hallLayout({ ...input, hqSiteId });
    if (!(await this.#store.updateLayout(stored.id, kept))) return undefined;
    const layout: MeetingLayout = {
      ...kept,
      ...(hqParticipantId !== undefined && { hqParticipantId }),
      ...(pinnedParticipantId !== undefined && { pinnedParticipantId }),
    };
    live?.setLayout(layout);
    return layoutView(layout);
  }

  /**
   * A JPEG of what a participant sends or is shown; undefined when there is no such conference.
   *
   * @throws GatewayError `not-found`, `no-picture`, `bad-request`, `stage-down`
   */
  async snapshot(id: string, query: SnapshotQuery): Promise<Snapshot | undefined> {
    const stored = await this.#store.getConference(id as ConferenceId);
    if (!stored) return undefined;
    const live = this.#live.find(stored.id);
    const participantId = requireHere(live, query.participant);
    if (!live || participantId === undefined) return undefined;
    return live.snapshot(participantId, { of: query.of, maxWidth: query.width });
  }
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

function layoutView({ hqSiteId, hqParticipantId, ...layout }: MeetingLayout): LayoutView {
  const { pinnedParticipantId, gridSize } = layout;
  const hq = hqParticipantId === undefined ? { hqSiteId } : { hqParticipantId };
  return { layout: layout.layout, ...hq, pinnedParticipantId, gridSize };
}

/** Everybody in it as the administrator sees them. */
export function participantDetails(live: LiveConference): ParticipantDetailView[] {
  return live.roster.list().map(one => detailView(one, live));
}

function detailView(participant: Participant, live: LiveConference): ParticipantDetailView {
  const { siteId } = participant;
  const stream = live.quality.latest(participant.id);
  return {
    ...participantView(participant),
    ...(siteId !== undefined && { siteId }),
    ...(stream && { picture: pictureView(stream) }),
  };
}

function pictureView(stream: StreamQuality): PictureView {
  const { participantId: _, content: __, packetsReceived: ___, ...picture } = stream;
  return picture;
}

function conferenceView({ pinHash, siteIds, ...rest }: Conference): ConferenceView {
  return { ...rest, siteIds: [...siteIds], hasPin: pinHash !== undefined };
}

/** A participant as clients see it. */
export function participantView(participant: Participant): ParticipantView {
  const { conferenceId: _, siteId: __, ...view } = participant;
  return view;
}
