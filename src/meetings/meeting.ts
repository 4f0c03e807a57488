/**
 * One run of a conference: brings its sites in, keeps what holds for everybody, and ends by
 * itself at its time. `Meetings` owns it. Start reading at `start`.
 */
import type { Logger } from 'pino';
import type { Clock } from '../calls/ports.ts';
import { MAX_MESSAGE_CHARS } from '../contract/stage.ts';
import { GatewayError } from '../domain/errors.ts';
import type { ConferenceId, ParticipantId, SiteId } from '../domain/ids.ts';
import type { Ladder } from './ladder.ts';
import { MeetingEnd } from './meeting-end.ts';
import { MeetingSites } from './meeting-sites.ts';
import { type MeetingEvent, type MeetingState, nextMeetingState } from './meeting-state.ts';
import { OneTimer } from './one-timer.ts';
import type { Pace } from './pacer.ts';
import type { MeetingCalls, MeetingPlan, MeetingRooms, SavedMeeting } from './ports.ts';
import type { MeetingView } from './views.ts';

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

interface Message {
  readonly text: string;
  readonly untilMs?: number;
}

export class Meeting {
  readonly #deps: MeetingDeps;
  readonly #run: MeetingRun;
  readonly #sites: MeetingSites;
  readonly #over = new AbortController();
  readonly #end: MeetingEnd;
  readonly #messageTimer: OneTimer;
  #plan: MeetingPlan;
  #state: MeetingState = 'scheduled';
  #isLocked = false;
  #muteOnEntry: boolean;
  #message: Message | undefined;
  /** As the conference tells it, whoever put somebody there. */
  #spotlightId: ParticipantId | undefined;
  #undo: readonly (() => void)[] = [];

  constructor(deps: MeetingDeps, plan: MeetingPlan, run: MeetingRun, endsAtMs?: number) {
    this.#deps = deps;
    this.#plan = plan;
    this.#run = run;
    this.#muteOnEntry = plan.muteOnEntry;
    const { signal: over } = this.#over;
    const ending = () => this.#plan.ending;
    const onEnd = (why: string) => this.#endByItself(why);
    this.#end = new MeetingEnd({ ...deps, over, ending, onEnd }, endsAtMs);
    this.#messageTimer = new OneTimer(deps.clock, over);
    const { id: conferenceId } = plan.conference;
    const putOut = (id: ParticipantId) => this.putOut(id);
    const onChange = () => this.#changed();
    this.#sites = new MeetingSites({ ...deps, conferenceId, putOut, onChange }, plan.sites);
  }

  get conferenceId(): ConferenceId {
    return this.#plan.conference.id;
  }

  get isRunning(): boolean {
    return this.#state === 'running';
  }

  get endsAtMs(): number | undefined {
    return this.#end.atMs;
  }

  /**
   * Begins, and calls those who are not here already.
   *
   * @param siteIds who is called; those the plan says when not given
   */
  start(siteIds?: readonly SiteId[]): void {
    this.#move('start');
    this.#listen();
    this.#sites.callAll(siteIds);
    this.#changed();
  }

  /** Goes on where a gateway that died has left it. */
  resume(saved: SavedMeeting): void {
    this.#isLocked = saved.isLocked;
    this.#muteOnEntry = saved.muteOnEntry;
    this.#move('start');
    this.#listen();
    this.#sites.resume(saved.sites);
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
    this.#end.extend(byMs);
    this.#changed();
  }

  /** Takes over the stored conference, which was changed: name, sites, layout, mute on entry. */
  replan(plan: MeetingPlan): void {
    const before = this.#plan;
    this.#plan = plan;
    if (plan.muteOnEntry !== before.muteOnEntry) this.#muteOnEntry = plan.muteOnEntry;
    this.#deps.rooms.changed(plan.conference);
    this.#sites.replan(plan.sites);
    this.#govern();
  }

  /** Calls a site anew, from the bottom of its ladder. @throws GatewayError `not-found` */
  redial(siteId: SiteId): void {
    this.#sites.redial(siteId);
  }

  /** Calls all that are not here, whoever they are. */
  dialMissing(): void {
    this.#sites.dialMissing();
  }

  /** Calls all that failed, now those that were to be called later. */
  redialFailed(): void {
    this.#sites.redialFailed();
  }

  /** Ends a site's call, or the attempts at one. @throws GatewayError `not-found` */
  hangUp(siteId: SiteId): void {
    this.#sites.hangUp(siteId);
  }

  /** Gives up bringing in whoever is not here. */
  cancelDialling(): void {
    this.#sites.cancelDialling();
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
    const others = this.#sites.participants.filter(({ id }) => id !== exceptId);
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
    this.#messageTimer.clear();
    const untilMs = forMs === undefined ? undefined : this.#deps.clock.now() + forMs;
    this.#message =
      text === undefined ? undefined : { text, ...(untilMs !== undefined && { untilMs }) };
    if (text !== undefined && forMs !== undefined)
      this.#messageTimer.set(forMs, () => this.say(undefined));
    this.#govern();
  }

  get saved(): SavedMeeting {
    return {
      conferenceId: this.conferenceId,
      state: this.isRunning ? 'running' : 'ended',
      ...this.#run,
      ...(this.endsAtMs !== undefined && { endsAtMs: this.endsAtMs }),
      isLocked: this.#isLocked,
      muteOnEntry: this.#muteOnEntry,
      sites: this.#sites.saved,
    };
  }

  get view(): MeetingView {
    const { sites: _, ...facts } = this.saved;
    return {
      ...facts,
      name: this.#plan.conference.name,
      ...(this.#message && { message: this.#message }),
      ...(this.#spotlightId && { spotlightId: this.#spotlightId }),
      sites: this.#sites.views,
    };
  }

  #listen(): void {
    const { rooms, calls } = this.#deps;
    this.#undo = [
      calls.onEnded(({ conferenceId, siteId, reason, wasAnswered }) => {
        if (conferenceId !== this.conferenceId || !wasAnswered) return;
        this.#sites.callEnded(siteId, reason);
      }),
      rooms.watch(this.conferenceId, participants => {
        this.#sites.seen(participants);
        this.#changed();
      }),
      rooms.watchSpotlight(this.conferenceId, participantId => {
        this.#spotlightId = participantId;
        this.#changed();
      }),
    ];
    this.#govern();
    this.#end.arm();
  }

  #govern(): void {
    const message = this.#message?.text;
    const rules = { isLocked: this.#isLocked, muteOnEntry: this.#muteOnEntry };
    this.#deps.rooms.govern(this.conferenceId, { ...rules, ...(message && { message }) });
    this.#changed();
  }

  #endByItself(why: string): void {
    this.#deps.log.info({ why }, 'meeting ends by itself');
    this.end().catch(err => this.#deps.log.warn({ err }, 'meeting not ended cleanly'));
  }

  /** @param reason undefined leaves the calls alone */
  #close(reason: 'room-hangup' | undefined): void {
    for (const undo of this.#undo) undo();
    this.#over.abort(new Error('meeting over'));
    this.#sites.close(reason);
  }

  /** The one place where the state changes; false when the event means nothing now. */
  #move(event: MeetingEvent): boolean {
    const state = nextMeetingState(this.#state, event);
    if (state) this.#state = state;
    return state !== undefined;
  }

  #changed(): void {
    if (this.#over.signal.aborted) return;
    this.#end.deserted(this.#sites.areDeserted);
    this.#deps.onChange(this);
  }
}
