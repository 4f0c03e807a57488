/** What a chair needs to fetch the record of the last meeting, so that loading the page anew does not lose it. */
import { z } from 'zod';
import { TICKET_HOURS } from '../../contract/records.ts';

const LastRecord = z.object({
  conferenceName: z.string(),
  ticket: z.string(),
  /** When it was given to us. */
  atMs: z.number(),
});
export type LastRecord = z.infer<typeof LastRecord>;

/** The part of `sessionStorage` that is needed: a tab's own, so that others at this computer do not find it. */
type Shelf = Pick<globalThis.Storage, 'getItem' | 'setItem'>;

/** Of this tab; undefined where there is none, or it opens nothing any more. */
export function lastRecord(
  alias: string,
  nowMs: number,
  shelf: Shelf = sessionStorage,
): LastRecord | undefined {
  try {
    const record = LastRecord.parse(JSON.parse(shelf.getItem(keyOf(alias)) ?? ''));
    return nowMs - record.atMs < TICKET_HOURS * 3_600_000 ? record : undefined;
  } catch {
    return undefined;
  }
}

export function keepLastRecord(
  alias: string,
  record: LastRecord,
  shelf: Shelf = sessionStorage,
): void {
  try {
    shelf.setItem(keyOf(alias), JSON.stringify(record));
  } catch {
    // A full or forbidden shelf only means that the record has to be fetched before the page is left.
  }
}

function keyOf(alias: string): string {
  return `diemcau.record.${alias}`;
}
