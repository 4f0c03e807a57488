import type { CallLog } from './calls/call-log.ts';
import type { DialOut } from './calls/dial-out.ts';
import type { LiveConferences } from './conferences/live-conferences.ts';
import type { ConferenceStore } from './conferences/ports.ts';
import type { Conference, ConferenceMember } from './domain/conference.ts';
import type { MeetingDirectoryDeps } from './meetings/meeting-directory.ts';
import type { MeetingCalls, MeetingPlan, PlannedSite, PlanStore } from './meetings/ports.ts';
import type { SiteStore } from './sites/ports.ts';

/** Calls as meetings need them. */
export function meetingCalls(dialOut: DialOut, callLog: CallLog): MeetingCalls {
  return {
    call: wish => dialOut.call(wish),
    onEnded: listener =>
      callLog.onEnded(({ conferenceId, siteId, verdict, inviteToAnswerMs }) => {
        if (!conferenceId || !siteId || !verdict) return;
        const wasAnswered = inviteToAnswerMs !== undefined;
        listener({ conferenceId, siteId, reason: verdict.reason, wasAnswered });
      }),
  };
}

/** Conferences that run, as those who lead meetings need them. */
export function meetingRooms(conferences: LiveConferences): MeetingDirectoryDeps['rooms'] {
  return {
    mute: (id, participantId, muted) => conferences.mute(id, participantId, muted),
    putOut: (id, participantId) => conferences.putOut(id, participantId),
    spotlight: (id, participantId) => conferences.spotlight(id, participantId),
    participants: id => conferences.find(id)?.roster.list() ?? [],
  };
}

export interface PlanDeps {
  readonly sites: Pick<SiteStore, 'getSite'>;
  readonly conferenceStore: Pick<ConferenceStore, 'getConference' | 'listConferences'>;
}

/** Plans from what is stored of conferences and their sites. */
export function plansOf({ sites, conferenceStore }: PlanDeps): PlanStore {
  return {
    getPlan: async id => {
      const conference = await conferenceStore.getConference(id);
      return conference && planOf(conference, sites);
    },
    listScheduled: async () => {
      const conferences = await conferenceStore.listConferences();
      const planned = conferences.filter(({ schedule }) => schedule !== undefined);
      return Promise.all(planned.map(conference => planOf(conference, sites)));
    },
  };
}

async function planOf(conference: Conference, sites: PlanDeps['sites']): Promise<MeetingPlan> {
  const { members, muteOnEntry = false, schedule } = conference;
  const planned = await Promise.all(members.map(member => plannedSite(member, sites)));
  return {
    conference,
    sites: planned.filter(site => site !== undefined),
    muteOnEntry,
    ending: 'at-time',
    ...(schedule && { schedule }),
  };
}

async function plannedSite(
  { siteId, role, dial }: ConferenceMember,
  sites: PlanDeps['sites'],
): Promise<PlannedSite | undefined> {
  const site = await sites.getSite(siteId);
  if (!site) return undefined; // taken away between two queries
  const inOrder = site.endpoints.toSorted((a, b) => Number(!!a.isBackup) - Number(!!b.isBackup));
  const endpointIds = inOrder.map(({ id }) => id);
  return { siteId, name: site.name, role, dialOut: dial === 'out', endpointIds };
}
