/**
 * One run of a conference: brings its sites in, keeps what holds for everybody, and ends by
 * itself at its time. `Meetings` owns it. Start reading at `start`.
 */
import type { Logger } from 'pino';
import type { Clock } from '../calls/ports.ts';
import { MAX_MESSAGE_CHARS } from '../contract/stage.ts';
import type { Participant } from '../domain/conference.ts';
import { GatewayError } from '../domain/errors.ts';
import type { ConferenceId, ParticipantId, SiteId } from '../domain/ids.ts';
import type { Ladder } from './ladder.ts';
import { type MeetingEvent, type MeetingState, nextMeetingState } from './meeting-state.ts';
import { type Pace, Pacer } from './pacer.ts';
import type {
  MeetingCalls,
  MeetingPlan,
  MeetingRooms,
  PlannedSite,
  SavedMeeting,
} from './ports.ts';
import { SiteDialling } from './site-dialling.ts';
import type { SiteState } from './site-state.ts';
import { type MeetingView, type SiteView, siteView } from './views.ts';

export interface MeetingDeps {
  readonly calls: MeetingCalls;
  readonly rooms: MeetingRooms;
  readonly clock: Clock;
  readonly pace: Pace;
  readonly ladder: Omit<Ladder, 'endpointIds'>;
  /** A meeting that ends when it is empty, or has no planned end, has to be empty for so long. */
  readonly emptyAfterMs: number;
  /** Told after each change, in the same turn of the event loop. */
  readonly onChange: (meeting: Meeting) => void;
  readonly onEnded: (meeting: Meeting) => void;
  readonly log: Logger;
}

/** Facts of a run that do not change. */
export type MeetingRun = Pick<SavedMeeting, 'startedAtMs' | 'startedBy' | 'occurrenceStartMs'>;

const ON_THE_WAY: readonly SiteState[] = ['waiting', 'dialling', 'ringing', 'retry-at'];

interface Message {
  readonly text: string;
  readonly untilMs?: number;
}

export class Meeting {
  readonly #deps: MeetingDeps;
  readonly #run: MeetingRun;
  readonly #sites = new Map<SiteId, SiteDialling>();
  readonly #pacer: Pacer;
  readonly #over = new AbortController();
  #plan: MeetingPlan;
  #state: MeetingState = 'scheduled';
  #endsAtMs: number | undefined;
  #isLocked = false;
  #muteOnEntry: boolean;
  #message: Message | undefined;
  /** As the conference tells it, whoever put somebody there. */
  #spotlightId: ParticipantId | undefined;
  #participants: readonly Participant[] = [];
  #isDeserted = false;
  #timers = { end: new AbortController(), message: new AbortController() };
  #undo: readonly (() => void)[] = [];

  constructor(deps: MeetingDeps, plan: MeetingPlan, run: MeetingRun, endsAtMs?: number) {
    this.#deps = deps;
    this.#plan = plan;
    this.#run = run;
    this.#endsAtMs = endsAtMs;
    this.#muteOnEntry = plan.muteOnEntry;
    this.#pacer = new Pacer(deps.clock, deps.pace);
    for (const site of plan.sites) this.#sites.set(site.siteId, this.#newSite(site));
  }

  get conferenceId(): ConferenceId {
    return this.#plan.conference.id;
  }

  get isRunning(): boolean {
    return this.#state === 'running';
  }

  get endsAtMs(): number | undefined {
    return this.#endsAtMs;
  }

  /**
   * Begins, and calls those who are not here already.
   *
   * @param siteIds who is called; those the plan says when not given
   */
  start(siteIds?: readonly SiteId[]): void {
    this.#move('start');
    this.#listen();
    const isCalled = ({ siteId, dialOut }: PlannedSite) => siteIds?.includes(siteId) ?? dialOut;
    for (const site of this.#plan.sites) if (isCalled(site)) this.#sites.get(site.siteId)?.dial();
    this.#changed();
  }

  /** Goes on where a gateway that died has left it. */
  resume(saved: SavedMeeting): void {
    this.#isLocked = saved.isLocked;
    this.#muteOnEntry = saved.muteOnEntry;
    this.#move('start');
    this.#listen();
    for (const site of saved.sites) this.#sites.get(site.siteId)?.resume(site);
    const isNew = ({ siteId }: PlannedSite) => saved.sites.every(site => site.siteId !== siteId);
    for (const site of this.#plan.sites.filter(isNew))
      if (site.dialOut) this.#sites.get(site.siteId)?.dial();
    this.#changed();
  }

  /** Ends it for everybody. Safe to call twice. */
  async end(): Promise<void> {
    if (!this.#move('end')) return;
    this.#close('room-hangup');
    const { rooms } = this.#deps;
    rooms.govern(this.conferenceId, undefined);
    this.#deps.onEnded(this);
    await rooms.end(this.conferenceId, 'conference-closed');
  }

  /** The gateway stops: nothing is ended or told any more, what was saved stands. */
  letGo(): void {
    this.#close(undefined);
  }

  /** Moves the end. @throws GatewayError `bad-request` where there is none */
  extend(byMs: number): void {
    if (this.#endsAtMs === undefined)
      throw new GatewayError(
        'bad-request',
        'The meeting has no planned end: end it when it is over.',
      );
    this.#endsAtMs = Math.max(this.#endsAtMs + byMs, this.#deps.clock.now());
    this.#armEnd();
    this.#changed();
  }

  /** Takes over the stored conference, which was changed: name, sites, layout, mute on entry. */
  replan(plan: MeetingPlan): void {
    const before = this.#plan;
    this.#plan = plan;
    if (plan.muteOnEntry !== before.muteOnEntry) this.#muteOnEntry = plan.muteOnEntry;
    this.#deps.rooms.changed(plan.conference);
    const wanted = new Set(plan.sites.map(({ siteId }) => siteId));
    for (const [siteId] of this.#sites) if (!wanted.has(siteId)) this.#dropSite(siteId);
    for (const site of plan.sites) {
      const known = this.#sites.get(site.siteId);
      if (known) known.replan(site);
      else this.#addSite(site);
    }
    this.#govern();
  }

  /** Calls a site anew, from the bottom of its ladder. @throws GatewayError `not-found` */
  redial(siteId: SiteId): void {
    this.#site(siteId).dial();
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
    this.#site(siteId).hangUp('operator');
    for (const id of this.#participantsOf(siteId)) this.#deps.rooms.putOut(this.conferenceId, id);
  }

  /** Gives up bringing in whoever is not here. */
  cancelDialling(): void {
    for (const site of this.#sites.values()) site.cancel();
  }

  lock(isLocked: boolean): void {
    this.#isLocked = isLocked;
    this.#govern();
  }

  setMuteOnEntry(muteOnEntry: boolean): void {
    this.#muteOnEntry = muteOnEntry;
    this.#govern();
  }

  /** @throws GatewayError `not-found`, `room-server-down` */
  mute(participantId: ParticipantId, muted: boolean): Promise<void> {
    return this.#deps.rooms.mute(this.conferenceId, participantId, muted);
  }

  /** Everybody but the one who has the floor. */
  async muteAll(muted: boolean, exceptId?: ParticipantId): Promise<void> {
    const others = this.#participants.filter(({ id }) => id !== exceptId);
    const results = await Promise.allSettled(others.map(({ id }) => this.mute(id, muted)));
    const failed = results.filter(({ status }) => status === 'rejected').length;
    if (failed > 0) this.#deps.log.warn({ failed }, 'not everybody muted');
  }

  /** Puts a participant out. @throws GatewayError `not-found` */
  putOut(participantId: ParticipantId): void {
    this.#deps.rooms.putOut(this.conferenceId, participantId);
  }

  /** @throws GatewayError `not-found` */
  spotlight(participantId: ParticipantId | undefined): void {
    this.#deps.rooms.spotlight(this.conferenceId, participantId);
  }

  /**
   * Shows a message on every screen, in the place of the last; undefined takes it away.
   *
   * @throws GatewayError `bad-request` for one that is too long
   */
  say(text: string | undefined, forMs?: number): void {
    if (text !== undefined && text.length > MAX_MESSAGE_CHARS)
      throw new GatewayError('bad-request', `A message has at most ${MAX_MESSAGE_CHARS} letters.`);
    this.#timers.message.abort();
    this.#timers.message = new AbortController();
    const untilMs = forMs === undefined ? undefined : this.#deps.clock.now() + forMs;
    this.#message =
      text === undefined ? undefined : { text, ...(untilMs !== undefined && { untilMs }) };
    if (text !== undefined && forMs !== undefined)
      this.#after(forMs, this.#timers.message, () => this.say(undefined));
    this.#govern();
  }

  get saved(): SavedMeeting {
    return {
      conferenceId: this.conferenceId,
      state: this.isRunning ? 'running' : 'ended',
      ...this.#run,
      ...(this.#endsAtMs !== undefined && { endsAtMs: this.#endsAtMs }),
      isLocked: this.#isLocked,
      muteOnEntry: this.#muteOnEntry,
      sites: [...this.#sites.values()].map(site => site.saved),
    };
  }

  get view(): MeetingView {
    const { sites, ...facts } = this.saved;
    return {
      ...facts,
      name: this.#plan.conference.name,
      ...(this.#message && { message: this.#message }),
      ...(this.#spotlightId && { spotlightId: this.#spotlightId }),
      sites: sites.map(saved => this.#siteView(saved.siteId)).filter(view => view !== undefined),
    };
  }

  #siteView(siteId: SiteId): SiteView | undefined {
    const site = this.#sites.get(siteId);
    const planned = this.#plan.sites.find(one => one.siteId === siteId);
    const { dialOut = false, role = 'site' } = planned ?? {};
    const { name = '', callId } = site ?? {};
    const participantIds = this.#participantsOf(siteId);
    return site && siteView(site.saved, { name, role, dialOut, callId, participantIds });
  }

  #listen(): void {
    const { rooms, calls } = this.#deps;
    this.#undo = [
      calls.onEnded(({ conferenceId, siteId, reason, wasAnswered }) => {
        if (conferenceId !== this.conferenceId || !wasAnswered) return;
        this.#sites.get(siteId)?.callEnded(reason);
      }),
      rooms.watch(this.conferenceId, participants => this.#seen(participants)),
      rooms.watchSpotlight(this.conferenceId, participantId => {
        this.#spotlightId = participantId;
        this.#changed();
      }),
    ];
    this.#govern();
    this.#armEnd();
  }

  #seen(participants: readonly Participant[]): void {
    this.#participants = participants;
    const here = new Set(participants.map(({ siteId }) => siteId));
    for (const [siteId, site] of this.#sites) site.present(here.has(siteId));
    this.#changed();
  }

  #participantsOf(siteId: SiteId): ParticipantId[] {
    return this.#participants.filter(one => one.siteId === siteId).map(({ id }) => id);
  }

  #newSite(site: PlannedSite): SiteDialling {
    const { calls, clock, ladder, log } = this.#deps;
    const { conferenceId } = this;
    const onChange = () => this.#changed();
    const deps = { conferenceId, calls, pacer: this.#pacer, clock, ladder, onChange, log };
    return new SiteDialling(deps, site);
  }

  #addSite(site: PlannedSite): void {
    const made = this.#newSite(site);
    this.#sites.set(site.siteId, made);
    made.present(this.#participantsOf(site.siteId).length > 0);
    if (site.dialOut) made.dial();
  }

  /** A site that was taken off the plan is taken out of the meeting. */
  #dropSite(siteId: SiteId): void {
    this.hangUp(siteId);
    this.#sites.get(siteId)?.close('operator');
    this.#sites.delete(siteId);
  }

  /** @throws GatewayError `not-found` */
  #site(siteId: SiteId): SiteDialling {
    const site = this.#sites.get(siteId);
    if (site) return site;
    throw new GatewayError('not-found', 'There is no such site in this meeting.');
  }

  #govern(): void {
    const message = this.#message?.text;
    const rules = { isLocked: this.#isLocked, muteOnEntry: this.#muteOnEntry };
    this.#deps.rooms.govern(this.conferenceId, { ...rules, ...(message && { message }) });
    this.#changed();
  }

  /** Nobody is here or on the way. */
  #seeWhetherDeserted(): void {
    const isOnTheWay = [...this.#sites.values()].some(({ state }) => ON_THE_WAY.includes(state));
    const isDeserted = this.#participants.length === 0 && !isOnTheWay;
    if (isDeserted === this.#isDeserted) return;
    this.#isDeserted = isDeserted;
    this.#armEnd();
  }

  /**
   * The end comes at its time; where it waits for an empty room, or has no time, when nobody
   * has been here or on the way for a while.
   */
  #armEnd(): void {
    this.#timers.end.abort();
    this.#timers.end = new AbortController();
    const nowMs = this.#deps.clock.now();
    const leftMs = Math.max(0, (this.#endsAtMs ?? nowMs) - nowMs);
    if (this.#plan.ending === 'at-time' && this.#endsAtMs !== undefined)
      return this.#after(leftMs, this.#timers.end, () => this.#endByItself('its time is over'));
    if (!this.#isDeserted) return;
    const waitMs = Math.max(leftMs, this.#deps.emptyAfterMs);
    this.#after(waitMs, this.#timers.end, () => this.#endByItself('everybody has left'));
  }

  #endByItself(why: string): void {
    this.#deps.log.info({ why }, 'meeting ends by itself');
    this.end().catch(err => this.#deps.log.warn({ err }, 'meeting not ended cleanly'));
  }

  #after(waitMs: number, timer: AbortController, act: () => void): void {
    const signal = AbortSignal.any([timer.signal, this.#over.signal]);
    this.#deps.clock.sleep(waitMs, signal).then(act, () => undefined); // another time, or over
  }

  /** @param reason undefined leaves the calls alone */
  #close(reason: 'room-hangup' | undefined): void {
    for (const undo of this.#undo) undo();
    this.#over.abort(new Error('meeting over'));
    for (const site of this.#sites.values()) site.close(reason);
  }

  /** The one place where the state changes; false when the event means nothing now. */
  #move(event: MeetingEvent): boolean {
    const state = nextMeetingState(this.#state, event);
    if (state) this.#state = state;
    return state !== undefined;
  }

  #changed(): void {
    if (this.#over.signal.aborted) return;
    this.#seeWhetherDeserted();
    this.#deps.onChange(this);
  }
}
