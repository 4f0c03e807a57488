/** Conferences over `/api/v1`: what is stored of them, and their sites. */
import { z } from 'zod';
import { GridSize, SceneLayout } from './layout.ts';
import { operation } from './operation.ts';
import { IdParam, listQuery, pageOf, Version } from './paging.ts';
import { DialledNumber, Name } from './sites.ts';

const Pin = z.string().regex(/^[0-9]{4,12}$/, '4 to 12 digits');
const Alias = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'small letters, digits and - only');

/** `hq` leads and is one at most; an `observer` sees and hears, and is muted. */
export const MemberRole = z.enum(['hq', 'site', 'observer']);
export type MemberRole = z.infer<typeof MemberRole>;

/** A site of a conference. */
export const Member = z.strictObject({
  siteId: z.string().min(1).max(100),
  role: MemberRole.default('site'),
  /** `out`: the meeting calls it; `in`: it calls by itself. */
  dial: z.enum(['out', 'in']).default('out'),
});
export type Member = z.infer<typeof Member>;

const Members = z
  .array(Member)
  .max(1000)
  .refine(list => list.filter(({ role }) => role === 'hq').length <= 1, 'one site leads at most')
  .refine(list => new Set(list.map(({ siteId }) => siteId)).size === list.length, {
    error: 'a site is in it once',
  });

const LocalTime = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/, 'a date and time like 2026-12-01T07:30');
const TimeZone = z.string().refine(isTimeZone, 'a time zone like Asia/Ho_Chi_Minh');

/** When it takes place: once, or again and again. Times are those of clocks in `timeZone`. */
export const Schedule = z.strictObject({
  startsAt: LocalTime,
  timeZone: TimeZone.default('Asia/Ho_Chi_Minh'),
  durationMin: z
    .number()
    .int()
    .min(5)
    .max(24 * 60),
  /** RFC 5545 §3.3.10 without DTSTART, like `FREQ=WEEKLY;BYDAY=MO`. */
  rrule: z.string().max(500).optional(),
  /** Starts that are left out. */
  exceptions: z.array(LocalTime).max(500).default([]),
});
export type Schedule = z.infer<typeof Schedule>;

export const ConferenceInput = z.strictObject({
  name: Name,
  /** What an endpoint dials. */
  number: DialledNumber,
  /** What a link shows. */
  alias: Alias,
  /** Asked of everybody who comes in. */
  pin: Pin.optional(),
  /** Makes a chair of who knows it. */
  chairPin: Pin.optional(),
  /** The sites it is for: those that dial no conference get to this one. */
  members: Members.default([]),
  schedule: Schedule.optional(),
  agenda: z.string().trim().max(5000).optional(),
  /** How halls see it. */
  layout: SceneLayout.default('auto'),
  /** Most tiles of a grid; as many as fit when not given. */
  gridSize: GridSize.optional(),
  muteOnEntry: z.boolean().default(false),
  /** Whether it is to be recorded; nothing records yet. */
  recordingWished: z.boolean().default(false),
  groupId: z.string().min(1).max(100).optional(),
});
export type ConferenceInput = z.infer<typeof ConferenceInput>;
/** The same as a client writes it, defaults left out. */
export type ConferenceRequest = z.input<typeof ConferenceInput>;

/** What is not given stays; `null` takes away. Members, when given, are all there are from now on. */
export const ConferencePatch = z.strictObject({
  version: Version,
  name: Name.optional(),
  number: DialledNumber.optional(),
  alias: Alias.optional(),
  pin: Pin.nullish(),
  chairPin: Pin.nullish(),
  members: Members.optional(),
  schedule: Schedule.nullish(),
  agenda: ConferenceInput.shape.agenda.nullish(),
  layout: SceneLayout.optional(),
  gridSize: GridSize.nullish(),
  muteOnEntry: z.boolean().optional(),
  recordingWished: z.boolean().optional(),
  groupId: ConferenceInput.shape.groupId.nullish(),
});
export type ConferencePatch = z.infer<typeof ConferencePatch>;

export const ConferenceView = ConferenceInput.omit({ pin: true, chairPin: true }).extend({
  id: z.string(),
  version: Version,
  hasPin: z.boolean(),
  hasChairPin: z.boolean(),
  createdAtMs: z.number(),
  changedAtMs: z.number(),
  members: z.array(Member),
  /** The next start of its schedule, or the one under way. */
  nextStartsAtMs: z.number().optional(),
  /** Whether somebody is in it now. */
  live: z.boolean(),
  participantCount: z.number().int(),
});
export type ConferenceView = z.infer<typeof ConferenceView>;

export const ConferenceListQuery = listQuery([
  'name',
  'number',
  'nextStartsAtMs',
  'createdAtMs',
]).extend({
  live: z.stringbool().optional(),
  groupId: z.string().max(100).optional(),
  siteId: z.string().max(100).optional(),
});
export type ConferenceListQuery = z.infer<typeof ConferenceListQuery>;

/** `GET /calendar`: planned starts between two moments. */
export const CalendarQuery = z
  .strictObject({
    fromMs: z.coerce.number().int().min(0),
    toMs: z.coerce.number().int().min(0),
  })
  .refine(({ fromMs, toMs }) => toMs > fromMs && toMs - fromMs <= 400 * 24 * 3600 * 1000, {
    path: ['toMs'],
    error: 'after fromMs, 400 days at most',
  });
export const CalendarEntry = z.object({
  conferenceId: z.string(),
  name: z.string(),
  startsAtMs: z.number(),
  endsAtMs: z.number(),
});
export type CalendarEntry = z.infer<typeof CalendarEntry>;

/** `POST /mapping`: sites put into conferences and taken out of them, all or nothing. */
export const MappingInput = z.strictObject({
  add: z
    .array(Member.extend({ conferenceId: z.string().min(1).max(100) }))
    .max(5000)
    .default([]),
  remove: z
    .array(
      z.strictObject({
        conferenceId: z.string().min(1).max(100),
        siteId: z.string().min(1).max(100),
      }),
    )
    .max(5000)
    .default([]),
});
export type MappingInput = z.infer<typeof MappingInput>;

export const conferenceOperations = {
  listConferences: operation({
    id: 'listConferences',
    method: 'get',
    path: '/conferences',
    tag: 'conferences',
    summary: 'Conferences, with when they take place next and who is there now',
    access: 'conferences.read',
    query: ConferenceListQuery,
    answer: pageOf(ConferenceView),
  }),
  createConference: operation({
    id: 'createConference',
    method: 'post',
    path: '/conferences',
    tag: 'conferences',
    summary: 'A new conference',
    access: 'conferences.write',
    body: ConferenceInput,
    status: 201,
    answer: ConferenceView,
    errors: ['conflict'],
  }),
  createConferences: operation({
    id: 'createConferences',
    method: 'post',
    path: '/conferences/bulk',
    tag: 'conferences',
    summary: 'Many new conferences, all or none',
    access: 'conferences.write',
    body: z.strictObject({ conferences: z.array(ConferenceInput).min(1).max(1000) }),
    status: 201,
    answer: z.object({ ids: z.array(z.string()) }),
    errors: ['conflict'],
  }),
  getConference: operation({
    id: 'getConference',
    method: 'get',
    path: '/conferences/:id',
    tag: 'conferences',
    summary: 'One conference',
    access: 'conferences.read',
    params: IdParam,
    answer: ConferenceView,
  }),
  updateConference: operation({
    id: 'updateConference',
    method: 'patch',
    path: '/conferences/:id',
    tag: 'conferences',
    summary: 'Changes what is given of a conference, also while it runs',
    access: 'conferences.write',
    params: IdParam,
    body: ConferencePatch,
    answer: ConferenceView,
    errors: ['conflict', 'version-conflict'],
  }),
  deleteConference: operation({
    id: 'deleteConference',
    method: 'delete',
    path: '/conferences/:id',
    tag: 'conferences',
    summary: 'Takes a conference away and ends it when it runs',
    access: 'conferences.write',
    params: IdParam,
    status: 204,
  }),
  changeMapping: operation({
    id: 'changeMapping',
    method: 'post',
    path: '/mapping',
    tag: 'conferences',
    summary: 'Puts sites into conferences and takes them out, all or nothing',
    access: 'conferences.write',
    body: MappingInput,
    answer: z.object({ conferences: z.array(ConferenceView) }),
  }),
  calendar: operation({
    id: 'calendar',
    method: 'get',
    path: '/calendar',
    tag: 'conferences',
    summary: 'Planned meetings between two moments',
    access: 'conferences.read',
    query: CalendarQuery,
    answer: z.array(CalendarEntry),
  }),
} as const;

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false; // it says so by throwing
  }
}
