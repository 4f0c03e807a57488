/** As the clocks on the walls of the halls have it. */
export const WALL_TIME_ZONE = 'Asia/Ho_Chi_Minh';

/** Swedish writes days as ISO 8601 does. */
const DAY = new Intl.DateTimeFormat('sv-SE', { timeZone: WALL_TIME_ZONE, dateStyle: 'short' });

/**
 * What a record is called as a file, without what tells its format: like `diem-danh-2026-11-26`, or
 * `bien-ban-…` where nobody called the roll.
 */
export function recordName(record: {
  readonly startedAtMs: number;
  readonly ledBy?: unknown;
}): string {
  const what = record.ledBy === undefined ? 'bien-ban' : 'diem-danh';
  return `${what}-${DAY.format(record.startedAtMs)}`;
}
