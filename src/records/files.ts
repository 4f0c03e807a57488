import { recordName } from '../contract/record-name.ts';
import type { RecordFormat, RecordLanguage } from '../contract/records.ts';
import { writeTable } from '../imports/export-table.ts';
import { writePdfApart } from './pdf-thread.ts';
import type { MeetingRecord } from './ports.ts';
import { recordLines } from './record-lines.ts';

export interface RecordFile {
  readonly content: Buffer;
  readonly type: string;
  readonly extension: RecordFormat;
  readonly name: string;
}

/** A record as a file for people. */
export async function writeRecord(
  record: MeetingRecord,
  format: RecordFormat,
  language: RecordLanguage,
): Promise<RecordFile> {
  const name = recordName(record);
  if (format === 'pdf') {
    const content = await writePdfApart(record, language);
    return { content, type: 'application/pdf', extension: format, name };
  }
  const { content, type } = await writeTable(recordLines(record, language), 'csv');
  return { content, type, extension: format, name };
}
