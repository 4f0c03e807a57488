/** The thread that writes one PDF: more than a second for a long meeting. */
import { parentPort, workerData } from 'node:worker_threads';
import type { PdfOrder } from './pdf-thread.ts';
import { writePdf } from './record-pdf.ts';

const { record, language } = workerData as PdfOrder;
parentPort?.postMessage(await writePdf(record, language));
