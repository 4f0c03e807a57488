import type { Logger } from 'pino';
import type { CallList } from '../calls/call-list.ts';
import type { CallLog, CallRecord } from '../calls/call-log.ts';
import type { LiveConferences } from '../conferences/live-conferences.ts';
import type { MeetingView } from '../contract/meetings.ts';
import type { Participant } from '../domain/conference.ts';
import type { ConferenceId } from '../domain/ids.ts';
import type { SiteStore } from '../sites/ports.ts';
import type { Presence } from '../sites/presence.ts';
import { siteStatuses } from '../sites/site-status.ts';
import type { RunningMeetings } from '../watch/ports.ts';
import type { Dispatcher } from './dispatcher.ts';
import {
  type Happening,
  meetingHappenings,
  rosterHappenings,
  siteHappenings,
} from './happenings.ts';

export interface EventWatchDeps {
  readonly dispatcher: Pick<Dispatcher, 'tell'>;
  readonly store: Pick<SiteStore, 'listSites'>;
  readonly live: LiveConferences;
  readonly presence: Presence;
  readonly calls: CallList;
  readonly callLog: CallLog;
  /** The meetings that run. */
  readonly meetings?: RunningMeetings;
  readonly log: Logger;
}

/** States of sites are compared this long after something changed, once for all that did. */
const SETTLE_MS = 500;

/** Watches what webhooks are told of. */
export class EventWatch {
  readonly #deps: EventWatchDeps;
  readonly #undo: (() => void)[];
  readonly #rosters = new Map<ConferenceId, readonly Participant[]>();
  #meetings: readonly MeetingView[];
  #states: ReadonlyMap<string, string> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: EventWatchDeps) {
    this.#deps = deps;
    this.#meetings = deps.meetings?.list() ?? [];
    const { live, presence, calls, callLog, meetings } = deps;
    const siteChanged = () => this.#settle();
    this.#undo = [
      live.on('roster', ({ conferenceId }) => this.#rosterChanged(conferenceId)),
      presence.onChange(siteChanged),
      calls.onChange(siteChanged),
      callLog.onEnded(record => this.#deps.dispatcher.tell('call.ended', callFacts(record))),
      ...(meetings ? [meetings.onChange(() => this.#meetingsChanged())] : []),
    ];
    this.#settle();
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const stop of this.#undo) stop();
  }

  #rosterChanged(id: ConferenceId): void {
    const before = this.#rosters.get(id) ?? [];
    const after = this.#deps.live.find(id)?.roster.list() ?? [];
    if (after.length > 0) this.#rosters.set(id, after);
    else this.#rosters.delete(id);
    this.#tell(rosterHappenings(id, before, after));
  }

  #meetingsChanged(): void {
    const before = this.#meetings;
    this.#meetings = this.#deps.meetings?.list() ?? [];
    this.#tell(meetingHappenings(before, this.#meetings));
  }

  #settle(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#compareSites().catch(err => this.#deps.log.warn({ err }, 'sites not compared'));
    }, SETTLE_MS);
    this.#timer.unref();
  }

  async #compareSites(): Promise<void> {
    const { store, presence, calls, live, log } = this.#deps;
    const now = siteStatuses(await store.listSites(), { presence, calls, conferences: live });
    const before = this.#states;
    this.#states = new Map(now.map(({ id, state }) => [id, state]));
    if (before) this.#tell(siteHappenings(before, now));
    else log.debug({ sites: now.length }, 'states of sites known');
  }

  #tell(happenings: readonly Happening[]): void {
    for (const { event, data } of happenings) this.#deps.dispatcher.tell(event, data);
  }
}

/** What a receiver may know of a call: not what it said. */
function callFacts(record: CallRecord): Readonly<Record<string, unknown>> {
  const { callId, direction, siteId, conferenceId, sipUsername, dialled } = record;
  const { startedAtMs, endedAtMs, verdict, alarms } = record;
  const what = { callId, direction, siteId, conferenceId, sipUsername, dialled };
  return { ...what, startedAtMs, endedAtMs, verdict, alarms };
}
