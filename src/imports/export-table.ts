import writeExcelFile from 'write-excel-file/node';

export type ExportFormat = 'csv' | 'xlsx';

export interface ExportFile {
  readonly content: Buffer;
  readonly type: string;
  readonly extension: ExportFormat;
}

const TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

/** Lines of text, the head first, as a file for spreadsheets that comes back whole. */
export async function writeTable(
  lines: readonly (readonly string[])[],
  format: ExportFormat,
): Promise<ExportFile> {
  const guarded = lines.map(cells => cells.map(guard));
  const content = format === 'csv' ? csv(guarded) : await xlsx(guarded);
  return { content, type: TYPES[format], extension: format };
}

/**
 * A cell that a spreadsheet would take for a formula gets a `'` in front, which `withoutGuard`
 * takes off; one that begins with a `'` before such a sign gets another.
 */
function guard(text: string): string {
  return /^'*[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

/** With a byte order mark and `;`, which Excel opens right in Vietnamese; RFC 4180 otherwise. */
function csv(lines: readonly (readonly string[])[]): Buffer {
  const quote = (cell: string) =>
    /[";,\t\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
  const text = lines.map(cells => cells.map(quote).join(';')).join('\r\n');
  return Buffer.from(`\ufeff${text}\r\n`);
}

/** Every cell as text, so that zeros in front stay. */
function xlsx(lines: readonly (readonly string[])[]): Promise<Buffer> {
  const [head = [], ...rows] = lines;
  const data = [
    head.map(value => ({ value, type: String, fontWeight: 'bold' as const })),
    ...rows.map(cells => cells.map(value => (value === '' ? null : { value, type: String }))),
  ];
  const columns = head.map((name, at) => ({
    width: Math.min(40, 2 + Math.max(name.length, ...rows.map(cells => (cells[at] ?? '').length))),
  }));
  return writeExcelFile(data, { columns, stickyRowsCount: 1 }).toBuffer();
}
