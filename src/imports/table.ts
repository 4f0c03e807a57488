/** A sheet as it was sent: a head and rows of text, the empty ones left out. */
export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly TableRow[];
}

export interface TableRow {
  /** As the spreadsheet numbers it; the head is row 1 unless lines lie before it. */
  readonly row: number;
  readonly cells: readonly string[];
}

/** More rows than this are refused: 1,000 things with several rows each have room. */
export const MAX_ROWS = 5_000;
export const MAX_COLUMNS = 100;

/** @param lines all lines of a sheet; the first that is not empty is the head */
export function tableOf(lines: readonly TableRow[]): Table | undefined {
  const [head, ...rows] = lines.filter(({ cells }) => cells.some(cell => cell.trim() !== ''));
  return head && { head: head.cells.map(cell => cell.trim()), rows };
}
