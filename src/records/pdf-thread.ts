import { Worker } from 'node:worker_threads';
import type { RecordLanguage } from '../contract/records.ts';
import { SerialQueue } from '../util/serial-queue.ts';
import type { MeetingRecord } from './ports.ts';

export interface PdfOrder {
  readonly record: MeetingRecord;
  readonly language: RecordLanguage;
}

/** Many who save at once must not take the processor from the calls. */
const oneAtATime = new SerialQueue();

/** Writes a PDF in a thread of its own, one after the other, so that calls do not wait for it. */
export function writePdfApart(record: MeetingRecord, language: RecordLanguage): Promise<Buffer> {
  return oneAtATime.run(() => inThread({ record, language }));
}

function inThread(order: PdfOrder): Promise<Buffer> {
  const worker = new Worker(new URL('./pdf-worker.ts', import.meta.url), { workerData: order });
  return new Promise((resolve, reject) => {
    worker.once('message', (written: Uint8Array) => resolve(Buffer.from(written)));
    worker.once('error', reject);
    worker.once('exit', code => reject(new Error(`the thread ended with ${code} and no PDF`)));
  });
}
