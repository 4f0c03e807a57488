import type { LiveConferences } from './conferences/live-conferences.ts';
import type { ConferenceAdminStore } from './conferences/ports.ts';
import type { ConferenceId } from './domain/ids.ts';
import type { Meetings } from './meetings/meetings.ts';
import type { RecordRooms, Run } from './records/ports.ts';
import type { SiteStore } from './sites/ports.ts';

export interface RecordRoomsParts {
  readonly conferences: LiveConferences;
  readonly meetings: Pick<Meetings, 'find' | 'onChange'>;
  readonly store: Pick<ConferenceAdminStore, 'getConference'> & Pick<SiteStore, 'getSite'>;
  readonly now: () => number;
}

/** Conferences that run, as their records need them. */
export function recordRooms(parts: RecordRoomsParts): RecordRooms {
  const { conferences, meetings } = parts;
  return {
    run: id => runOf(id, parts),
    isRunning: id => meetings.find(id) !== undefined || conferences.find(id) !== undefined,
    meetingStart: id => meetings.find(id)?.startedAtMs,
    participants: id => conferences.find(id)?.roster.list() ?? [],
    chat: id => conferences.find(id)?.chat.lines ?? [],
    onChange: listener => {
      const undo = [
        meetings.onChange(({ conferenceId }) => listener(conferenceId as ConferenceId)),
        conferences.on('roster', ({ conferenceId }) => listener(conferenceId)),
        conferences.on('chat', ({ conferenceId }) => listener(conferenceId)),
      ];
      return () => {
        for (const stop of undo) stop();
      };
    },
  };
}

async function runOf(
  id: ConferenceId,
  { conferences, meetings, store, now }: RecordRoomsParts,
): Promise<Run | undefined> {
  const meeting = meetings.find(id);
  const conference = await store.getConference(id);
  if (!conference || (!meeting && !conferences.find(id))) return undefined;
  const { name: title, groupId, members } = conference;
  const known = await Promise.all(members.map(({ siteId }) => store.getSite(siteId)));
  const sites = known.filter(site => site !== undefined);
  const startedAtMs = meeting?.startedAtMs ?? now();
  return {
    title,
    ...(groupId !== undefined && { groupId }),
    startedAtMs,
    dueAtMs: Math.max(startedAtMs, meeting?.occurrenceStartMs ?? 0),
    isOfMeeting: meeting !== undefined,
    sites: sites.map(({ id: siteId, name }) => ({ siteId, name })),
  };
}
