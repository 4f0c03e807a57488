import { parse } from 'csv-parse/sync';
import { extractText, getDocumentProxy } from 'unpdf';
import { describe, expect, it } from 'vitest';
import type { RollRow } from '../../../src/contract/records.ts';
import type { ConferenceId } from '../../../src/domain/ids.ts';
import { writeRecord } from '../../../src/records/files.ts';
import type { MeetingRecord } from '../../../src/records/ports.ts';
import { writePdf } from '../../../src/records/record-pdf.ts';

const START_MS = Date.parse('2026-11-26T00:30:00Z');
const row = (id: string, name: string, more: Partial<RollRow> = {}): RollRow => ({
  ...{ id, name, kind: 'site', mark: 'present', byHand: true },
  ...more,
});
const RECORD: MeetingRecord = {
  id: 'r-1',
  conferenceId: 'c1' as ConferenceId,
  title: 'Giao ban Tỉnh uỷ quý Ⅳ',
  ledBy: 'Trần Văn Hữu',
  startedAtMs: START_MS,
  dueAtMs: START_MS,
  isOfMeeting: true,
  createdAtMs: START_MS,
  endedAtMs: START_MS + 5_400_000,
  corrects: 'r-0',
  signed: { name: 'Nguyễn Thị Thuỷ', atMs: START_MS + 600_000 },
  rows: [
    row('s1', 'Xã Tân Phú', { arrivedAtMs: START_MS + 60_000, headcount: 12 }),
    row('s2', 'Phường Kẻ Sặt; “số 2”', { mark: 'absent', note: 'Mất điện\nbáo lúc 7 giờ' }),
    row('s3', '=HYPERLINK("http://x")', { mark: 'late', headcount: 3 }),
    row('s4', '-1+1', { kind: 'person', note: '@SUM(A1)' }),
    row('s5', '+84 912 345 678', { kind: 'person' }),
  ],
  attendance: [
    {
      id: 'p1',
      kind: 'site',
      name: 'Xã Tân Phú',
      cameAtMs: START_MS,
      wentAtMs: START_MS + 5_400_000,
    },
    { id: 'p2', kind: 'person', name: '=1+1', cameAtMs: START_MS + 60_000 },
  ],
  chat: [
    {
      id: 'l1',
      atMs: START_MS,
      participantId: 'p',
      name: 'Đặng Hiếu',
      text: 'Kính chào các đồng chí',
    },
  ],
};
const MANY: MeetingRecord = {
  ...RECORD,
  rows: Array.from({ length: 150 }, (_, i) =>
    row(`s${i}`, `Xã Đắk Ơ số ${i + 1}`, { note: i % 10 === 0 ? 'Ghi chú dài '.repeat(20) : 'ổn' }),
  ),
};

async function pdfPages(record: MeetingRecord, language: 'vi' | 'en' = 'vi'): Promise<string[]> {
  const content = await writePdf(record, language);
  const document = await getDocumentProxy(new Uint8Array(content));
  const { text } = await extractText(document, { mergePages: false });
  return text.map(page => page.normalize('NFC').replaceAll(/\s+/g, ' '));
}

describe('a record as CSV', () => {
  const csv = async (language: 'vi' | 'en' = 'vi') =>
    (await writeRecord(RECORD, 'csv', language)).content;
  const cells = async (): Promise<string[][]> =>
    parse(await csv(), { bom: true, delimiter: ';', relaxColumnCount: true, skipEmptyLines: true });

  it('opens right in Excel: with a byte order mark and Vietnamese in UTF-8', async () => {
    const bytes = await csv();
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(bytes.toString()).toContain('Giao ban Tỉnh uỷ quý Ⅳ');
  });

  it('has who came and who went, and when', async () => {
    const lines = await cells();
    const at = lines.findIndex(([first]) => first?.startsWith('Phụ lục: thời gian'));
    expect(lines.slice(at + 1, at + 4)).toEqual([
      ['Điểm cầu, người dự', 'Loại', 'Vào lúc', 'Rời lúc'],
      ['Xã Tân Phú', 'Điểm cầu', '26/11/2026 07:30', '26/11/2026 09:00'],
      ["'=1+1", 'Máy tính cá nhân', '26/11/2026 07:31', ''],
    ]);
  });

  it('says so where nobody called the roll, in its name as well', async () => {
    const { ledBy: _, signed: __, ...uncalled } = RECORD;
    const { content, name } = await writeRecord(uncalled, 'csv', 'vi');
    expect(content.toString()).toContain('BIÊN BẢN CUỘC HỌP TRỰC TUYẾN');
    expect(content.toString()).toContain('Không điểm danh; hệ thống tự ghi');
    expect(name).toBe('bien-ban-2026-11-26');
  });

  it('has the day in its name that the halls’ calendars show, early in the morning too', async () => {
    const early = { ...RECORD, startedAtMs: Date.parse('2026-11-26T06:30:00+07:00') };
    expect((await writeRecord(early, 'csv', 'vi')).name).toBe('diem-danh-2026-11-26');
  });

  it('has facts, the roll and the chat', async () => {
    const lines = await cells();
    expect(lines).toContainEqual(['Cuộc họp', 'Giao ban Tỉnh uỷ quý Ⅳ']);
    expect(lines).toContainEqual(['Bắt đầu', '26/11/2026 07:30']);
    expect(lines).toContainEqual(['Có mặt', '4 trên 5']);
    expect(lines).toContainEqual(['Tổng số người dự', '15']);
    expect(lines).toContainEqual(['Đã xác nhận bởi Nguyễn Thị Thuỷ, 26/11/2026 07:40']);
    expect(lines).toContainEqual(['1', 'Xã Tân Phú', 'Điểm cầu', 'Có mặt', '07:31', '12', '']);
    expect(lines).toContainEqual([
      '2',
      'Phường Kẻ Sặt; “số 2”',
      'Điểm cầu',
      'Vắng mặt',
      '',
      '',
      'Mất điện\nbáo lúc 7 giờ',
    ]);
    expect(lines.at(-1)).toEqual(['26/11/2026 07:30', 'Đặng Hiếu', 'Kính chào các đồng chí']);
  });

  it('has no cell that a spreadsheet takes for a formula', async () => {
    const all = (await cells()).flat();
    expect(all.filter(cell => /^[=+\-@]/.test(cell))).toEqual([]);
    expect(all).toContain(`'=HYPERLINK("http://x")`);
    expect(all).toContain("'+84 912 345 678");
  });
});

/** A thread that loads the fonts, on a machine that does much else. */
const PDF_TIMEOUT_MS = 60_000;

describe('a record as PDF', { timeout: PDF_TIMEOUT_MS }, () => {
  it('has every Vietnamese letter as text, facts, roll, signature and chat', async () => {
    const [first = '', middle = '', last = ''] = await pdfPages(RECORD);
    for (const words of [
      'Giao ban Tỉnh uỷ',
      'BIÊN BẢN ĐIỂM DANH',
      'Xã Tân Phú',
      'Phường Kẻ Sặt; “số 2”',
      '=HYPERLINK',
      'Vắng mặt',
      'Có mặt 4 trên 5',
      'Đã xác nhận bởi Nguyễn Thị Thuỷ, 26/11/2026 07:40',
      'Sửa đổi cho biên bản r-0',
      'Trang 1/3',
    ])
      expect(first).toContain(words);
    expect(middle).toContain('Phụ lục: thời gian vào và rời cuộc họp');
    expect(middle).toContain('26/11/2026 09:00');
    expect(last).toContain('Phụ lục');
    expect(last).toContain('Kính chào các đồng chí');
  });

  it('of 150 sites goes over pages, each with the heading and its number', async () => {
    const pages = await pdfPages({ ...MANY, attendance: [], chat: [] });
    expect(pages.length).toBeGreaterThan(3);
    for (const [index, page] of pages.entries()) {
      expect(page).toContain(`Trang ${index + 1}/${pages.length}`);
      expect(page).toContain('Tình trạng');
    }
    const text = pages.join(' ');
    for (let i = 1; i <= 150; i += 1) expect(text).toContain(`Xã Đắk Ơ số ${i} `);
  });

  it('says in English what is English, and that it is not signed', async () => {
    const { signed: _, ...unsigned } = RECORD;
    const [first = ''] = await pdfPages({ ...unsigned, chat: [] }, 'en');
    expect(first).toContain('This record has not been signed off.');
    expect(first).toContain('Xã Tân Phú');
  });
});
