/** The record of a meeting: who was there, what was written, and who signed it. */
import { z } from 'zod';
import { ChatLine } from './chat.ts';
import { operation } from './operation.ts';
import { IdParam, listQuery, pageOf } from './paging.ts';
import { isPlain, PLAIN } from './plain-text.ts';

export const MAX_NOTE_CHARS = 500;
export const MAX_HEADCOUNT = 9_999;

/** What the roll call says of somebody. */
export const RollMark = z.enum(['unmarked', 'present', 'late', 'absent']);
export type RollMark = z.infer<typeof RollMark>;

/** A site with a room codec, or somebody at a laptop. */
const RowKind = z.enum(['site', 'person']);

export const RollRow = z.object({
  id: z.string(),
  kind: RowKind,
  name: z.string(),
  mark: RollMark,
  /** A person set the mark; else it follows who is connected. */
  byHand: z.boolean(),
  /** When it was connected first. */
  arrivedAtMs: z.number().optional(),
  /** People in the room, as the site says. */
  headcount: z.number().int().optional(),
  note: z.string().optional(),
});
export type RollRow = z.infer<typeof RollRow>;

/** Somebody who was in the meeting without leaving, or hardly. */
export const Presence = z.object({
  /** Of the participant. */
  id: z.string(),
  kind: RowKind,
  name: z.string(),
  cameAtMs: z.number(),
  /** Not there while they are still in. */
  wentAtMs: z.number().optional(),
});
export type Presence = z.infer<typeof Presence>;

const Signature = z.object({ name: z.string(), atMs: z.number() });

/** What all views of a record have. */
const RecordFacts = z.object({
  id: z.string(),
  conferenceId: z.string(),
  /** What the conference was called then. */
  title: z.string(),
  /** Who called the roll; nobody where it was not called. */
  ledBy: z.string().optional(),
  /** When the meeting began. */
  startedAtMs: z.number(),
  createdAtMs: z.number(),
  endedAtMs: z.number().optional(),
  /** Id of the signed record that this one puts right. */
  corrects: z.string().optional(),
  /** The roll is not changed after it. */
  signed: Signature.optional(),
});

export const RollCounts = z.object({
  /** Late ones counted in. */
  present: z.number().int(),
  late: z.number().int(),
  absent: z.number().int(),
  unmarked: z.number().int(),
  of: z.number().int(),
  headcount: z.number().int(),
});
export type RollCounts = z.infer<typeof RollCounts>;

/** A roll call as chairs of the meeting see it; whole on each change. */
export const RollCallView = RecordFacts.extend({
  rows: z.array(
    RollRow.extend({
      /** While it is connected. */
      participantId: z.string().optional(),
    }),
  ),
});
export type RollCallView = z.infer<typeof RollCallView>;

/** One line of a list of records. */
export const RecordView = RecordFacts.extend({ counts: RollCounts });
export type RecordView = z.infer<typeof RecordView>;

/** What people wrote, and who came and went, is added until the meeting ends, signed or not. */
export const RecordDetailView = RecordView.extend({
  /** What the roll says; where nobody called it, who came by themselves. */
  rows: z.array(RollRow),
  /** In the order they came. */
  attendance: z.array(Presence),
  chat: z.array(ChatLine),
});
export type RecordDetailView = z.infer<typeof RecordDetailView>;

/** How many are there; of what the roll call says, not of who is connected. */
export function countRoll(rows: readonly RollRow[]): RollCounts {
  const of = (mark: RollMark) => rows.filter(row => row.mark === mark).length;
  const [late, absent, unmarked] = [of('late'), of('absent'), of('unmarked')];
  const headcount = rows.reduce((sum, row) => sum + (row.headcount ?? 0), 0);
  return { present: of('present') + late, late, absent, unmarked, of: rows.length, headcount };
}

const VisitToken = z.string().max(256);
const Note = z.string().trim().max(MAX_NOTE_CHARS).refine(isPlain, PLAIN);

/** Of a chair; starts a roll call, or a correction of the one that was signed. */
export const RollStartInput = z.strictObject({ token: VisitToken });

/** What a chair says of one row; what is not given stays. */
export const RollMarkInput = z.strictObject({
  token: VisitToken,
  rowId: z.string().min(1).max(200),
  /** `unmarked` follows again who is connected. */
  mark: RollMark.optional(),
  /** Null takes it away. */
  headcount: z.number().int().min(0).max(MAX_HEADCOUNT).nullable().optional(),
  /** An empty one takes it away. */
  note: Note.optional(),
});
export type RollMarkInput = z.infer<typeof RollMarkInput>;
export type RollChange = Omit<RollMarkInput, 'token' | 'rowId'>;

/** All that nobody has marked are absent. */
export const RollRestInput = z.strictObject({ token: VisitToken });

export const RollSignInput = z.strictObject({
  token: VisitToken,
  /** Of who signs. */
  name: z.string().trim().min(1).max(100).refine(isPlain, PLAIN),
});
export type RollSignInput = z.infer<typeof RollSignInput>;

/** How a record is written for people. */
export const RecordFormat = z.enum(['csv', 'pdf']);
export type RecordFormat = z.infer<typeof RecordFormat>;
export const RecordLanguage = z.enum(['vi', 'en']);
export type RecordLanguage = z.infer<typeof RecordLanguage>;

export const RollFileInput = z.strictObject({
  token: VisitToken,
  format: RecordFormat,
  language: RecordLanguage.default('vi'),
});

/** For so long after the end a chair may still fetch the record of the meeting. */
export const TICKET_HOURS = 24;

/** Of a chair whose meeting may be over: `ticket` came over `/events`. */
export const RecordFileInput = z.strictObject({
  ticket: z.string().min(1).max(1000),
  format: RecordFormat,
  language: RecordLanguage.default('vi'),
});

const language = RecordLanguage.default('vi');
const about = { tag: 'records', access: 'records.read' } as const;

export const recordOperations = {
  listRecords: operation({
    ...about,
    id: 'listRecords',
    method: 'get',
    path: '/records',
    summary: 'Records of meetings: who was there, signed or not; the latest first',
    query: listQuery(['startedAtMs', 'title'], '-startedAtMs').extend({
      conferenceId: z.string().max(100).optional(),
      signed: z.stringbool().optional(),
      /** Of meetings that began then or later. */
      fromMs: z.coerce.number().int().optional(),
      /** Of meetings that began then or earlier. */
      toMs: z.coerce.number().int().optional(),
    }),
    answer: pageOf(RecordView),
  }),
  getRecord: operation({
    ...about,
    id: 'getRecord',
    method: 'get',
    path: '/records/:id',
    summary: 'A record: its roll, who came and went, and what was written in the meeting',
    params: IdParam,
    answer: RecordDetailView,
  }),
  getRecordFile: operation({
    ...about,
    id: 'getRecordFile',
    method: 'get',
    path: '/records/:id/file',
    summary: 'The record as a PDF to print, or as CSV for spreadsheets',
    params: IdParam,
    query: z.strictObject({ format: RecordFormat.default('pdf'), language }),
    answerType: 'application/octet-stream',
  }),
} as const;
