import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import writeExcelFile from 'write-excel-file/node';
import { writeTable } from '../../../src/imports/export-table.ts';
import { readTable } from '../../../src/imports/read-file.ts';
import { withoutGuard } from '../../../src/imports/values.ts';
import { unzippedSize } from '../../../src/imports/zip-size.ts';

const NAME = 'Xã Đồng Hới, huyện Lệ Thủy';
const HEAD = 'Tên điểm cầu';
const rowsOf = async (file: Buffer) => (await readTable(file)).rows.map(({ cells }) => cells);

/** Windows-1258 of a text: what it has, with tones behind their letters. */
function windows1258(text: string): Buffer {
  const bytes = new Map(
    Array.from({ length: 256 }, (_, byte) => [
      new TextDecoder('windows-1258').decode(Uint8Array.of(byte)),
      byte,
    ]),
  );
  const parts = [...text].flatMap(letter =>
    bytes.has(letter) ? [letter] : takenApart(letter, bytes),
  );
  return Buffer.from(parts.map(part => bytes.get(part) ?? 0x3f));
}

/** A letter with its roof or horn, and its tone. */
function takenApart(letter: string, known: ReadonlyMap<string, number>): string[] {
  const [base = '', ...marks] = letter.normalize('NFD');
  const whole = marks.find(mark => known.has((base + mark).normalize('NFC')));
  if (whole === undefined) return [base, ...marks];
  return [(base + whole).normalize('NFC'), ...marks.filter(mark => mark !== whole)];
}

describe('CSV', () => {
  const text = `${HEAD};Số\n${NAME};1001\n`;
  it.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${text}`)],
    ['letters and marks apart', Buffer.from(text.normalize('NFD'))],
    ['UTF-16 with a mark', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16 without', Buffer.from(text, 'utf16le')],
    ['UTF-16, big end first', Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
    ['Windows-1258', windows1258(text)],
  ])('in %s', async (_, file) => {
    const { head, rows } = await readTable(file);
    expect(head).toEqual([HEAD, 'Số']);
    expect(rows).toEqual([{ row: 2, cells: [NAME, '1001'] }]);
  });

  it.each([
    ['semicolons', 'a;b\n1;2'],
    ['commas', 'a,b\n1,2'],
    ['tabs', 'a\tb\n1\t2'],
    ['a line that says the separator', 'sep=|\na|b\n1|2'],
    ['commas in a quoted head', '"a, and more";b\n1;2'],
  ])('with %s', async (_, text) => {
    expect(await rowsOf(Buffer.from(text))).toEqual([['1', '2']]);
  });

  it('keeps line ends, quotes and separators that are in quotes, and numbers rows all the same', async () => {
    const { rows } = await readTable(
      Buffer.from('a;b\r\n"one\r\ntwo";"say ""so""; please"\r\n\r\nx;y\r\n'),
    );
    expect(rows).toEqual([
      { row: 2, cells: ['one\r\ntwo', 'say "so"; please'] },
      { row: 4, cells: ['x', 'y'] },
    ]);
  });

  it('rows may be shorter and longer than the head', async () => {
    expect(await rowsOf(Buffer.from('a;b\n1\n1;2;3'))).toEqual([['1'], ['1', '2', '3']]);
  });
});

describe('XLSX', () => {
  it('gives texts, numbers and times as they are seen', async () => {
    const start = new Date('2026-12-01T07:30:00Z');
    const file = await writeExcelFile([
      [{ value: HEAD }, { value: 'Số' }, { value: 'Bắt đầu' }],
      [{ value: NAME }, { value: 1001 }, { value: start, format: 'dd/mm/yyyy hh:mm' }],
    ]).toBuffer();
    expect(await rowsOf(file)).toEqual([[NAME, '1001', '2026-12-01T07:30']]);
  });

  it('that is not what it says is refused with what to do', async () => {
    const broken = Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(500, 7)]);
    await expect(readTable(broken)).rejects.toMatchObject({ code: 'too-large' });
    const old = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(100)]);
    await expect(readTable(old)).rejects.toThrow('save it as .xlsx');
  });

  it('that unpacks to much more than it says is not unpacked', () => {
    const bomb = zipOf(deflateRawSync(Buffer.alloc(50_000_000)), 10);
    expect(bomb.length).toBeLessThan(100_000);
    expect(unzippedSize(bomb, 1_000_000)).toBeUndefined();
    const fine = zipOf(deflateRawSync(Buffer.alloc(5_000)), 5_000);
    expect(unzippedSize(fine, 1_000_000)).toBe(5_000);
    expect(unzippedSize(fine.subarray(0, -30), 1_000_000)).toBeUndefined();
  });
});

/** An archive with one file, APPNOTE.TXT 4.3; its checksum is not looked at. */
function zipOf(packed: Buffer, saidSize: number): Buffer {
  const local = Buffer.alloc(31);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(1, 26);
  local.write('x', 30);
  const entry = Buffer.alloc(47);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt16LE(8, 10);
  entry.writeUInt32LE(packed.length, 20);
  entry.writeUInt32LE(saidSize, 24);
  entry.writeUInt16LE(1, 28);
  entry.write('x', 46);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(local.length + packed.length, 16);
  return Buffer.concat([local, packed, entry, end]);
}

it.each(['', '\n\n', ';;\n;;'])('a file with nothing in it (%j) is refused', async text => {
  await expect(readTable(Buffer.from(text))).rejects.toMatchObject({ code: 'file-not-understood' });
});

it('a file with too many rows is refused', async () => {
  const many = Buffer.from(`a\n${'x\n'.repeat(5_001)}`);
  await expect(readTable(many)).rejects.toMatchObject({ code: 'too-large' });
});

describe('what is written', () => {
  const cells = [
    ['a', 'b;c', 'd "e"', ' f '],
    ['=1+1', '+84 912', '-x', '@y'],
    ["'=1", "'quoted'", 'one\ntwo', '0012'],
  ];

  it.each(['csv', 'xlsx'] as const)(
    'as %s has no formula in it and comes back whole',
    async format => {
      const { content } = await writeTable([['A', 'B', 'C', 'D'], ...cells], format);
      const back = await rowsOf(content);
      expect(back.flat().filter(cell => /^[=+\-@]/.test(cell))).toEqual([]);
      const trimmed = (rows: string[][]) => rows.map(row => row.map(cell => cell.trim()));
      expect(trimmed(back.map(row => row.map(withoutGuard)))).toEqual(trimmed(cells));
    },
  );

  it('as CSV opens right in Vietnamese Excel', async () => {
    const { content } = await writeTable(
      [
        [HEAD, 'Số'],
        [NAME, '0012'],
      ],
      'csv',
    );
    expect(content.toString()).toBe(`\ufeff${HEAD};Số\r\n"${NAME}";0012\r\n`);
  });
});
