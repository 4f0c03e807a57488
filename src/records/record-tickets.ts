/**
 * Tickets with which a chair fetches the record of a meeting after it: sealed, each for one record
 * and good for some hours after the end. Nothing is kept of them, so that they outlive a restart.
 */
import { z } from 'zod';
import { TICKET_HOURS } from '../contract/records.ts';
import type { Actor } from '../domain/actor.ts';
import { GatewayError } from '../domain/errors.ts';
import { exportRecord } from './export-record.ts';
import type { RecordFile } from './files.ts';
import type { MeetingRecord, RecordAudit, RecordStore, Seal } from './ports.ts';
import type { Export } from './record-audit.ts';

export interface RecordTicketsDeps {
  readonly seal: Seal;
  readonly store: Pick<RecordStore, 'getRecord'> & RecordAudit;
  readonly now: () => number;
}

const OWNER = 'record ticket';
const HOUR_MS = 3_600_000;

const Ticket = z.strictObject({
  recordId: z.string(),
  /** Of the chair. */
  name: z.string(),
});
type Ticket = z.infer<typeof Ticket>;

export class RecordTickets {
  readonly #deps: RecordTicketsDeps;

  constructor(deps: RecordTicketsDeps) {
    this.#deps = deps;
  }

  /** @param name of the chair, for the audit log */
  issue(recordId: string, name: string): string {
    const ticket: Ticket = { recordId, name };
    return this.#deps.seal.seal(Buffer.from(JSON.stringify(ticket)), OWNER);
  }

  /**
   * The record that a ticket is for.
   *
   * @param address where the request came from
   * @throws GatewayError `not-authorized` for a ticket that is none, or none any more
   */
  async file(text: string, how: Export, address: string): Promise<RecordFile> {
    const ticket = this.#read(text);
    const record = ticket && (await this.#deps.store.getRecord(ticket.recordId));
    if (!ticket || !record || this.#isTooLate(record))
      throw new GatewayError(
        'not-authorized',
        'This record is no longer given out from here: ask an administrator for it.',
      );
    const by: Actor = { kind: 'chair', name: ticket.name, address };
    return exportRecord(this.#deps.store, record, how, by);
  }

  #read(text: string): Ticket | undefined {
    const opened = this.#deps.seal.open(text, OWNER);
    if (!opened) return undefined;
    return Ticket.parse(JSON.parse(Buffer.from(opened).toString()));
  }

  #isTooLate({ endedAtMs }: MeetingRecord): boolean {
    return endedAtMs !== undefined && this.#deps.now() > endedAtMs + TICKET_HOURS * HOUR_MS;
  }
}
