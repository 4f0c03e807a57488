import { GatewayError } from '../domain/errors.ts';
import { readCsv } from './read-csv.ts';
import { readXlsx } from './read-xlsx.ts';
import { MAX_COLUMNS, MAX_ROWS, type Table } from './table.ts';

/** Beginning of every ZIP archive, of which XLSX is one. */
const ZIP = Buffer.from('PK\x03\x04', 'latin1');
/** Beginning of what Excel wrote before 2007, [MS-CFB] §2.2. */
const OLD_EXCEL = Buffer.from('d0cf11e0a1b11ae1', 'hex');

/**
 * The first sheet of a CSV or XLSX file, known by its content.
 *
 * @throws GatewayError `file-not-understood`, `too-large`
 */
export async function readTable(file: Buffer): Promise<Table> {
  if (file.subarray(0, OLD_EXCEL.length).equals(OLD_EXCEL))
    throw new GatewayError(
      'file-not-understood',
      'This is an old Excel file (.xls) or one with a password: save it as .xlsx without a password.',
    );
  const table = file.subarray(0, ZIP.length).equals(ZIP) ? await readXlsx(file) : csv(file);
  if (!table)
    throw new GatewayError('file-not-understood', 'There is nothing in this file: fill it in.');
  if (table.rows.length > MAX_ROWS || table.head.length > MAX_COLUMNS)
    throw new GatewayError(
      'too-large',
      `The file has more than ${MAX_ROWS} rows or ${MAX_COLUMNS} columns: split it.`,
    );
  return table;
}

function csv(file: Buffer): Table | undefined {
  try {
    return readCsv(file);
  } catch (cause) {
    const message = 'This is neither CSV nor XLSX: save it as one of them.';
    throw new GatewayError('file-not-understood', message, { cause });
  }
}
