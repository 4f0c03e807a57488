import type { ConferenceView } from '../contract/conferences.ts';
import type {
  LayoutView,
  ParticipantDetailView,
  ParticipantView,
  PictureView,
} from '../contract/rest.ts';
import type { StreamQuality } from '../contract/stage.ts';
import type { Participant } from '../domain/conference.ts';
import type { LiveConference } from './live-conference.ts';
import type { MeetingLayout } from './meeting-layout.ts';
import type { StoredConference } from './ports.ts';

/** What is known of a conference besides what is stored. */
export interface ConferenceNow {
  readonly participantCount: number;
  readonly nextStartsAtMs: number | undefined;
}

/** A conference as an administrator sees it. */
export function conferenceView(conference: StoredConference, now: ConferenceNow): ConferenceView {
  const { pinHash, chairPinHash, members, schedule, ...facts } = conference;
  const { participantCount, nextStartsAtMs } = now;
  return {
    ...facts,
    members: [...members],
    ...(schedule && { schedule: { ...schedule, exceptions: [...schedule.exceptions] } }),
    muteOnEntry: facts.muteOnEntry ?? false,
    recordingWished: facts.recordingWished ?? false,
    hasPin: pinHash !== undefined,
    hasChairPin: chairPinHash !== undefined,
    ...(nextStartsAtMs !== undefined && { nextStartsAtMs }),
    live: participantCount > 0,
    participantCount,
  };
}

export function layoutView({ hqSiteId, hqParticipantId, ...layout }: MeetingLayout): LayoutView {
  const { pinnedParticipantId, gridSize } = layout;
  const hq = hqParticipantId === undefined ? { hqSiteId } : { hqParticipantId };
  return { layout: layout.layout, ...hq, pinnedParticipantId, gridSize };
}

/** Everybody in it as the administrator sees them. */
export function participantDetails(live: LiveConference): ParticipantDetailView[] {
  return live.roster.list().map(one => detailView(one, live));
}

function detailView(participant: Participant, live: LiveConference): ParticipantDetailView {
  const { siteId } = participant;
  const stream = live.quality.latest(participant.id);
  return {
    ...participantView(participant),
    ...(siteId !== undefined && { siteId }),
    ...(stream && { picture: pictureView(stream) }),
  };
}

function pictureView(stream: StreamQuality): PictureView {
  const { participantId: _, content: __, packetsReceived: ___, ...picture } = stream;
  return picture;
}

/** A participant as clients see it. */
export function participantView(participant: Participant): ParticipantView {
  const { conferenceId: _, siteId: __, hallLayout: ___, ...view } = participant;
  return view;
}
