import readExcelFile from 'read-excel-file/node';
import { GatewayError } from '../domain/errors.ts';
import { type Table, type TableRow, tableOf } from './table.ts';
import { unzippedSize } from './zip-size.ts';

/** 5,000 rows take a tenth of this. */
const MAX_UNZIPPED_BYTES = 30_000_000;

/**
 * The first sheet; undefined when there is nothing in it.
 *
 * @throws GatewayError `file-not-understood`, `too-large`
 */
export async function readXlsx(file: Buffer): Promise<Table | undefined> {
  if (unzippedSize(file, MAX_UNZIPPED_BYTES) === undefined)
    throw new GatewayError(
      'too-large',
      'This XLSX file is broken or much too large when unpacked: save its first sheet as CSV.',
    );
  try {
    const [sheet] = await readExcelFile(file);
    const lines = (sheet?.data ?? []).map(
      (cells, at): TableRow => ({ row: at + 1, cells: cells.map(textOf) }),
    );
    return tableOf(lines);
  } catch (cause) {
    const message = 'This XLSX file cannot be read: save it anew, or as CSV.';
    throw new GatewayError('file-not-understood', message, { cause });
  }
}

/** Dates as `contract/conferences.ts` has them: a sheet's clocks have no time zone. */
function textOf(cell: unknown): string {
  if (cell === null || cell === undefined) return '';
  if (cell instanceof Date) return cell.toISOString().slice(0, 16);
  return String(cell).normalize('NFC');
}
