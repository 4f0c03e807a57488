/** A record on A4 pages. The font is part of the file: Vietnamese is read everywhere. */
import { createRequire } from 'node:module';
import PDFDocument from 'pdfkit';
import { countRoll, type RecordLanguage } from '../contract/records.ts';
import { drawTable, type TableColumn } from './pdf-table.ts';
import type { MeetingRecord } from './ports.ts';
import { factLines, headingOf, presenceLine, rowLine, signatureLine } from './record-lines.ts';
import { RECORD_WORDS, type RecordWords } from './record-words.ts';
import { dateAndTime } from './written-times.ts';

const fontFile = (name: string) =>
  createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`);
const FONTS = { text: 'DejaVuSans', bold: 'DejaVuSans-Bold' } as const;

/** In points; A4 is 595 × 842. */
const MARGIN = 40;
const FOOT = 60;
const WIDTH = 595.28 - 2 * MARGIN;
const FACT_NAME_WIDTH = 130;
const SIGNATURE_HEIGHT = 110;

type Document = PDFKit.PDFDocument;

export async function writePdf(record: MeetingRecord, language: RecordLanguage): Promise<Buffer> {
  const words = RECORD_WORDS[language];
  const document = openDocument(record, language);
  const chunks: Buffer[] = [];
  document.on('data', chunk => chunks.push(chunk));
  const written = new Promise<void>((resolve, reject) => {
    document.on('end', resolve);
    document.on('error', reject);
  });
  drawHead(document, record, language);
  drawTable(document, {
    left: MARGIN,
    columns: rollColumns(words),
    rows: record.rows.map((row, index) => rowLine(row, index, language)),
  });
  drawSignature(document, record, language);
  if (record.attendance.length > 0) drawAttendance(document, record, language);
  if (record.chat.length > 0) drawChat(document, record, language);
  numberPages(document, words);
  document.end();
  await written;
  return Buffer.concat(chunks);
}

function openDocument(record: MeetingRecord, language: RecordLanguage): Document {
  const document = new PDFDocument({
    size: 'A4',
    margins: { top: MARGIN, left: MARGIN, right: MARGIN, bottom: FOOT },
    bufferPages: true,
    lang: language,
    displayTitle: true,
    info: {
      Title: `${headingOf(record, language)} – ${record.title}`,
      CreationDate: new Date(record.signed?.atMs ?? record.createdAtMs),
      Producer: 'Điểm Cầu',
      Creator: 'Điểm Cầu',
    },
  });
  for (const [name, file] of Object.entries(FONTS)) document.registerFont(name, fontFile(file));
  return document;
}

function drawHead(document: Document, record: MeetingRecord, language: RecordLanguage): void {
  document
    .font('bold')
    .fontSize(15)
    .text(headingOf(record, language), MARGIN, MARGIN, { width: WIDTH, align: 'center' });
  document.moveDown(0.8).fontSize(10);
  for (const [name, value] of factLines(record, language)) {
    const top = document.y;
    document.font('text').text(name, MARGIN, top, { width: FACT_NAME_WIDTH });
    document.font('bold').text(value, MARGIN + FACT_NAME_WIDTH, top, {
      width: WIDTH - FACT_NAME_WIDTH,
    });
  }
  document.moveDown(0.8);
}

function rollColumns({ columns }: RecordWords): TableColumn[] {
  return [
    { name: columns.number, width: 32 },
    { name: columns.name, width: 150 },
    { name: columns.kind, width: 62 },
    { name: columns.mark, width: 66 },
    { name: columns.arrived, width: 50 },
    { name: columns.headcount, width: 50 },
    { name: columns.note, width: WIDTH - 410 },
  ];
}

/** Kept together on one page. */
function drawSignature(document: Document, record: MeetingRecord, language: RecordLanguage): void {
  const words = RECORD_WORDS[language];
  const bottom = document.page.height - FOOT;
  if (document.y + SIGNATURE_HEIGHT > bottom) document.addPage();
  const { late, absent, unmarked } = countRoll(record.rows);
  const counts = [
    `${words.marks.late}: ${late}`,
    `${words.marks.absent}: ${absent}`,
    ...(unmarked > 0 ? [`${words.marks.unmarked}: ${unmarked}`] : []),
  ];
  document.moveDown(0.8).font('text').fontSize(10);
  document.text(counts.join(' · '), MARGIN, document.y, { width: WIDTH });
  document.moveDown(0.8).font('bold');
  document.text(signatureLine(record, language), { width: WIDTH });
  if (!record.signed) return;
  document.moveDown(0.8).font('text');
  document.text(`${words.signHere}: ……………………………………………`, { width: WIDTH, align: 'right' });
}

/** Of what is not signed; on a page of its own. */
function beginAppendix(document: Document, heading: string, { notSigned }: RecordWords): void {
  document.addPage().font('bold').fontSize(13).text(heading, MARGIN, MARGIN, { width: WIDTH });
  document.font('text').fontSize(9).text(notSigned, { width: WIDTH }).moveDown(0.8);
}

function drawAttendance(document: Document, record: MeetingRecord, language: RecordLanguage): void {
  const words = RECORD_WORDS[language];
  const { name, kind, came, went } = words.attendanceColumns;
  beginAppendix(document, words.attendance, words);
  drawTable(document, {
    left: MARGIN,
    columns: [
      { name, width: WIDTH - 300 },
      { name: kind, width: 100 },
      { name: came, width: 100 },
      { name: went, width: 100 },
    ],
    rows: record.attendance.map(presence => presenceLine(presence, language)),
  });
}

function drawChat(document: Document, record: MeetingRecord, language: RecordLanguage): void {
  const words = RECORD_WORDS[language];
  beginAppendix(document, words.chat, words);
  drawTable(document, {
    left: MARGIN,
    columns: [
      { name: words.chatColumns.at, width: 100 },
      { name: words.chatColumns.name, width: 120 },
      { name: words.chatColumns.text, width: WIDTH - 220 },
    ],
    rows: record.chat.map(({ atMs, name, text }) => [dateAndTime(atMs, language), name, text]),
  });
}

function numberPages(document: Document, { page }: RecordWords): void {
  const { start, count } = document.bufferedPageRange();
  for (let index = 0; index < count; index += 1) {
    document.switchToPage(start + index);
    // In the margin, where text would else begin a new page.
    document.page.margins.bottom = 0;
    document
      .font('text')
      .fontSize(8)
      .text(`${page} ${index + 1}/${count}`, MARGIN, document.page.height - FOOT / 2, {
        width: WIDTH,
        align: 'center',
        lineBreak: false,
      });
  }
}
