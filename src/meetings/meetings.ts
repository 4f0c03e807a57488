/**
 * The meetings that run, and what people do with them: what a REST layer calls, in plain values.
 * Starts them by the plan, takes up those of a gateway that died. Knows neither HTTP nor SQL.
 */
import { type Occurrence, occurrences } from '../conferences/schedule.ts';
import { GatewayError } from '../domain/errors.ts';
import type { ConferenceId, ParticipantId, SiteId } from '../domain/ids.ts';
import { SerialQueue } from '../util/serial-queue.ts';
import { Meeting, type MeetingDeps } from './meeting.ts';
import type { MeetingState } from './meeting-state.ts';
import type { MeetingPlan, MeetingStore, PlanStore, SavedMeeting } from './ports.ts';
import { Scheduler } from './scheduler.ts';
import type { MeetingView, PlannedMeetingView } from './views.ts';

export interface MeetingsDeps extends Omit<MeetingDeps, 'onChange' | 'onEnded'> {
  readonly plans: PlanStore;
  readonly store: MeetingStore;
}

/** What whoever starts a meeting wants other than planned. */
export interface StartWishes {
  /** Sites that are called; those the plan says when not given. */
  readonly siteIds?: readonly SiteId[];
  readonly durationMin?: number;
}

/** Somebody who starts a meeting so long before its plan means that occurrence. */
const EARLY_MS = 30 * 60_000;

export class Meetings {
  readonly #deps: MeetingsDeps;
  readonly #running = new Map<ConferenceId, Meeting>();
  /** The last run of each conference that is over. */
  readonly #ended = new Map<ConferenceId, SavedMeeting>();
  readonly #listeners = new Set<(meeting: MeetingView) => void>();
  readonly #dirty = new Set<Meeting>();
  readonly #saving = new SerialQueue();
  readonly #scheduler: Scheduler;
  #isClosed = false;

  private constructor(deps: MeetingsDeps) {
    this.#deps = deps;
    this.#scheduler = new Scheduler({
      ...deps,
      start: (plan, occurrence) => void this.#startPlanned(plan, occurrence),
    });
  }

  /**
   * Takes up what a gateway that died has left, and starts by the plan from now on.
   *
   * @throws GatewayError `store-unavailable`
   */
  static async open(deps: MeetingsDeps): Promise<Meetings> {
    const meetings = new Meetings(deps);
    for (const saved of await deps.store.loadMeetings()) await meetings.#takeUp(saved);
    meetings.#scheduler.start();
    return meetings;
  }

  /** Told with each change of any meeting, once a turn of the event loop. Returns its own undo. */
  onChange(listener: (meeting: MeetingView) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Those that run. */
  list(): MeetingView[] {
    return [...this.#running.values()].map(meeting => meeting.view);
  }

  /** The running one of a conference; undefined when none runs. */
  find(id: ConferenceId): MeetingView | undefined {
    return this.#running.get(id)?.view;
  }

  /**
   * What is planned in a span of time, in order; a plan that cannot be read is left out.
   *
   * @throws GatewayError `store-unavailable`
   */
  async planned(fromMs: number, toMs: number): Promise<PlannedMeetingView[]> {
    const plans = await this.#deps.plans.listScheduled();
    return plans
      .flatMap(plan => this.#plannedOf(plan, fromMs, toMs))
      .toSorted((a, b) => a.startsAtMs - b.startsAtMs);
  }

  /**
   * Starts a conference's meeting; one that runs is given back as it is.
   *
   * @param startedBy name of the person
   * @throws GatewayError `conference-not-found`, `store-unavailable`
   */
  async start(id: ConferenceId, startedBy: string, wishes: StartWishes = {}): Promise<MeetingView> {
    const running = this.#running.get(id);
    if (running) return running.view;
    const plan = await this.#plan(id);
    const occurrence = this.#occurrenceMeant(plan);
    return (this.#running.get(id) ?? this.#begin(plan, startedBy, occurrence, wishes)).view;
  }

  /** Ends a meeting for everybody. @throws GatewayError `not-found` */
  end(id: ConferenceId): Promise<void> {
    return this.#meeting(id).end();
  }

  /** Moves its end, to and fro. @throws GatewayError `not-found`, `bad-request` where it has none */
  extend(id: ConferenceId, byMin: number): MeetingView {
    return this.#do(id, meeting => meeting.extend(byMin * 60_000));
  }

  /** @throws GatewayError `not-found` */
  redial(id: ConferenceId, siteId: SiteId): MeetingView {
    return this.#do(id, meeting => meeting.redial(siteId));
  }

  /** @throws GatewayError `not-found` */
  redialFailed(id: ConferenceId): MeetingView {
    return this.#do(id, meeting => meeting.redialFailed());
  }

  /** Calls all that are not there. @throws GatewayError `not-found` */
  dialMissing(id: ConferenceId): MeetingView {
    return this.#do(id, meeting => meeting.dialMissing());
  }

  /** @throws GatewayError `not-found` */
  hangUp(id: ConferenceId, siteId: SiteId): MeetingView {
    return this.#do(id, meeting => meeting.hangUp(siteId));
  }

  /** @throws GatewayError `not-found` */
  cancelDialling(id: ConferenceId): MeetingView {
    return this.#do(id, meeting => meeting.cancelDialling());
  }

  /** Nobody new comes in, or everybody may again. @throws GatewayError `not-found` */
  lock(id: ConferenceId, isLocked: boolean): MeetingView {
    return this.#do(id, meeting => meeting.lock(isLocked));
  }

  /** @throws GatewayError `not-found` */
  setMuteOnEntry(id: ConferenceId, muteOnEntry: boolean): MeetingView {
    return this.#do(id, meeting => meeting.setMuteOnEntry(muteOnEntry));
  }

  /** @throws GatewayError `not-found`, `room-server-down` */
  mute(id: ConferenceId, participantId: ParticipantId, muted: boolean): Promise<void> {
    return this.#meeting(id).mute(participantId, muted);
  }

  /** @throws GatewayError `not-found` */
  muteAll(id: ConferenceId, muted: boolean, exceptId?: ParticipantId): Promise<void> {
    return this.#meeting(id).muteAll(muted, exceptId);
  }

  /** Puts a participant out. @throws GatewayError `not-found` */
  putOut(id: ConferenceId, participantId: ParticipantId): void {
    this.#meeting(id).putOut(participantId);
  }

  /** The large place for one, or for nobody in particular. @throws GatewayError `not-found` */
  spotlight(id: ConferenceId, participantId: ParticipantId | undefined): MeetingView {
    return this.#do(id, meeting => meeting.spotlight(participantId));
  }

  /** On every screen, for a while or until the next; undefined takes it away. @throws GatewayError `not-found`, `bad-request` */
  say(id: ConferenceId, text: string | undefined, forSec?: number): MeetingView {
    const forMs = forSec === undefined ? undefined : forSec * 1000;
    return this.#do(id, meeting => meeting.say(text, forMs));
  }

  /** A stored conference was changed or deleted: a running meeting follows, and the schedule. */
  async conferenceChanged(id: ConferenceId): Promise<void> {
    this.#scheduler.changed();
    const meeting = this.#running.get(id);
    if (!meeting) return;
    const plan = await this.#deps.plans.getPlan(id);
    if (plan) meeting.replan(plan);
    else await meeting.end();
  }

  /** The gateway stops: calls are others' to end; what was saved is taken up by the next. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#scheduler.close();
    for (const meeting of this.#running.values()) meeting.letGo();
    await this.#saving.run(async () => undefined);
  }

  async #takeUp(saved: SavedMeeting): Promise<void> {
    const { conferenceId: id, state, endsAtMs } = saved;
    const plan = state === 'running' ? await this.#deps.plans.getPlan(id) : undefined;
    const nowMs = this.#deps.clock.now();
    const isLate = plan?.ending === 'at-time' && endsAtMs !== undefined && endsAtMs <= nowMs;
    if (!plan || isLate) {
      const ended: SavedMeeting = { ...saved, state: 'ended' };
      this.#ended.set(id, ended);
      if (state === 'running') await this.#deps.store.saveMeeting(ended);
      return;
    }
    const { startedAtMs, startedBy, occurrenceStartMs } = saved;
    const run = {
      startedAtMs,
      startedBy,
      ...(occurrenceStartMs !== undefined && { occurrenceStartMs }),
    };
    const meeting = new Meeting(this.#meetingDeps(id), plan, run, endsAtMs);
    this.#running.set(id, meeting);
    this.#deps.log.info({ conferenceId: id, startedBy }, 'meeting goes on after a restart');
    meeting.resume(saved);
  }

  #startPlanned(plan: MeetingPlan, occurrence: Occurrence): void {
    const { id } = plan.conference;
    if (this.#running.has(id)) return;
    if (this.#ended.get(id)?.occurrenceStartMs === occurrence.startsAtMs) return; // somebody ended it
    this.#begin(plan, 'schedule', occurrence);
  }

  #begin(
    plan: MeetingPlan,
    startedBy: string,
    occurrence: Occurrence | undefined,
    { siteIds, durationMin }: StartWishes = {},
  ): Meeting {
    const { id } = plan.conference;
    const startedAtMs = this.#deps.clock.now();
    const planned = occurrence && { occurrenceStartMs: occurrence.startsAtMs };
    const run = { startedAtMs, startedBy, ...planned };
    const wishedEndMs = durationMin === undefined ? undefined : startedAtMs + durationMin * 60_000;
    const endsAtMs = wishedEndMs ?? occurrence?.endsAtMs;
    const meeting = new Meeting(this.#meetingDeps(id), plan, run, endsAtMs);
    this.#running.set(id, meeting);
    this.#deps.log.info({ conferenceId: id, startedBy, ...planned }, 'meeting starts');
    meeting.start(siteIds);
    return meeting;
  }

  #plannedOf({ schedule, conference }: MeetingPlan, fromMs: number, toMs: number) {
    const { id, name } = conference;
    try {
      const found = schedule ? occurrences(schedule, fromMs, toMs) : [];
      return found.map(occurrence => ({
        conferenceId: id,
        name,
        state: this.#stateOf(id, occurrence),
        ...occurrence,
      }));
    } catch (err) {
      this.#deps.log.warn({ err, conferenceId: id }, 'plan not understood');
      return [];
    }
  }

  #stateOf(id: ConferenceId, { startsAtMs, endsAtMs }: Occurrence): MeetingState {
    if (this.#running.get(id)?.saved.occurrenceStartMs === startsAtMs) return 'running';
    const isEnded = this.#ended.get(id)?.occurrenceStartMs === startsAtMs;
    return isEnded || endsAtMs <= this.#deps.clock.now() ? 'ended' : 'scheduled';
  }

  /** Whoever starts it by hand means the occurrence that is on, or comes soon. */
  #occurrenceMeant({ schedule }: MeetingPlan): Occurrence | undefined {
    const nowMs = this.#deps.clock.now();
    return schedule && occurrences(schedule, nowMs, nowMs + EARLY_MS)[0];
  }

  #meetingDeps(id: ConferenceId): MeetingDeps {
    return {
      ...this.#deps,
      onChange: meeting => this.#changed(meeting),
      onEnded: meeting => {
        this.#running.delete(id);
        this.#ended.set(id, meeting.saved);
        this.#deps.log.info({ conferenceId: id }, 'meeting ended');
        this.#changed(meeting);
      },
      log: this.#deps.log.child({ conferenceId: id }),
    };
  }

  /** Saves and tells, once for all that changes in this turn. */
  #changed(meeting: Meeting): void {
    if (this.#isClosed) return;
    if (this.#dirty.size === 0) setImmediate(() => this.#flush());
    this.#dirty.add(meeting);
  }

  #flush(): void {
    const changed = [...this.#dirty];
    this.#dirty.clear();
    if (this.#isClosed) return;
    for (const meeting of changed) {
      const { saved, view } = meeting;
      this.#saving
        .run(() => this.#deps.store.saveMeeting(saved))
        .catch(err => this.#deps.log.error({ err }, 'meeting not saved'));
      for (const listener of [...this.#listeners]) this.#tell(listener, view);
    }
  }

  #tell(listener: (meeting: MeetingView) => void, view: MeetingView): void {
    try {
      listener(view);
    } catch (err) {
      this.#deps.log.error({ err }, 'listener failed');
    }
  }

  #do(id: ConferenceId, act: (meeting: Meeting) => void): MeetingView {
    const meeting = this.#meeting(id);
    act(meeting);
    return meeting.view;
  }

  /** @throws GatewayError `not-found` */
  #meeting(id: ConferenceId): Meeting {
    const meeting = this.#running.get(id);
    if (meeting) return meeting;
    throw new GatewayError('not-found', 'This conference has no meeting now: start one.');
  }

  /** @throws GatewayError `conference-not-found` */
  async #plan(id: ConferenceId): Promise<MeetingPlan> {
    const plan = await this.#deps.plans.getPlan(id);
    if (plan) return plan;
    throw new GatewayError('conference-not-found', 'There is no such conference.');
  }
}
