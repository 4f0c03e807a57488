/**
 * The `/admin/events` WebSocket between an administrator's page and the gateway.
 *
 * The session's cookie proves the page (or a Bearer token other programs); it says with
 * `watch` what it wants to know, gets all of that once and then each change. After a lost
 * connection it watches anew and gets all of it again: nothing is polled.
 */
import { z } from 'zod';
import { JobView } from './jobs.ts';
import { MeetingView } from './meetings.ts';
import { HealthView, ParticipantDetailView } from './rest.ts';
import { EndpointState, SiteState } from './sites.ts';

/** `sites`: states of all one may see; `meetings`: those that run; `meeting:<conferenceId>`: its people. */
export const Topic = z.union([
  z.enum(['sites', 'meetings', 'health', 'stored', 'jobs']),
  z.string().regex(/^meeting:[A-Za-z0-9-]{1,100}$/),
]);

export const AdminMessage = z.strictObject({
  type: z.literal('watch'),
  topics: z.array(Topic).max(50),
});
export type AdminMessage = z.infer<typeof AdminMessage>;

/** How a site is now; a small part of `SiteView`. */
export const SiteStatus = z.object({
  id: z.string(),
  state: SiteState,
  poorLine: z.boolean(),
  calls: z.array(z.object({ callId: z.string(), conferenceId: z.string().optional() })),
  endpoints: z.array(
    z.object({
      id: z.string(),
      state: EndpointState,
      sinceMs: z.number().optional(),
      roundTripMs: z.number().optional(),
      reason: z.object({ code: z.string(), text: z.string() }).optional(),
    }),
  ),
});
export type SiteStatus = z.infer<typeof SiteStatus>;

export const AdminUpdate = z.discriminatedUnion('type', [
  /** `whole` on `watch`: all there are; otherwise those that changed. */
  z.object({ type: z.literal('sites'), whole: z.boolean(), sites: z.array(SiteStatus) }),
  z.object({ type: z.literal('meetings'), whole: z.boolean(), meetings: z.array(MeetingView) }),
  z.object({
    type: z.literal('participants'),
    conferenceId: z.string(),
    participants: z.array(ParticipantDetailView),
  }),
  z.object({ type: z.literal('health'), health: HealthView }),
  z.object({ type: z.literal('job'), job: JobView }),
  /** Somebody changed what is stored: who shows it asks for it again. */
  z.object({ type: z.literal('stored'), entity: z.string(), id: z.string().optional() }),
  /** The session is over, or may no longer see this. */
  z.object({ type: z.literal('ended'), reason: z.enum(['not-authorized', 'shutdown']) }),
]);
export type AdminUpdate = z.infer<typeof AdminUpdate>;
