/**
 * What chairs do from the page of a meeting. Where a meeting was started, what holds for it is
 * said to the meeting and outlives a restart; where people simply came in, to `AdHoc`.
 */
import type { Logger } from 'pino';
import type { Clock } from '../calls/ports.ts';
import { layoutView } from '../conferences/conference-view.ts';
import type { LiveConference } from '../conferences/live-conference.ts';
import type { LiveConferences } from '../conferences/live-conferences.ts';
import { hallLayout } from '../conferences/meeting-layout.ts';
import type { ChairAct, ChairView, WaitingPerson } from '../contract/chair.ts';
import type { LayoutInput } from '../contract/rest.ts';
import { GatewayError } from '../domain/errors.ts';
import type { ConferenceId, ParticipantId } from '../domain/ids.ts';
import { AdHoc } from './ad-hoc.ts';
import type { Meetings } from './meetings.ts';

/** Who waits to be let in: `Visits`. */
export interface Waiters {
  list(id: ConferenceId): readonly WaitingPerson[];
  /** @param ids of waits; those that are over do no harm */
  admit(id: ConferenceId, ids: readonly string[]): void;
  turnAway(id: ConferenceId, waitingId: string): void;
  /** Who waits has changed; returns its own undo. */
  onChange(listener: (id: ConferenceId) => void): () => void;
}

export interface ChairingDeps {
  readonly conferences: LiveConferences;
  readonly meetings: Pick<Meetings, 'find' | 'lock' | 'say' | 'extend' | 'end' | 'onChange'>;
  readonly waiters: Waiters;
  readonly clock: Clock;
  readonly log: Logger;
}

type Listener = () => void;

export class Chairing {
  readonly #deps: ChairingDeps;
  readonly #adHoc: AdHoc;
  readonly #listeners = new Map<ConferenceId, Set<Listener>>();
  readonly #undo: readonly (() => void)[];

  constructor(deps: ChairingDeps) {
    this.#deps = deps;
    const { conferences, meetings, waiters } = deps;
    this.#adHoc = new AdHoc(conferences, deps.clock);
    this.#undo = [
      conferences.on('roster', ({ conferenceId }) => this.#rosterChanged(conferenceId)),
      conferences.on('rules', ({ conferenceId }) => this.#tell(conferenceId)),
      meetings.onChange(meeting => {
        const conferenceId = meeting.conferenceId as ConferenceId;
        if (meeting.state === 'running') this.#adHoc.forget(conferenceId);
        this.#tell(conferenceId);
      }),
      waiters.onChange(id => this.#tell(id)),
    ];
  }

  close(): void {
    for (const undo of this.#undo) undo();
    this.#adHoc.close();
  }

  /** What chairs see now, and on each change. Returns its own undo. */
  watch(id: ConferenceId, listener: (view: ChairView) => void): () => void {
    const listeners = this.#listeners.get(id) ?? new Set();
    this.#listeners.set(id, listeners);
    const tell = () => {
      const view = this.#view(id);
      if (view) listener(view);
    };
    listeners.add(tell);
    tell();
    return () => {
      listeners.delete(tell);
      if (listeners.size === 0) this.#listeners.delete(id);
    };
  }

  /**
   * Does it.
   *
   * @throws GatewayError `not-found` for who is not here any more, `room-server-down`, `bad-request`
   */
  async act(id: ConferenceId, act: ChairAct): Promise<void> {
    const live = this.#live(id);
    this.#deps.log.info({ conferenceId: id, act: act.do }, 'chair');
    const { moderation } = live;
    switch (act.do) {
      case 'mute':
        return moderation.mute(act.participantId as ParticipantId, act.muted);
      case 'mute-all':
        return moderation.muteAll(act.muted);
      case 'ask-to-unmute':
        return moderation.askToUnmute(act.participantId as ParticipantId);
      case 'remove':
        return moderation.putOut(act.participantId as ParticipantId);
      case 'stop-sharing':
        return live.content.revoke(act.participantId as ParticipantId);
      case 'lower-hand':
        return moderation.raiseHand(act.participantId as ParticipantId, false);
      case 'give-floor': {
        const limitMs = act.limitSec === undefined ? undefined : act.limitSec * 1000;
        return moderation.giveFloor(act.participantId as ParticipantId, limitMs);
      }
      case 'take-floor':
        return moderation.takeFloor();
      case 'free-discussion':
        return moderation.freeDiscussion();
      case 'spotlight':
        return live.spotlight(act.participantId as ParticipantId | undefined);
      case 'layout':
        return setLayout(live, act.layout);
      case 'admit':
        return this.#deps.waiters.admit(id, act.waitingIds);
      case 'turn-away':
        return this.#deps.waiters.turnAway(id, act.waitingId);
      default:
        return this.#lead(id, act);
    }
  }

  /** What holds for the meeting as a whole. */
  async #lead(
    id: ConferenceId,
    act: Extract<ChairAct, { do: 'lock' | 'message' | 'extend' | 'end' }>,
  ): Promise<void> {
    const { meetings, conferences } = this.#deps;
    const isMeeting = meetings.find(id) !== undefined;
    switch (act.do) {
      case 'lock':
        return void (isMeeting ? meetings : this.#adHoc).lock(id, act.locked);
      case 'message':
        return void (isMeeting ? meetings : this.#adHoc).say(
          id,
          act.text === '' ? undefined : act.text,
          act.seconds,
        );
      case 'extend':
        if (isMeeting) return void meetings.extend(id, act.minutes);
        throw new GatewayError(
          'bad-request',
          'This meeting has no planned end: end it when it is over.',
        );
      case 'end':
        if (isMeeting) await meetings.end(id);
        await conferences.end(id, 'conference-closed');
    }
  }

  #view(id: ConferenceId): ChairView | undefined {
    const { conferences, meetings, waiters, clock } = this.#deps;
    const live = conferences.find(id);
    if (!live) return undefined;
    const { endsAtMs, message } = meetings.find(id) ?? {
      endsAtMs: undefined,
      ...this.#adHoc.find(id),
    };
    return {
      nowMs: clock.now(),
      locked: live.isLocked,
      ...(endsAtMs !== undefined && { endsAtMs }),
      ...(message && { message: { ...message } }),
      layout: layoutView(live.layout),
      waiting: [...waiters.list(id)],
    };
  }

  #rosterChanged(id: ConferenceId): void {
    if (this.#deps.conferences.find(id)) return;
    if (!this.#adHoc.find(id)) return;
    this.#adHoc.forget(id);
    if (!this.#deps.meetings.find(id)) this.#deps.conferences.govern(id, undefined);
  }

  #tell(id: ConferenceId): void {
    for (const listener of [...(this.#listeners.get(id) ?? [])]) listener();
  }

  /** @throws GatewayError `not-found` */
  #live(id: ConferenceId): LiveConference {
    const live = this.#deps.conferences.find(id);
    if (live) return live;
    throw new GatewayError('not-found', 'Nobody is in this conference now.');
  }
}

/**
 * In this meeting; what is stored of the conference stays.
 *
 * @throws GatewayError `not-found` for a participant who is not here
 */
function setLayout(live: LiveConference, input: LayoutInput): void {
  const { hqParticipantId, pinnedParticipantId } = input;
  for (const id of [hqParticipantId, pinnedParticipantId])
    if (id !== undefined && !live.roster.get(id as ParticipantId))
      throw new GatewayError('not-found', 'There is no such participant in this conference.');
  live.setLayout({
    ...hallLayout(input),
    ...(hqParticipantId !== undefined && { hqParticipantId: hqParticipantId as ParticipantId }),
    ...(pinnedParticipantId !== undefined && {
      pinnedParticipantId: pinnedParticipantId as ParticipantId,
    }),
  });
}
