/** Meetings over `/api/v1`: one run of a conference, and what is done while it runs. */
import { z } from 'zod';
import { MemberRole } from './conferences.ts';
import { operation } from './operation.ts';
import { IdParam, listQuery, pageOf } from './paging.ts';

/** Where a site stands in a meeting. `retry-at` waits for its next try, `left` went by itself. */
export const MeetingSiteState = z.enum([
  'waiting',
  'dialling',
  'ringing',
  'connected',
  'retry-at',
  'failed',
  'left',
  'not-called',
]);
export type MeetingSiteState = z.infer<typeof MeetingSiteState>;

export const MeetingSiteView = z.object({
  siteId: z.string(),
  name: z.string(),
  role: MemberRole,
  state: MeetingSiteState,
  sinceMs: z.number(),
  /** Why it is not there: a code of the table of call results, in words by the pages. */
  reason: z.string().optional(),
  /** How often it was called. */
  attempts: z.number().int(),
  nextTryAtMs: z.number().optional(),
  callId: z.string().optional(),
  participantId: z.string().optional(),
});
export type MeetingSiteView = z.infer<typeof MeetingSiteView>;

/** On every screen; until it is taken away where no time is given. */
export const MeetingMessage = z.object({ text: z.string(), untilMs: z.number().optional() });

export const MeetingView = z.object({
  id: z.string(),
  conferenceId: z.string(),
  conferenceName: z.string(),
  state: z.enum(['running', 'ended']),
  /** `schedule`, or the name of who started it. */
  startedBy: z.string(),
  startedAtMs: z.number(),
  /** When it ends by itself. */
  endsAtMs: z.number().optional(),
  endedAtMs: z.number().optional(),
  locked: z.boolean(),
  message: MeetingMessage.optional(),
  /** The participant who is large for everybody: has the floor, or was put there. */
  spotlightId: z.string().optional(),
  sites: z.array(MeetingSiteView),
});
export type MeetingView = z.infer<typeof MeetingView>;

const SiteIds = z.array(z.string().min(1).max(100)).max(1000);

export const StartMeetingInput = z.strictObject({
  /** Sites to call now: those the conference says, nobody, or these. */
  dial: z.union([z.enum(['planned', 'none']), SiteIds]).default('planned'),
  durationMin: z
    .number()
    .int()
    .min(5)
    .max(24 * 60)
    .optional(),
});
export type StartMeetingInput = z.infer<typeof StartMeetingInput>;

export const ParticipantPatch = z.strictObject({
  muted: z.boolean().optional(),
  /** Large for everybody, until taken back. */
  spotlight: z.boolean().optional(),
});
export type ParticipantPatch = z.infer<typeof ParticipantPatch>;

const ParticipantParam = IdParam.extend({ participantId: z.string().min(1).max(100) });

/** An operation on the meeting of conference `:id`. */
const about = { tag: 'meetings', access: 'meetings.run', params: IdParam } as const;

export const meetingOperations = {
  listMeetings: operation({
    id: 'listMeetings',
    method: 'get',
    path: '/meetings',
    tag: 'meetings',
    summary: 'Meetings that run and that were, the latest first',
    access: 'conferences.read',
    query: listQuery(['startedAtMs', 'conferenceName'], '-startedAtMs').extend({
      state: MeetingView.shape.state.optional(),
      conferenceId: z.string().max(100).optional(),
    }),
    answer: pageOf(MeetingView),
  }),
  getMeeting: operation({
    ...about,
    id: 'getMeeting',
    method: 'get',
    path: '/conferences/:id/meeting',
    access: 'conferences.read',
    summary: 'The meeting that runs',
    answer: MeetingView,
  }),
  startMeeting: operation({
    ...about,
    id: 'startMeeting',
    method: 'post',
    path: '/conferences/:id/meeting',
    summary: 'Starts a meeting and calls its sites',
    body: StartMeetingInput,
    status: 201,
    answer: MeetingView,
    errors: ['conflict'],
  }),
  endMeeting: operation({
    ...about,
    id: 'endMeeting',
    method: 'delete',
    path: '/conferences/:id/meeting',
    summary: 'Ends the meeting for everybody',
    status: 204,
  }),
  extendMeeting: operation({
    ...about,
    id: 'extendMeeting',
    method: 'post',
    path: '/conferences/:id/meeting/extend',
    summary: 'Moves the end',
    body: z.strictObject({ minutes: z.number().int().min(1).max(600) }),
    answer: MeetingView,
  }),
  lockMeeting: operation({
    ...about,
    id: 'lockMeeting',
    method: 'put',
    path: '/conferences/:id/meeting/lock',
    summary: 'Lets nobody new in, or everybody again',
    body: z.strictObject({ locked: z.boolean() }),
    answer: MeetingView,
  }),
  showMessage: operation({
    ...about,
    id: 'showMessage',
    method: 'put',
    path: '/conferences/:id/meeting/message',
    summary: 'Shows a message on every screen; an empty one takes it away',
    body: z.strictObject({
      text: z.string().trim().max(200),
      seconds: z.number().int().min(3).max(3600).default(30),
    }),
    answer: MeetingView,
  }),
  dialSites: operation({
    ...about,
    id: 'dialSites',
    method: 'post',
    path: '/conferences/:id/meeting/dial',
    summary: 'Calls sites now: these, all that failed, or all that are not there',
    body: z.strictObject({ sites: z.union([z.enum(['failed', 'missing']), SiteIds.min(1)]) }),
    status: 202,
    answer: MeetingView,
  }),
  cancelDialling: operation({
    ...about,
    id: 'cancelDialling',
    method: 'post',
    path: '/conferences/:id/meeting/cancel-dialling',
    summary: 'Stops calling; who is there stays',
    answer: MeetingView,
  }),
  hangUpSite: operation({
    ...about,
    id: 'hangUpSite',
    method: 'post',
    path: '/conferences/:id/meeting/hang-up',
    summary: 'Ends the calls of these sites, and does not call them again',
    body: z.strictObject({ siteIds: SiteIds.min(1) }),
    answer: MeetingView,
  }),
  muteAll: operation({
    ...about,
    id: 'muteAll',
    method: 'put',
    path: '/conferences/:id/muted',
    summary: 'Mutes everybody, or nobody any longer',
    body: z.strictObject({
      muted: z.boolean(),
      exceptParticipantIds: z.array(z.string().max(100)).max(1000).default([]),
    }),
    status: 204,
  }),
  changeParticipant: operation({
    ...about,
    id: 'changeParticipant',
    method: 'patch',
    path: '/conferences/:id/participants/:participantId',
    params: ParticipantParam,
    summary: 'Mutes or shows somebody large',
    body: ParticipantPatch,
    status: 204,
  }),
  removeParticipant: operation({
    ...about,
    id: 'removeParticipant',
    method: 'delete',
    path: '/conferences/:id/participants/:participantId',
    params: ParticipantParam,
    summary: 'Puts somebody out',
    status: 204,
  }),
} as const;
