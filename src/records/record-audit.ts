/** What the audit log says of records. */
import { countRoll, type RecordFormat, type RecordLanguage } from '../contract/records.ts';
import type { Actor, Noted } from '../domain/actor.ts';
import type { MeetingRecord } from './ports.ts';

/** How somebody takes a record away. */
export interface Export {
  readonly format: RecordFormat;
  readonly language: RecordLanguage;
}

export function signedOff({ id, title, rows, signed }: MeetingRecord, by: Actor): Noted {
  const { present, late, absent, headcount } = countRoll(rows);
  return {
    ...about(id, by),
    action: 'signed',
    before: { signedBy: null },
    after: { name: title, signedBy: signed?.name, present, late, absent, headcount },
  };
}

export function exported({ id, title, signed }: MeetingRecord, how: Export, by: Actor): Noted {
  const { format, language } = how;
  const after = { name: title, format, language, signedBy: signed?.name ?? null };
  return { ...about(id, by), action: 'exported', after };
}

function about(entityId: string, by: Actor) {
  return { by, entity: 'record', entityId };
}
