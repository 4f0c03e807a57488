import type { Conference, Participant } from '../../src/domain/conference.ts';
import type { ConferenceId, ParticipantId, SiteId } from '../../src/domain/ids.ts';
import type { ConferenceRules, MeetingRooms } from '../../src/meetings/ports.ts';

type Listener = (participants: readonly Participant[]) => void;

/** Conferences as meetings see them: who is in, and what was asked. */
export class FakeMeetingRooms implements MeetingRooms {
  readonly rules = new Map<ConferenceId, ConferenceRules>();
  readonly muted: [ParticipantId, boolean][] = [];
  readonly putOuts: ParticipantId[] = [];
  readonly ended: ConferenceId[] = [];
  readonly changes: Conference[] = [];
  spotlit: ParticipantId | undefined;
  readonly #spotlightListeners = new Set<(id: ParticipantId | undefined) => void>();
  readonly #here = new Map<ConferenceId, Participant[]>();
  readonly #listeners = new Map<ConferenceId, Set<Listener>>();

  watch(id: ConferenceId, listener: Listener): () => void {
    const set = this.#listeners.get(id) ?? new Set();
    this.#listeners.set(id, set.add(listener));
    listener(this.#here.get(id) ?? []);
    return () => set.delete(listener);
  }

  participants(id: ConferenceId): readonly Participant[] {
    return this.#here.get(id) ?? [];
  }

  govern(id: ConferenceId, rules: ConferenceRules | undefined): void {
    if (rules) this.rules.set(id, rules);
    else this.rules.delete(id);
  }

  async mute(_id: ConferenceId, participantId: ParticipantId, muted: boolean): Promise<void> {
    this.muted.push([participantId, muted]);
  }

  putOut(_id: ConferenceId, participantId: ParticipantId): void {
    this.putOuts.push(participantId);
  }

  spotlight(_id: ConferenceId, participantId: ParticipantId | undefined): void {
    this.spotlit = participantId;
    for (const listener of [...this.#spotlightListeners]) listener(participantId);
  }

  watchSpotlight(_id: ConferenceId, listener: (id: ParticipantId | undefined) => void): () => void {
    this.#spotlightListeners.add(listener);
    listener(this.spotlit);
    return () => this.#spotlightListeners.delete(listener);
  }

  changed(conference: Conference): void {
    this.changes.push(conference);
  }

  async end(id: ConferenceId): Promise<void> {
    this.ended.push(id);
    this.#set(id, []);
  }

  enter(id: ConferenceId, siteId: SiteId): void {
    const participant: Participant = {
      id: `p-${siteId}` as ParticipantId,
      conferenceId: id,
      kind: 'endpoint',
      siteId,
      name: siteId,
      joinedAtMs: 1,
      hasAudio: true,
      hasVideo: true,
      muted: false,
      speaking: false,
      poorLine: false,
      alarms: [],
      sharing: false,
      chair: false,
      handRaised: false,
      away: false,
    };
    this.#set(id, [...(this.#here.get(id) ?? []), participant]);
  }

  leave(id: ConferenceId, siteId: SiteId): void {
    this.#set(
      id,
      (this.#here.get(id) ?? []).filter(one => one.siteId !== siteId),
    );
  }

  #set(id: ConferenceId, here: Participant[]): void {
    this.#here.set(id, here);
    if (this.spotlit && here.every(one => one.id !== this.spotlit)) this.spotlight(id, undefined);
    for (const listener of [...(this.#listeners.get(id) ?? [])]) listener(here);
  }
}
