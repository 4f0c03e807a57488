/**
 * The record of one run of a conference, while that runs:
 *
 *   uncalled ──call──▶ open ──mark, rest──▶ open ──sign──▶ signed
 *
 * From the first it follows who comes and goes and what is written. Once the roll is signed its
 * rows stand; the rest and the meeting's end are still added. Every change goes through one queue
 * and is stored before it is told.
 */
import { randomUUID } from 'node:crypto';
import type { ChatLine } from '../contract/chat.ts';
import type { RollCallView, RollChange, RollRow } from '../contract/records.ts';
import type { Actor, Noted } from '../domain/actor.ts';
import type { Participant } from '../domain/conference.ts';
import { GatewayError } from '../domain/errors.ts';
import type { ConferenceId } from '../domain/ids.ts';
import { SerialQueue } from '../util/serial-queue.ts';
import { allGone, withComings } from './attendance.ts';
import type { MeetingRecord, RecordStore, Run } from './ports.ts';
import { signedOff } from './record-audit.ts';
import {
  connectedRows,
  emptyRoll,
  restAbsent,
  withArrivals,
  withChange,
  withSites,
} from './roll.ts';

export interface RunningRecordDeps {
  readonly store: Pick<RecordStore, 'saveRecord'>;
  readonly now: () => number;
  readonly participants: () => readonly Participant[];
  /** Told after each change of a roll that was called, and when somebody comes or goes. */
  readonly onChange: (view: RollCallView) => void;
}

export class RunningRecord {
  readonly #deps: RunningRecordDeps;
  readonly #queue = new SerialQueue();
  #record: MeetingRecord;
  /** As it was told last. */
  #told = '';
  /** Who was here and how much was written when it was looked last. */
  #seen = '';

  constructor(deps: RunningRecordDeps, record: MeetingRecord) {
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

  get isCalled(): boolean {
    return this.#record.ledBy !== undefined;
  }

  /** Keeps it for the first time. @throws GatewayError `store-unavailable` */
  begin(): Promise<void> {
    return this.#change(record => ({ ...this.#withPeople(record) }));
  }

  /** Begins the roll call; harmless once it has begun. @throws GatewayError `store-unavailable` */
  call(ledBy: string, run: Run): Promise<void> {
    return this.#change(record =>
      record.ledBy === undefined ? { ...this.#withPeople(withRun(record, run)), ledBy } : record,
    );
  }

  /** A meeting was started where people had come in before. @throws GatewayError `store-unavailable` */
  becomeMeeting(run: Run): Promise<void> {
    return this.#change(record =>
      isSigned(record) || record.isOfMeeting ? record : this.#withPeople(withRun(record, run)),
    );
  }

  /**
   * Looks who is there and what was written; does nothing while both are as they were.
   *
   * @throws GatewayError `store-unavailable`; the next look tries again
   */
  async look(chat: readonly ChatLine[]): Promise<void> {
    const seen = [...this.#deps.participants().map(({ id, name }) => `${id} ${name}`), chat.length];
    if (this.#seen === seen.join('\n')) return;
    await this.#change(record => withChat(this.#withPeople(record), chat));
    this.#seen = seen.join('\n');
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

  /**
   * Signs it off, with a row in the audit log.
   *
   * @throws GatewayError `conflict` once it is signed or while somebody is unmarked
   */
  sign(name: string, by: Actor): Promise<void> {
    const sign = (record: MeetingRecord): MeetingRecord => {
      requireOpen(record);
      const unmarked = record.rows.filter(({ mark }) => mark === 'unmarked').length;
      if (unmarked > 0)
        throw new GatewayError('conflict', 'Mark everybody first, or mark the rest absent.', {
          details: { unmarked },
        });
      return { ...record, signed: { name, atMs: this.#deps.now() } };
    };
    return this.#change(sign, signed => signedOff(signed, by));
  }

  /** The meeting is over, and nobody is here. @throws GatewayError `store-unavailable` */
  end(atMs = this.#deps.now()): Promise<void> {
    return this.#change(record => ({
      ...record,
      attendance: allGone(record.attendance, atMs),
      endedAtMs: record.endedAtMs ?? atMs,
    }));
  }

  /** It was not over after all. @throws GatewayError `store-unavailable` */
  goOn(): Promise<void> {
    this.#seen = '';
    return this.#change(({ endedAtMs: _, ...record }) => this.#withPeople(record));
  }

  /** Resolves when what was asked until now is done. */
  settled(): Promise<void> {
    return this.#queue.run(async () => undefined);
  }

  #changeRows(change: (rows: readonly RollRow[]) => readonly RollRow[]): Promise<void> {
    return this.#change(record => {
      requireOpen(record);
      return this.#withPeople({ ...record, rows: change(record.rows) });
    });
  }

  /** @param note what the audit log says of it */
  #change(
    change: (record: MeetingRecord) => MeetingRecord,
    note?: (record: MeetingRecord) => Noted,
  ): Promise<void> {
    return this.#queue.run(async () => {
      const next = change(this.#record);
      if (next !== this.#record) await this.#deps.store.saveRecord(next, note?.(next));
      this.#record = next;
      this.#tell();
    });
  }

  /** With who is here now; the roll as well, until it is signed. */
  #withPeople(record: MeetingRecord): MeetingRecord {
    const participants = this.#deps.participants();
    const attendance = withComings(record.attendance, participants, this.#deps.now());
    const rows = isSigned(record)
      ? record.rows
      : withArrivals(record.rows, participants, record.dueAtMs);
    const isSame = attendance === record.attendance && rows === record.rows;
    return isSame ? record : { ...record, attendance, rows };
  }

  #tell(): void {
    if (!this.isCalled) return;
    const { view } = this;
    const text = JSON.stringify(view);
    if (text === this.#told) return;
    this.#told = text;
    this.#deps.onChange(view);
  }
}

/** One that has not been kept yet, and whose roll nobody has called. */
export function newRecord(conferenceId: ConferenceId, run: Run, nowMs: number): MeetingRecord {
  const { title, groupId, startedAtMs, dueAtMs, isOfMeeting, sites } = run;
  return {
    id: randomUUID(),
    conferenceId,
    ...(groupId !== undefined && { groupId }),
    ...{ title, startedAtMs, dueAtMs, isOfMeeting },
    createdAtMs: nowMs,
    rows: emptyRoll(sites),
    attendance: [],
    chat: [],
  };
}

/** The conference may have been changed, or its meeting started, since the record began. */
function withRun(record: MeetingRecord, run: Run): MeetingRecord {
  const { title, startedAtMs, dueAtMs, isOfMeeting, sites } = run;
  const meeting = isOfMeeting && !record.isOfMeeting && { startedAtMs, dueAtMs, isOfMeeting };
  return { ...record, title, ...meeting, rows: withSites(record.rows, sites) };
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
    ...{ id, conferenceId, title, startedAtMs, createdAtMs },
    ...(ledBy !== undefined && { ledBy }),
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

/** What is kept already stays: a conference that opens anew begins with no lines. */
function withChat(record: MeetingRecord, lines: readonly ChatLine[]): MeetingRecord {
  const known = new Set(record.chat.map(({ id }) => id));
  const news = lines.filter(({ id }) => !known.has(id));
  return news.length === 0 ? record : { ...record, chat: [...record.chat, ...news] };
}
