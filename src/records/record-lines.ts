/** A record as lines of text, for spreadsheets; the PDF takes its words from the same functions. */
import {
  countRoll,
  type Presence,
  type RecordLanguage,
  type RollRow,
} from '../contract/records.ts';
import type { MeetingRecord } from './ports.ts';
import { RECORD_WORDS } from './record-words.ts';
import { dateAndTime, timeOfDay } from './written-times.ts';

type Line = readonly string[];

/** Facts, roll, comings and goings, and chat, with an empty line between. */
export function recordLines(record: MeetingRecord, language: RecordLanguage): Line[] {
  const words = RECORD_WORDS[language];
  const { number, name, kind, mark, arrived, headcount, note } = words.columns;
  const attendance = [
    [words.attendance],
    Object.values(words.attendanceColumns),
    ...record.attendance.map(presence => presenceLine(presence, language)),
  ];
  const chat = [
    [words.chat],
    Object.values(words.chatColumns),
    ...record.chat.map(line => [dateAndTime(line.atMs, language), line.name, line.text]),
  ];
  return [
    [headingOf(record, language)],
    ...factLines(record, language),
    [signatureLine(record, language)],
    [],
    [number, name, kind, mark, arrived, headcount, note],
    ...record.rows.map((row, index) => rowLine(row, index, language)),
    ...(record.attendance.length > 0 ? [[], ...attendance] : []),
    ...(record.chat.length > 0 ? [[], ...chat] : []),
  ];
}

export function headingOf({ ledBy }: MeetingRecord, language: RecordLanguage): string {
  const { heading, headingUncalled } = RECORD_WORDS[language];
  return ledBy === undefined ? headingUncalled : heading;
}

/** What stands over the roll: each a name and what it is. */
export function factLines(record: MeetingRecord, language: RecordLanguage): [string, string][] {
  const words = RECORD_WORDS[language];
  const counts = countRoll(record.rows);
  const { title, startedAtMs, endedAtMs, ledBy, corrects, id } = record;
  return [
    [words.meeting, title],
    [words.began, dateAndTime(startedAtMs, language)],
    ...(endedAtMs === undefined
      ? []
      : [[words.ended, dateAndTime(endedAtMs, language)] as [string, string]]),
    [words.ledBy, ledBy ?? words.nobody],
    [words.present, `${counts.present} ${words.of} ${counts.of}`],
    [words.headcountSum, String(counts.headcount)],
    ...(corrects === undefined ? [] : [[words.corrects, corrects] as [string, string]]),
    [words.record, id],
  ];
}

export function signatureLine({ signed }: MeetingRecord, language: RecordLanguage): string {
  const words = RECORD_WORDS[language];
  if (!signed) return words.unsigned;
  return `${words.signedBy} ${signed.name}, ${dateAndTime(signed.atMs, language)}`;
}

/** In the order of the columns: name, kind, coming, going. */
export function presenceLine(presence: Presence, language: RecordLanguage): string[] {
  const { name, kind, cameAtMs, wentAtMs } = presence;
  return [
    name,
    RECORD_WORDS[language].kinds[kind],
    dateAndTime(cameAtMs, language),
    wentAtMs === undefined ? '' : dateAndTime(wentAtMs, language),
  ];
}

/** In the order of the columns: number, name, kind, mark, arrival, headcount, note. */
export function rowLine(row: RollRow, index: number, language: RecordLanguage): string[] {
  const { kinds, marks } = RECORD_WORDS[language];
  return [
    String(index + 1),
    row.name,
    kinds[row.kind],
    marks[row.mark],
    row.arrivedAtMs === undefined ? '' : timeOfDay(row.arrivedAtMs, language),
    row.headcount === undefined ? '' : String(row.headcount),
    row.note ?? '',
  ];
}
