import type { ConferenceInput, ConferenceView, ParticipantView } from '../contract/rest.ts';
import type { Conference, Participant } from '../domain/conference.ts';
import { type ConferenceId, newConferenceId, type SiteId } from '../domain/ids.ts';
import type { LiveConferences } from './live-conferences.ts';
import { hashPin } from './pin.ts';
import type { ConferenceStore } from './ports.ts';

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
    const { pin, siteIds, ...rest } = input;
    const conference: Conference = {
      id: newConferenceId(),
      ...rest,
      ...(pin !== undefined && { pinHash: await hashPin(pin) }),
      siteIds: [...new Set(siteIds as SiteId[])],
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
  async participants(id: string): Promise<ParticipantView[] | undefined> {
    if (!(await this.#store.getConference(id as ConferenceId))) return undefined;
    const live = this.#live.find(id as ConferenceId);
    return live ? live.roster.list().map(participantView) : [];
  }
}

function conferenceView({ pinHash, siteIds, ...rest }: Conference): ConferenceView {
  return { ...rest, siteIds: [...siteIds], hasPin: pinHash !== undefined };
}

/** A participant as clients see it. */
export function participantView(participant: Participant): ParticipantView {
  const { conferenceId: _, ...view } = participant;
  return view;
}
