/**
 * The roll call of one run of a conference:
 *
 *   open ──mark, rest──▶ open ──sign──▶ signed
 *
 * Once it is signed its rows stand; what is written in the meeting and the meeting's end are still
 * added. Every change goes through one queue and is stored before it is told.
 */
import { randomUUID } from 'node:crypto';
import type { ChatLine } from '../contract/chat.ts';
import type { RollCallView, RollChange, RollRow } from '../contract/records.ts';
import type { Participant } from '../domain/conference.ts';
import { GatewayError } from '../domain/errors.ts';
import type { ConferenceId } from '../domain/ids.ts';
import { SerialQueue } from '../util/serial-queue.ts';
import type { MeetingRecord, RecordStore, Run } from './ports.ts';
import { connectedRows, emptyRoll, restAbsent, withArrivals, withChange } from './roll.ts';

export interface RollCallDeps {
  readonly store: Pick<RecordStore, 'saveRecord'>;
  readonly now: () => number;
  readonly participants: () => readonly Participant[];
  /** Told after each change, and when somebody comes or goes. */
  readonly onChange: (view: RollCallView) => void;
}

export class RollCall {
  readonly #deps: RollCallDeps;
  readonly #queue = new SerialQueue();
  #record: MeetingRecord;
  /** As it was told last. */
  #told = '';

  constructor(deps: RollCallDeps, record: MeetingRecord) {
    this.#deps = deps;
    this.#record = record;
  }

  get record(): MeetingRecord {
    return this.#record;
  }

  get view(): RollCallView {
    const { rows, ...facts } = this.#record;
    const connected = connectedRows(rows, this.#deps.participants());
    return {
      ...factsView(facts),
      rows: rows.map(row => {
        const participantId = connected.get(row.id);
        return { ...row, ...(participantId !== undefined && { participantId }) };
      }),
    };
  }

  /** Keeps it for the first time. @throws GatewayError `store-unavailable` */
  begin(): Promise<void> {
    return this.#change(record => ({ ...withPeople(record, this.#deps.participants()) }));
  }

  /** Looks who is there and what was written. @throws GatewayError `store-unavailable` */
  look(chat: readonly ChatLine[]): Promise<void> {
    return this.#change(record => {
      const seen = isSigned(record) ? record : withPeople(record, this.#deps.participants());
      return withChat(seen, chat);
    });
  }

  /** @throws GatewayError `not-found`, `conflict` once it is signed, `store-unavailable` */
  mark(rowId: string, change: RollChange): Promise<void> {
    return this.#changeRows(rows => {
      if (!rows.some(({ id }) => id === rowId))
        throw new GatewayError('not-found', 'There is no such row in this roll call.');
      return rows.map(row => (row.id === rowId ? withChange(row, change) : row));
    });
  }

  /** @throws GatewayError `conflict` once it is signed, `store-unavailable` */
  markRestAbsent(): Promise<void> {
    return this.#changeRows(restAbsent);
  }

  /** @throws GatewayError `conflict` once it is signed or while somebody is unmarked */
  sign(name: string): Promise<void> {
    return this.#change(record => {
      requireOpen(record);
      const unmarked = record.rows.filter(({ mark }) => mark === 'unmarked').length;
      if (unmarked > 0)
        throw new GatewayError('conflict', 'Mark everybody first, or mark the rest absent.', {
          details: { unmarked },
        });
      return { ...record, signed: { name, atMs: this.#deps.now() } };
    });
  }

  /** The meeting is over. @throws GatewayError `store-unavailable` */
  end(atMs = this.#deps.now()): Promise<void> {
    return this.#change(record => ({ ...record, endedAtMs: record.endedAtMs ?? atMs }));
  }

  /** Resolves when what was asked until now is done. */
  settled(): Promise<void> {
    return this.#queue.run(async () => undefined);
  }

  #changeRows(change: (rows: readonly RollRow[]) => readonly RollRow[]): Promise<void> {
    return this.#change(record => {
      requireOpen(record);
      return withPeople({ ...record, rows: change(record.rows) }, this.#deps.participants());
    });
  }

  #change(change: (record: MeetingRecord) => MeetingRecord): Promise<void> {
    return this.#queue.run(async () => {
      const next = change(this.#record);
      if (next !== this.#record) await this.#deps.store.saveRecord(next);
      this.#record = next;
      this.#tell();
    });
  }

  #tell(): void {
    const { view } = this;
    const text = JSON.stringify(view);
    if (text === this.#told) return;
    this.#told = text;
    this.#deps.onChange(view);
  }
}

/** One that has not been kept yet. */
export function newRecord(
  conferenceId: ConferenceId,
  run: Run,
  { ledBy, nowMs }: { readonly ledBy: string; readonly nowMs: number },
): MeetingRecord {
  const { title, groupId, startedAtMs, dueAtMs, isOfMeeting, sites } = run;
  return {
    id: randomUUID(),
    conferenceId,
    ...(groupId !== undefined && { groupId }),
    ...{ title, ledBy, startedAtMs, dueAtMs, isOfMeeting },
    createdAtMs: nowMs,
    rows: emptyRoll(sites),
    chat: [],
  };
}

/** One that puts a signed one right, and begins as that was. */
export function correctionOf(
  record: MeetingRecord,
  { ledBy, nowMs }: { readonly ledBy: string; readonly nowMs: number },
): MeetingRecord {
  const { signed: _, endedAtMs: __, ...rest } = record;
  return { ...rest, id: randomUUID(), ledBy, createdAtMs: nowMs, corrects: record.id };
}

/** What all views of a record have. */
export function factsView(record: Omit<MeetingRecord, 'rows'>): Omit<RollCallView, 'rows'> {
  const { id, conferenceId, title, ledBy, startedAtMs, createdAtMs } = record;
  const { endedAtMs, corrects, signed } = record;
  return {
    ...{ id, conferenceId, title, ledBy, startedAtMs, createdAtMs },
    ...(endedAtMs !== undefined && { endedAtMs }),
    ...(corrects !== undefined && { corrects }),
    ...(signed && { signed: { ...signed } }),
  };
}

function isSigned({ signed }: MeetingRecord): boolean {
  return signed !== undefined;
}

/** @throws GatewayError `conflict` */
function requireOpen(record: MeetingRecord): void {
  if (isSigned(record))
    throw new GatewayError('conflict', 'The roll call is signed: begin a correction to change it.');
}

function withPeople(record: MeetingRecord, participants: readonly Participant[]): MeetingRecord {
  const rows = withArrivals(record.rows, participants, record.dueAtMs);
  return rows === record.rows ? record : { ...record, rows };
}

/** What is kept already stays: a conference that opens anew begins with no lines. */
function withChat(record: MeetingRecord, lines: readonly ChatLine[]): MeetingRecord {
  const known = new Set(record.chat.map(({ id }) => id));
  const news = lines.filter(({ id }) => !known.has(id));
  return news.length === 0 ? record : { ...record, chat: [...record.chat, ...news] };
}
