/**
 * A backup: lines of JSON. The first says what it is, the last how many rows there are, and each
 * between is one row. The same for both databases, so that it moves from one to the other.
 */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';

const FORMAT = 'diemcau-backup/1';

const Head = z.strictObject({
  format: z.literal(FORMAT),
  /** Of the program. */
  version: z.string(),
  createdAt: z.string(),
  /** Those that had run; the tables are as the last of them left them. */
  migrations: z.array(z.string()).min(1),
});
const Row = z.tuple([z.string(), z.record(z.string(), z.unknown())]);
const End = z.strictObject({ rows: z.number().int() });

export type BackupHead = z.infer<typeof Head>;
/** A table, and a row of it. */
export type BackupRow = z.infer<typeof Row>;

export function headLine(head: Omit<BackupHead, 'format'>): string {
  return line({ format: FORMAT, ...head });
}

export function rowLine(...row: BackupRow): string {
  return line(row);
}

export function endLine(rows: number): string {
  return line({ rows });
}

function line(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}

/**
 * Reads a backup from its beginning.
 *
 * @throws Error when it is none; and at its end when something is missing
 */
export async function openBackup(
  file: string,
): Promise<{ head: BackupHead; rows: AsyncGenerator<BackupRow> }> {
  const lines = createInterface({
    input: createReadStream(file),
    crlfDelay: Number.POSITIVE_INFINITY,
  });
  const each = lines[Symbol.asyncIterator]();
  const first = await each.next();
  const head = Head.safeParse(first.done ? undefined : parsed(first.value));
  if (!head.success) throw new Error(`${file} is no backup of diemcau`);
  return { head: head.data, rows: rowsOf(file, each) };
}

async function* rowsOf(file: string, lines: AsyncIterator<string>): AsyncGenerator<BackupRow> {
  let count = 0;
  for (let next = await lines.next(); !next.done; next = await lines.next()) {
    const value = parsed(next.value);
    const row = Row.safeParse(value);
    if (row.success) {
      count += 1;
      yield row.data;
      continue;
    }
    if (End.safeParse(value).data?.rows === count) return;
    break;
  }
  throw new Error(`${file} is damaged or not whole: nothing was changed`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // no line of ours; the caller says so
  }
}
