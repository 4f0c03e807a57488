import type { AnswerStore, ApiCore, Visit as ApiVisit } from './api/core.ts';
import type { CallArchive } from './calls/call-archive.ts';
import type { CallList } from './calls/call-list.ts';
import type { ConferenceDirectory } from './conferences/conference-directory.ts';
import { participantView } from './conferences/conference-view.ts';
import type { OrderState } from './conferences/moderation.ts';
import type { Visit, VisitEnd } from './conferences/visit.ts';
import type { Joined, Visits } from './conferences/visits.ts';
import type { GatewayMessage } from './contract/events.ts';
import type { IceView } from './contract/ice.ts';
import type { HealthView, JoinView, WaitView } from './contract/rest.ts';
import type { SpeakingOrderView } from './contract/speaking-order.ts';
import type { SettingView, SystemView } from './contract/system.ts';
import type { CallId } from './domain/ids.ts';
import type { Chairing } from './meetings/chairing.ts';
import type { MeetingDirectory } from './meetings/meeting-directory.ts';
import type { MetricFamily } from './observability/prometheus.ts';
import type { RecordDirectory } from './records/record-directory.ts';
import type { RecordTickets } from './records/record-tickets.ts';
import type { RollCalls } from './records/roll-calls.ts';
import type { AdmissionGuard } from './sites/admission-guard.ts';
import type { SiteDirectory } from './sites/site-directory.ts';

export interface ApiCoreParts {
  readonly sites: SiteDirectory;
  readonly conferences: ConferenceDirectory;
  readonly meetings: MeetingDirectory;
  readonly records: RecordDirectory;
  readonly recordTickets: RecordTickets;
  readonly rollCalls: RollCalls;
  /** Who bans, each sources of its own. */
  readonly bans: readonly Pick<AdmissionGuard, 'list' | 'lift'>[];
  readonly calls: CallList;
  readonly callArchive: CallArchive;
  readonly visits: Visits;
  readonly chairing: Chairing;
  readonly now: () => number;
  readonly answers: AnswerStore;
  readonly note: ApiCore['note'];
  readonly maxVideoBitrateBps: number;
  /** How a participant's browser reaches the rooms. */
  readonly ice: (participantId: string) => IceView;
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
    records: parts.records,
    recordTickets: parts.recordTickets,
    rollCalls: parts.rollCalls,
    calls: {
      list: () => calls.list(),
      log: (query, by) => callArchive.list(query, by),
      trace: async (callId, by) => {
        const found = await callArchive.find(callId as CallId, by);
        return found && { call: found.call, messages: [...found.messages] };
      },
      hangup: async callId => calls.requestEnd(callId as CallId, 'operator'),
    },
    bans: {
      list: () => bans.flatMap(one => one.list()).sort((a, b) => b.sinceMs - a.sinceMs),
      lift: source => bans.some(one => one.lift(source)),
    },
    visits: {
      join: async (input, address) => joinedView(await visits.join({ ...input, address }), parts),
      find: token => {
        const visit = visits.find(token);
        return visit && apiVisit(visit, parts);
      },
      findWait: token => visits.findWait(token),
    },
    answers: parts.answers,
    note: parts.note,
    system: parts.system,
    settings: parts.settings,
    health: parts.health,
    metrics: parts.metrics,
  };
}

function joinedView(joined: Joined, parts: ApiCoreParts): JoinView | WaitView {
  if (joined.visit) return joinView(joined.visit, parts);
  const { wait, conferenceName: name } = joined;
  return { waiting: { token: wait.token, conference: { name }, reason: wait.reason } };
}

function joinView(visit: Visit, { maxVideoBitrateBps, ice }: ApiCoreParts): JoinView {
  const { participantId, conference } = visit.seat;
  const { id, name } = conference.conference;
  return {
    participantId,
    token: visit.token,
    conference: { id, name },
    roomId: id,
    maxVideoBitrateBps,
    ice: ice(participantId),
    chair: visit.isChair,
    back: visit.isBack,
  };
}

function apiVisit(visit: Visit, { visits, chairing, now }: ApiCoreParts): ApiVisit {
  return {
    participantId: visit.seat.participantId,
    conferenceId: visit.conferenceId,
    roomId: visit.conferenceId,
    name: visit.name,
    onRoster: listener => visit.onRoster(roster => listener(roster.map(participantView))),
    onEnded: listener => visit.onEnded(reason => listener(endedReason(reason))),
    setMuted: muted => visit.setMuted(muted),
    get isChair() {
      return visit.isChair;
    },
    lead: (pin, address) => visits.lead(visit, pin, address),
    onLeading: listener => visit.onLeading(listener),
    raiseHand: raised => visit.raiseHand(raised),
    onOrder: listener => visit.onOrder(order => listener(orderView(order, now()))),
    write: text => visit.write(text, now()),
    onChat: listener => visit.onChat(listener),
    onChair: listener => chairing.watch(visit.conferenceId, listener),
    act: act => chairing.act(visit.conferenceId, act),
    get isHeldMuted() {
      return visit.isHeldMuted;
    },
    onNotice: listener => visit.onNotice(listener),
    get isSharing() {
      return visit.isSharing;
    },
    share: () => visit.share(),
    stopSharing: () => visit.stopSharing(),
    requestContent: wanted => visit.requestContent(wanted),
    denyContent: () => visit.denyContent(),
    onContent: listener => visit.onContent(listener),
    attached: () => visit.attached(),
    detached: () => visit.detached(),
    leave: () => visit.leave(),
  };
}

function orderView(order: OrderState, nowMs: number): SpeakingOrderView {
  const { mode, hands, floor, spotlightId } = order;
  const large = spotlightId !== undefined && { spotlightId };
  return { nowMs, mode, hands: [...hands], ...(floor && { floor }), ...large };
}

function endedReason(reason: VisitEnd): EndedReason {
  if (reason === 'left' || reason === 'stayed-away' || reason === 'handed-over') return 'removed';
  if (reason === 'removed') return reason;
  if (reason === 'conference-closed' || reason === 'shutdown') return reason;
  return 'room-server-down';
}
