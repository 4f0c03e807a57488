import { Worker } from 'node:worker_threads';
import type { RecordLanguage } from '../contract/records.ts';
import type { MeetingRecord } from './ports.ts';

export interface PdfOrder {
  readonly record: MeetingRecord;
  readonly language: RecordLanguage;
}

/** Writes a PDF in a thread of its own, so that calls do not wait for it. */
export function writePdfApart(record: MeetingRecord, language: RecordLanguage): Promise<Buffer> {
  const order: PdfOrder = { record, language };
  const worker = new Worker(new URL('./pdf-worker.ts', import.meta.url), { workerData: order });
  return new Promise((resolve, reject) => {
    worker.once('message', (written: Uint8Array) => resolve(Buffer.from(written)));
    worker.once('error', reject);
    worker.once('exit', code => reject(new Error(`the thread ended with ${code} and no PDF`)));
  });
}
