/** The sites of one run of a meeting: who is called, who is here, and how each stands. */
import type { Logger } from 'pino';
import type { Clock } from '../calls/ports.ts';
import type { EndReason } from '../domain/call.ts';
import type { Participant } from '../domain/conference.ts';
import { GatewayError } from '../domain/errors.ts';
import type { ConferenceId, ParticipantId, SiteId } from '../domain/ids.ts';
import type { Ladder } from './ladder.ts';
import { type Pace, Pacer } from './pacer.ts';
import type { MeetingCalls, PlannedSite, SavedSite } from './ports.ts';
import { SiteDialling } from './site-dialling.ts';
import type { SiteState } from './site-state.ts';
import { type SiteView, siteView } from './views.ts';

export interface MeetingSitesDeps {
  readonly conferenceId: ConferenceId;
  readonly calls: MeetingCalls;
  readonly clock: Clock;
  readonly pace: Pace;
  readonly ladder: Omit<Ladder, 'endpointIds'>;
  /** Puts a participant out of the conference. */
  readonly putOut: (id: ParticipantId) => void;
  readonly onChange: () => void;
  readonly log: Logger;
}

const ON_THE_WAY: readonly SiteState[] = ['waiting', 'dialling', 'ringing', 'retry-at'];

export class MeetingSites {
  readonly #deps: MeetingSitesDeps;
  readonly #sites = new Map<SiteId, SiteDialling>();
  readonly #pacer: Pacer;
  #planned: readonly PlannedSite[];
  #participants: readonly Participant[] = [];

  constructor(deps: MeetingSitesDeps, planned: readonly PlannedSite[]) {
    this.#deps = deps;
    this.#planned = planned;
    this.#pacer = new Pacer(deps.clock, deps.pace);
    for (const site of planned) this.#sites.set(site.siteId, this.#newSite(site));
  }

  /** Everybody in the conference, of a site or not. */
  get participants(): readonly Participant[] {
    return this.#participants;
  }

  /** Nobody is here or on the way. */
  get areDeserted(): boolean {
    const isOnTheWay = [...this.#sites.values()].some(({ state }) => ON_THE_WAY.includes(state));
    return this.#participants.length === 0 && !isOnTheWay;
  }

  get saved(): SavedSite[] {
    return [...this.#sites.values()].map(site => site.saved);
  }

  get views(): SiteView[] {
    return [...this.#sites].map(([siteId, site]) => this.#viewOf(siteId, site));
  }

  /** Calls those who are not here already. @param siteIds those the plan says when not given */
  callAll(siteIds?: readonly SiteId[]): void {
    const isCalled = ({ siteId, dialOut }: PlannedSite) => siteIds?.includes(siteId) ?? dialOut;
    for (const site of this.#planned) if (isCalled(site)) this.#sites.get(site.siteId)?.dial();
  }

  /** Goes on where a gateway that died has left them. */
  resume(saved: readonly SavedSite[]): void {
    for (const site of saved) this.#sites.get(site.siteId)?.resume(site);
    const isNew = ({ siteId }: PlannedSite) => saved.every(site => site.siteId !== siteId);
    for (const site of this.#planned.filter(isNew))
      if (site.dialOut) this.#sites.get(site.siteId)?.dial();
  }

  /** Takes over what is planned now. */
  replan(planned: readonly PlannedSite[]): void {
    this.#planned = planned;
    const wanted = new Set(planned.map(({ siteId }) => siteId));
    for (const [siteId] of this.#sites) if (!wanted.has(siteId)) this.#drop(siteId);
    for (const site of planned) {
      const known = this.#sites.get(site.siteId);
      if (known) known.replan(site);
      else this.#add(site);
    }
  }

  /** Calls a site anew, from the bottom of its ladder. @throws GatewayError `not-found` */
  redial(siteId: SiteId): void {
    this.#get(siteId).dial();
  }

  /** Calls all that are not here, whoever they are. */
  dialMissing(): void {
    for (const site of this.#sites.values()) if (site.state !== 'connected') site.dial();
  }

  /** Calls all that failed, now those that were to be called later. */
  redialFailed(): void {
    for (const site of this.#sites.values())
      if (site.state === 'failed' || site.state === 'retry-at') site.dial();
  }

  /** Ends a site's call, or the attempts at one. @throws GatewayError `not-found` */
  hangUp(siteId: SiteId): void {
    this.#get(siteId).hangUp('operator');
    for (const id of this.#participantsOf(siteId)) this.#deps.putOut(id);
  }

  /** Gives up bringing in whoever is not here. */
  cancelDialling(): void {
    for (const site of this.#sites.values()) site.cancel();
  }

  callEnded(siteId: SiteId, reason: EndReason): void {
    this.#sites.get(siteId)?.callEnded(reason);
  }

  /** Who is in the conference now. */
  seen(participants: readonly Participant[]): void {
    this.#participants = participants;
    const here = new Set(participants.map(({ siteId }) => siteId));
    for (const [siteId, site] of this.#sites) site.present(here.has(siteId));
  }

  /** @param reason undefined leaves the calls alone */
  close(reason: 'room-hangup' | undefined): void {
    for (const site of this.#sites.values()) site.close(reason);
  }

  #viewOf(siteId: SiteId, site: SiteDialling): SiteView {
    const planned = this.#planned.find(one => one.siteId === siteId);
    const { dialOut = false, role = 'site' } = planned ?? {};
    const { name, callId } = site;
    const participantIds = this.#participantsOf(siteId);
    return siteView(site.saved, { name, role, dialOut, callId, participantIds });
  }

  #participantsOf(siteId: SiteId): ParticipantId[] {
    return this.#participants.filter(one => one.siteId === siteId).map(({ id }) => id);
  }

  #newSite(site: PlannedSite): SiteDialling {
    const { conferenceId, calls, clock, ladder, onChange, log } = this.#deps;
    const deps = { conferenceId, calls, pacer: this.#pacer, clock, ladder, onChange, log };
    return new SiteDialling(deps, site);
  }

  #add(site: PlannedSite): void {
    const made = this.#newSite(site);
    this.#sites.set(site.siteId, made);
    made.present(this.#participantsOf(site.siteId).length > 0);
    if (site.dialOut) made.dial();
  }

  /** A site that was taken off the plan is taken out of the meeting. */
  #drop(siteId: SiteId): void {
    this.hangUp(siteId);
    this.#sites.get(siteId)?.close('operator');
    this.#sites.delete(siteId);
  }

  /** @throws GatewayError `not-found` */
  #get(siteId: SiteId): SiteDialling {
    const site = this.#sites.get(siteId);
    if (site) return site;
    throw new GatewayError('not-found', 'There is no such site in this meeting.');
  }
}
