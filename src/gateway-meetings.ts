import type { CallLog } from './calls/call-log.ts';
import type { DialOut } from './calls/dial-out.ts';
import type { ConferenceStore } from './conferences/ports.ts';
import type { Conference } from './domain/conference.ts';
import type { MeetingCalls, MeetingPlan, PlannedSite, PlanStore } from './meetings/ports.ts';
import type { SiteStore } from './sites/ports.ts';

/** Calls as meetings need them. */
export function meetingCalls(dialOut: DialOut, callLog: CallLog): MeetingCalls {
  return {
    call: wish => dialOut.call(wish),
    onEnded: listener =>
      callLog.onClosed(({ conferenceId, siteId, verdict, inviteToAnswerMs }) => {
        if (!conferenceId || !siteId || !verdict) return;
        const wasAnswered = inviteToAnswerMs !== undefined;
        listener({ conferenceId, siteId, reason: verdict.reason, wasAnswered });
      }),
  };
}

export interface PlanDeps {
  readonly sites: Pick<SiteStore, 'getSite'>;
  readonly conferenceStore: Pick<ConferenceStore, 'getConference'>;
}

/** Plans from what is stored of a conference: all its sites are called, nothing is by the calendar. */
export function plansOf({ sites, conferenceStore }: PlanDeps): PlanStore {
  return {
    getPlan: async id => {
      const conference = await conferenceStore.getConference(id);
      return conference && planOf(conference, sites);
    },
    listScheduled: async () => [],
  };
}

async function planOf(conference: Conference, sites: PlanDeps['sites']): Promise<MeetingPlan> {
  const found = await Promise.all(conference.siteIds.map(id => sites.getSite(id)));
  const planned = found
    .filter(site => site !== undefined)
    .map(({ id, name, endpoints }): PlannedSite => {
      const inOrder = endpoints.toSorted((a, b) => Number(!!a.isBackup) - Number(!!b.isBackup));
      return { siteId: id, name, dialOut: true, endpointIds: inOrder.map(one => one.id) };
    });
  return { conference, sites: planned, muteOnEntry: false, ending: 'at-time' };
}
