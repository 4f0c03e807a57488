import type { Actor } from '../domain/actor.ts';
import { type RecordFile, writeRecord } from './files.ts';
import type { MeetingRecord, RecordAudit } from './ports.ts';
import { type Export, exported } from './record-audit.ts';

/** A record as a file that somebody takes away, which is a row in the audit log. */
export async function exportRecord(
  audit: RecordAudit,
  record: MeetingRecord,
  how: Export,
  by: Actor,
): Promise<RecordFile> {
  const file = await writeRecord(record, how.format, how.language);
  await audit.note(exported(record, how, by));
  return file;
}
