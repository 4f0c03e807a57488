/** Bodies of `/api/v1`: what a client sends and what it gets. Shared with the browser. */
import { z } from 'zod';
import { Alarm } from './alarms.ts';
import { IceView } from './ice.ts';
import { GridSize, SceneLayout } from './layout.ts';
import { isPlain, PLAIN } from './plain-text.ts';

const Name = z.string().trim().min(1).max(100).refine(isPlain, PLAIN);

/**
 * `PUT /api/v1/conferences/:id/layout`: how halls see the conference from now on. What names
 * a participant lasts as long as that one is here; the rest is kept for the next meeting.
 */
export const LayoutInput = z
  .strictObject({
    layout: SceneLayout,
    hqSiteId: z.string().min(1).optional(),
    /** Leads this meeting in the place of a site; a browser can. */
    hqParticipantId: z.string().min(1).optional(),
    /** Has the large place whoever speaks. */
    pinnedParticipantId: z.string().min(1).optional(),
    gridSize: GridSize.optional(),
  })
  .refine(({ hqSiteId, hqParticipantId }) => !hqSiteId || !hqParticipantId, {
    path: ['hqParticipantId'],
    message: 'give either hqSiteId or hqParticipantId',
  });
export type LayoutInput = z.infer<typeof LayoutInput>;

export const LayoutView = z.object({
  layout: SceneLayout,
  hqSiteId: z.string().optional(),
  hqParticipantId: z.string().optional(),
  pinnedParticipantId: z.string().optional(),
  gridSize: GridSize.optional(),
});
export type LayoutView = z.infer<typeof LayoutView>;

/** `GET /api/v1/conferences/:id/snapshot`, in the address. */
export const SnapshotQuery = z.strictObject({
  participant: z.string().min(1),
  /** The participant's own camera, or what the halls' picture is for this room codec. */
  of: z.enum(['sent', 'seen']).default('sent'),
  /** Greatest width, in pixels. */
  width: z.coerce.number().int().min(16).max(1920).default(640),
});
export type SnapshotQuery = z.infer<typeof SnapshotQuery>;

export const CallView = z.object({
  callId: z.string(),
  /** `out`: the gateway called. */
  direction: z.enum(['in', 'out']),
  /** Not there while the caller is in the voice menu. */
  conferenceId: z.string().optional(),
  participantId: z.string().optional(),
  siteId: z.string(),
  siteName: z.string(),
  state: z.string(),
  startedAtMs: z.number(),
  sipTransport: z.string(),
  remoteAddr: z.string(),
  userAgent: z.string(),
});
export type CallView = z.infer<typeof CallView>;

/** How a call went; `dropped` was cut off by something nobody wanted. */
export const CallResult = z.enum(['completed', 'cancelled', 'refused', 'failed', 'dropped']);
export type CallResult = z.infer<typeof CallResult>;

/** A call that runs or is over; the last ones are kept. */
export const CallRecordView = z.object({
  callId: z.string(),
  /** `out`: the gateway called. */
  direction: z.enum(['in', 'out']),
  sipCallId: z.string(),
  /** Of a call of the gateway, the address that was called. */
  dialled: z.string(),
  siteId: z.string().optional(),
  /** What the site was called then. */
  siteName: z.string().optional(),
  conferenceId: z.string().optional(),
  conferenceName: z.string().optional(),
  sipUsername: z.string(),
  remoteAddr: z.string(),
  userAgent: z.string(),
  startedAtMs: z.number(),
  inviteToAnswerMs: z.number().optional(),
  /** What the device did not send while it was in a conference, and for how long in all. */
  alarms: z.array(z.object({ alarm: Alarm, totalSec: z.number() })).readonly(),
  endedAtMs: z.number().optional(),
  verdict: z
    .object({
      result: CallResult,
      reason: z.string(),
    })
    .optional(),
});
export type CallRecordView = z.infer<typeof CallRecordView>;

/** Who guessed too many passwords or PINs, and until when that is not listened to. */
export const BanView = z.object({
  /** An address, an IPv6 /64, an account, or an account or a conference at an address. */
  source: z.string(),
  reason: z.string(),
  sinceMs: z.number(),
  untilMs: z.number(),
  /** How many bans this source had lately, this one counted. */
  count: z.number(),
});
export type BanView = z.infer<typeof BanView>;

/** The messages of a call as the gateway saw them; keys, credentials and names are taken out. */
export const CallTraceView = z.object({
  call: CallRecordView,
  messages: z.array(
    z.object({
      atMs: z.number(),
      direction: z.enum(['in', 'out']),
      summary: z.string(),
      text: z.string(),
    }),
  ),
});
export type CallTraceView = z.infer<typeof CallTraceView>;

export const ParticipantView = z.object({
  id: z.string(),
  kind: z.enum(['endpoint', 'browser']),
  name: z.string(),
  joinedAtMs: z.number(),
  hasAudio: z.boolean(),
  hasVideo: z.boolean(),
  muted: z.boolean(),
  speaking: z.boolean(),
  /** So much of its picture is lost on the way that others see it break. */
  poorLine: z.boolean(),
  /** What a room codec should send and does not; empty when all is well. */
  alarms: z.array(Alarm).readonly(),
  /** Shows its screen to everybody. */
  sharing: z.boolean(),
  /** Leads the meeting from its page. */
  chair: z.boolean(),
  /** Asks to speak. */
  handRaised: z.boolean(),
  /** Its connection was lost; its place is kept for a while, for when it comes back. */
  away: z.boolean(),
});
export type ParticipantView = z.infer<typeof ParticipantView>;

/** How a participant's camera comes in, over the last second. */
export const PictureView = z.object({
  /** Whether it is decoded now, which is so while a hall is shown it; the optional ones are of that. */
  decoded: z.boolean(),
  /** Share of its packets that were lost, 0 to 1. */
  lossRatio: z.number(),
  jitterMs: z.number(),
  bitrateBps: z.number(),
  fps: z.number().optional(),
  width: z.number().optional(),
  height: z.number().optional(),
  /** Time without a new picture. */
  frozenMs: z.number().optional(),
  /** Pictures come, and are all black, or all the same. */
  black: z.boolean().optional(),
  still: z.boolean().optional(),
});
export type PictureView = z.infer<typeof PictureView>;

/** A participant as the administrator sees it. */
export const ParticipantDetailView = ParticipantView.extend({
  /** Of a room codec. */
  siteId: z.string().optional(),
  /** Where it is known: while a hall is in the conference and the camera is on. */
  picture: PictureView.optional(),
});
export type ParticipantDetailView = z.infer<typeof ParticipantDetailView>;

/** What the rooms carry; every browser decodes VP8. */
export const BrowserCodec = z.enum(['h264', 'vp8']);
export type BrowserCodec = z.infer<typeof BrowserCodec>;

/** `POST /api/v1/join`: open to everyone who has the link. */
export const JoinInput = z.strictObject({
  alias: z.string().max(64),
  name: Name,
  /** That of the conference, or that of its chairs. */
  pin: z.string().max(32).optional(),
  /** Token of an earlier visit or of a wait, which says that this one was let in already. */
  pass: z.string().max(256).optional(),
  /** Who does not decode H.264 gets the composed picture. */
  decodes: z.array(BrowserCodec).max(2).default(['h264', 'vp8']),
});
export type JoinInput = z.infer<typeof JoinInput>;

export const JoinView = z.object({
  participantId: z.string(),
  /** Proves the participant to `/janus` and `/events`; dies with the visit. */
  token: z.string(),
  conference: z.object({ id: z.string(), name: z.string() }),
  /** Id of both rooms, and of the participant in them, at the room server. */
  roomId: z.string(),
  maxVideoBitrateBps: z.number(),
  ice: IceView,
  chair: z.boolean(),
  /** The place of the lost connection was kept: floor, hand and held microphone are as they were. */
  back: z.boolean(),
});
export type JoinView = z.infer<typeof JoinView>;

/** The answer to a join that has to wait, with status 202. */
export const WaitView = z.object({
  waiting: z.object({
    /** Proves the wait to `/events`, and is the `pass` when it is over. */
    token: z.string(),
    conference: z.object({ name: z.string() }),
    reason: z.enum(['locked', 'not-started']),
  }),
});
export type WaitView = z.infer<typeof WaitView>;

export const ErrorView = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    callId: z.string().optional(),
    details: z.record(z.string(), z.unknown()).optional(),
  }),
});
export type ErrorView = z.infer<typeof ErrorView>;

export const HealthView = z.object({
  status: z.enum(['ok', 'degraded']),
  version: z.string(),
  engines: z.record(z.string(), z.object({ ok: z.boolean(), detail: z.string().optional() })),
});
export type HealthView = z.infer<typeof HealthView>;
