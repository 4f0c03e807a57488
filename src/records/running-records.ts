/**
 * The records of the conferences that run: each is begun when the first one is there or something
 * is written, whether or not anybody calls the roll, and is over when the meeting is. Start reading
 * at `#look`.
 */
import type { Logger } from 'pino';
import type { RollCallView } from '../contract/records.ts';
import { GatewayError } from '../domain/errors.ts';
import type { ConferenceId } from '../domain/ids.ts';
import type { MeetingRecord, RecordRooms, RecordStore } from './ports.ts';
import { newRecord, RunningRecord } from './running-record.ts';

export interface RunningRecordsDeps {
  readonly store: RecordStore;
  readonly rooms: RecordRooms;
  readonly now: () => number;
  readonly log: Logger;
}

/** Told of the latest record of a conference: `view` only of a roll that was called. */
export interface RecordListener {
  readonly onLatest?: (record: MeetingRecord) => void;
  readonly onRoll?: (view: RollCallView) => void;
}

/** Of a conference without a meeting nobody knows when it was over; so late it is. */
const STALE_AFTER_MS = 12 * 3_600_000;
/** Everybody may lose the line at once: who is back so soon goes on with what was begun. */
const GOES_ON_WITHIN_MS = 5 * 60_000;

export class RunningRecords {
  readonly #deps: RunningRecordsDeps;
  /** Of each conference, corrections after what they put right; chairs have the last. */
  readonly #running = new Map<ConferenceId, RunningRecord[]>();
  /** On their way, so that whoever asks meanwhile gets the same. */
  readonly #beginning = new Map<ConferenceId, Promise<RunningRecord>>();
  /** Of conferences without a meeting that everybody has left. */
  readonly #left = new Map<ConferenceId, RunningRecord[]>();
  readonly #listeners = new Map<ConferenceId, Set<RecordListener>>();
  #unfollow: () => void = () => undefined;
  #lookForLost: NodeJS.Timeout | undefined;

  private constructor(deps: RunningRecordsDeps) {
    this.#deps = deps;
  }

  /**
   * Goes on with those that a gateway that died has left.
   *
   * @throws GatewayError `store-unavailable`
   */
  static async open(deps: RunningRecordsDeps): Promise<RunningRecords> {
    const records = new RunningRecords(deps);
    for (const record of await deps.store.loadOpenRecords()) await records.#takeUp(record);
    records.#unfollow = deps.rooms.onChange(id => records.#look(id));
    records.#lookForLost = setTimeout(() => records.#lookAtAll(), GOES_ON_WITHIN_MS).unref();
    return records;
  }

  latest(id: ConferenceId): RunningRecord | undefined {
    return this.#running.get(id)?.at(-1);
  }

  /** The latest now, and whenever it is otherwise or another; returns its own undo. */
  watch(id: ConferenceId, listener: RecordListener): () => void {
    const listeners = this.#listeners.get(id) ?? new Set();
    this.#listeners.set(id, listeners.add(listener));
    const latest = this.latest(id);
    if (latest) tell(listener, latest);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(id);
    };
  }

  /**
   * The latest; begun if need be.
   *
   * @throws GatewayError `conference-not-found`, `store-unavailable`
   */
  async need(id: ConferenceId): Promise<RunningRecord> {
    return this.latest(id) ?? (await this.#once(id, () => this.#begin(id)));
  }

  /** Another after the latest, which stays as it is. @throws GatewayError `store-unavailable` */
  follow(id: ConferenceId, record: MeetingRecord): Promise<RunningRecord> {
    return this.#once(id, () => this.#add(record));
  }

  /** Resolves when all is kept that was asked; the next gateway takes it up. */
  async close(): Promise<void> {
    this.#unfollow();
    clearTimeout(this.#lookForLost);
    await Promise.allSettled(this.#beginning.values());
    await Promise.all([...this.#running.values()].flat().map(record => record.settled()));
  }

  /** Of what a gateway that died has left some are over: nobody has come back. */
  #lookAtAll(): void {
    for (const id of [...this.#running.keys()]) this.#look(id);
  }

  /** Somebody came or went, wrote something, or the meeting is over. */
  #look(id: ConferenceId): void {
    const running = this.#running.get(id) ?? [];
    const isOver = running.some(({ record }) => this.#isOver(record));
    if (isOver) this.#forget(id, running);
    const chat = this.#deps.rooms.chat(id);
    for (const record of running) this.#keep(id, isOver ? record.end() : record.look(chat));
    if (this.latest(id)) this.#lookForMeeting(id);
    else if (this.#deps.rooms.participants(id).length > 0) this.#keep(id, this.need(id));
  }

  /** People may be there before their meeting is started; what was signed then stands by itself. */
  #lookForMeeting(id: ConferenceId): void {
    const running = this.#running.get(id) ?? [];
    const isOfNone = running.every(({ record }) => !record.isOfMeeting && !record.signed);
    if (isOfNone && this.#deps.rooms.meetingStart(id) !== undefined)
      this.#keep(id, this.#becomeMeeting(id, running));
  }

  async #becomeMeeting(id: ConferenceId, running: readonly RunningRecord[]): Promise<void> {
    const run = await this.#deps.rooms.run(id);
    if (run?.isOfMeeting) for (const record of running) await record.becomeMeeting(run);
  }

  #keep(conferenceId: ConferenceId, kept: Promise<unknown>): void {
    kept.catch(err => {
      // Over before it had begun, or of a conference that was taken away.
      if (err instanceof GatewayError && err.code === 'conference-not-found') return;
      this.#deps.log.error({ err, conferenceId }, 'record not kept');
    });
  }

  #once(id: ConferenceId, begin: () => Promise<RunningRecord>): Promise<RunningRecord> {
    const beginning = this.#beginning.get(id) ?? begin().finally(() => this.#beginning.delete(id));
    this.#beginning.set(id, beginning);
    return beginning;
  }

  async #begin(id: ConferenceId): Promise<RunningRecord> {
    const run = await this.#deps.rooms.run(id);
    if (!run)
      throw new GatewayError(
        'conference-not-found',
        'Nobody is in this conference: join it first.',
      );
    const before = run.isOfMeeting ? undefined : this.#leftJustNow(id);
    if (!before) return this.#add(newRecord(id, run, this.#deps.now()));
    for (const record of before) await record.goOn();
    this.#running.set(id, before);
    return this.#settle(id, before.at(-1) as RunningRecord);
  }

  async #add(record: MeetingRecord): Promise<RunningRecord> {
    const { conferenceId: id } = record;
    const running = this.#runningRecord(record);
    await running.begin();
    this.#running.set(id, [...(this.#running.get(id) ?? []), running]);
    return this.#settle(id, running);
  }

  /** What has happened while it was begun; it may be over already. */
  async #settle(id: ConferenceId, running: RunningRecord): Promise<RunningRecord> {
    await running.look(this.#deps.rooms.chat(id));
    this.#tell(id);
    queueMicrotask(() => this.#look(id));
    return running;
  }

  #leftJustNow(id: ConferenceId): RunningRecord[] | undefined {
    const left = this.#isJustLeft(id) ? this.#left.get(id) : undefined;
    this.#left.delete(id);
    return left;
  }

  #isJustLeft(id: ConferenceId): boolean {
    const { endedAtMs } = this.#left.get(id)?.at(-1)?.record ?? {};
    return this.#deps.now() - (endedAtMs ?? this.#deps.now()) < GOES_ON_WITHIN_MS;
  }

  #forget(id: ConferenceId, records: RunningRecord[]): void {
    this.#running.delete(id);
    for (const one of this.#left.keys()) if (!this.#isJustLeft(one)) this.#left.delete(one);
    if (!records.some(({ record }) => record.isOfMeeting)) this.#left.set(id, records);
  }

  /** A meeting that is over did not wait for its record. */
  async #takeUp(record: MeetingRecord): Promise<void> {
    const { conferenceId: id, isOfMeeting, startedAtMs, createdAtMs } = record;
    const { rooms, now } = this.#deps;
    const running = this.#runningRecord(record);
    const isOver = isOfMeeting
      ? rooms.meetingStart(id) !== startedAtMs
      : now() - createdAtMs > STALE_AFTER_MS;
    if (isOver) await running.end();
    else this.#running.set(id, [...(this.#running.get(id) ?? []), running]);
  }

  #runningRecord(record: MeetingRecord): RunningRecord {
    const { conferenceId: id } = record;
    return new RunningRecord(
      {
        store: this.#deps.store,
        now: this.#deps.now,
        participants: () => this.#deps.rooms.participants(id),
        onChange: view => {
          if (this.latest(id)?.record.id !== view.id) return;
          for (const { onRoll } of this.#listenersOf(id)) onRoll?.(view);
        },
      },
      record,
    );
  }

  #isOver({ conferenceId, isOfMeeting, startedAtMs }: MeetingRecord): boolean {
    const { rooms } = this.#deps;
    if (isOfMeeting) return rooms.meetingStart(conferenceId) !== startedAtMs;
    return !rooms.isRunning(conferenceId);
  }

  #tell(id: ConferenceId): void {
    const latest = this.latest(id);
    if (latest) for (const listener of this.#listenersOf(id)) tell(listener, latest);
  }

  #listenersOf(id: ConferenceId): readonly RecordListener[] {
    return [...(this.#listeners.get(id) ?? [])];
  }
}

function tell({ onLatest, onRoll }: RecordListener, latest: RunningRecord): void {
  onLatest?.(latest.record);
  if (latest.isCalled) onRoll?.(latest.view);
}
