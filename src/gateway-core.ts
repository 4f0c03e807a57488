import type { AnswerStore, ApiCore, Visit as ApiVisit } from './api/core.ts';
import type { CallArchive } from './calls/call-archive.ts';
import type { CallList } from './calls/call-list.ts';
import type { ConferenceDirectory } from './conferences/conference-directory.ts';
import { participantView } from './conferences/conference-view.ts';
import type { Visit, VisitEnd, Visits } from './conferences/visits.ts';
import type { GatewayMessage } from './contract/events.ts';
import type { HealthView, JoinInput, JoinView } from './contract/rest.ts';
import type { SettingView, SystemView } from './contract/system.ts';
import type { CallId } from './domain/ids.ts';
import type { MeetingDirectory } from './meetings/meeting-directory.ts';
import type { MetricFamily } from './observability/prometheus.ts';
import type { AdmissionGuard } from './sites/admission-guard.ts';
import type { SiteDirectory } from './sites/site-directory.ts';

export interface ApiCoreParts {
  readonly sites: SiteDirectory;
  readonly conferences: ConferenceDirectory;
  readonly meetings: MeetingDirectory;
  readonly bans: AdmissionGuard;
  readonly calls: CallList;
  readonly callArchive: CallArchive;
  readonly visits: Visits;
  readonly answers: AnswerStore;
  readonly note: ApiCore['note'];
  readonly maxVideoBitrateBps: number;
  readonly system: () => Promise<SystemView>;
  readonly settings: () => SettingView[];
  readonly health: () => Promise<HealthView>;
  readonly metrics: () => Promise<readonly MetricFamily[]>;
}

type EndedReason = Extract<GatewayMessage, { type: 'ended' }>['reason'];

/** The core in the shape the API asks for. */
export function apiCore(parts: ApiCoreParts): ApiCore {
  const { sites, conferences, meetings, bans, calls, callArchive, visits } = parts;
  return {
    sites,
    conferences,
    meetings,
    calls: {
      list: () => calls.list(),
      log: (query, by) => callArchive.list(query, by),
      trace: async (callId, by) => {
        const found = await callArchive.find(callId as CallId, by);
        return found && { call: found.call, messages: [...found.messages] };
      },
      hangup: async callId => calls.requestEnd(callId as CallId, 'operator'),
    },
    bans: { list: () => bans.list(), lift: source => bans.lift(source) },
    visits: {
      join: async input => joinView(await joinVisit(visits, input), parts.maxVideoBitrateBps),
      find: token => {
        const visit = visits.find(token);
        return visit && apiVisit(visit);
      },
    },
    answers: parts.answers,
    note: parts.note,
    system: parts.system,
    settings: parts.settings,
    health: parts.health,
    metrics: parts.metrics,
  };
}

function joinVisit(visits: Visits, input: JoinInput): Promise<Visit> {
  return visits.join(input);
}

function joinView(visit: Visit, maxVideoBitrateBps: number): JoinView {
  const { id, name } = visit.seat.conference.conference;
  return {
    participantId: visit.seat.participantId,
    token: visit.token,
    conference: { id, name },
    roomId: id,
    maxVideoBitrateBps,
  };
}

function apiVisit(visit: Visit): ApiVisit {
  return {
    participantId: visit.seat.participantId,
    conferenceId: visit.conferenceId,
    roomId: visit.conferenceId,
    name: visit.name,
    onRoster: listener => visit.onRoster(roster => listener(roster.map(participantView))),
    onEnded: listener => visit.onEnded(reason => listener(endedReason(reason))),
    setMuted: muted => visit.setMuted(muted),
    get isHeldMuted() {
      return visit.isHeldMuted;
    },
    onNotice: listener => visit.onNotice(listener),
    get isSharing() {
      return visit.isSharing;
    },
    share: () => visit.share(),
    stopSharing: () => visit.stopSharing(),
    attached: () => visit.attached(),
    detached: () => visit.detached(),
    leave: () => visit.leave(),
  };
}

function endedReason(reason: VisitEnd): EndedReason {
  if (reason === 'left') return 'removed';
  if (reason === 'conference-closed' || reason === 'shutdown') return reason;
  return 'room-server-down';
}
