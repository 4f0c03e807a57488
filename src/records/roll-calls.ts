/**
 * The roll calls of the meetings that run: what chairs do with them, and how they follow who comes
 * and what is written. Knows neither HTTP nor SQL. Start reading at `start`.
 */
import type { Logger } from 'pino';
import type {
  RecordFormat,
  RecordLanguage,
  RollCallView,
  RollChange,
} from '../contract/records.ts';
import { GatewayError } from '../domain/errors.ts';
import type { ConferenceId } from '../domain/ids.ts';
import { type RecordFile, writeRecord } from './files.ts';
import type { MeetingRecord, RecordRooms, RecordStore } from './ports.ts';
import { correctionOf, newRecord, RollCall } from './roll-call.ts';

export interface RollCallsDeps {
  readonly store: RecordStore;
  readonly rooms: RecordRooms;
  readonly now: () => number;
  readonly log: Logger;
}

type Listener = (view: RollCallView) => void;

/** Of a conference without a meeting nobody knows when it was over; so late it is. */
const STALE_AFTER_MS = 12 * 3_600_000;

export class RollCalls {
  readonly #deps: RollCallsDeps;
  /** Of each conference, corrections after what they put right; chairs have the last. */
  readonly #running = new Map<ConferenceId, RollCall[]>();
  /** On their way, so that two chairs who press at once call one roll. */
  readonly #starting = new Map<ConferenceId, Promise<RollCallView>>();
  readonly #watchers = new Map<ConferenceId, Set<Listener>>();
  #unfollow: () => void = () => undefined;

  private constructor(deps: RollCallsDeps) {
    this.#deps = deps;
  }

  /**
   * Goes on with those that a gateway that died has left.
   *
   * @throws GatewayError `store-unavailable`
   */
  static async open(deps: RollCallsDeps): Promise<RollCalls> {
    const rollCalls = new RollCalls(deps);
    for (const record of await deps.store.loadOpenRecords()) await rollCalls.#takeUp(record);
    rollCalls.#unfollow = deps.rooms.onChange(id => rollCalls.#look(id));
    return rollCalls;
  }

  /** The latest of what runs now, and each change of it; returns its own undo. */
  watch(id: ConferenceId, listener: Listener): () => void {
    const watchers = this.#watchers.get(id) ?? new Set();
    this.#watchers.set(id, watchers.add(listener));
    const current = this.#latest(id);
    if (current) listener(current.view);
    return () => {
      watchers.delete(listener);
      if (watchers.size === 0) this.#watchers.delete(id);
    };
  }

  /**
   * Calls the roll; one that is under way is given back as it is, and one that is signed gets a
   * correction, which begins as it was.
   *
   * @param ledBy name of the person
   * @throws GatewayError `conference-not-found`, `store-unavailable`
   */
  start(id: ConferenceId, ledBy: string): Promise<RollCallView> {
    const current = this.#latest(id);
    if (current && !current.record.signed) return Promise.resolve(current.view);
    const starting =
      this.#starting.get(id) ??
      this.#begin(id, ledBy, current?.record).finally(() => this.#starting.delete(id));
    this.#starting.set(id, starting);
    return starting;
  }

  /** @throws GatewayError `not-found`, `conflict` once it is signed, `store-unavailable` */
  mark(id: ConferenceId, rowId: string, change: RollChange): Promise<RollCallView> {
    return this.#do(id, rollCall => rollCall.mark(rowId, change));
  }

  /** @throws GatewayError `not-found`, `conflict` once it is signed, `store-unavailable` */
  markRestAbsent(id: ConferenceId): Promise<RollCallView> {
    return this.#do(id, rollCall => rollCall.markRestAbsent());
  }

  /** @throws GatewayError `not-found`, `conflict` once it is signed or while somebody is unmarked */
  sign(id: ConferenceId, name: string): Promise<RollCallView> {
    return this.#do(id, rollCall => rollCall.sign(name));
  }

  /** The latest with all that was written until now, for people. @throws GatewayError `not-found` */
  async file(
    id: ConferenceId,
    how: { readonly format: RecordFormat; readonly language: RecordLanguage },
  ): Promise<RecordFile> {
    return writeRecord(this.#find(id).record, how.format, how.language);
  }

  /** Resolves when all is kept that was asked; the next gateway takes it up. */
  async close(): Promise<void> {
    this.#unfollow();
    await Promise.all([...this.#running.values()].flat().map(rollCall => rollCall.settled()));
  }

  async #begin(
    id: ConferenceId,
    ledBy: string,
    signed: MeetingRecord | undefined,
  ): Promise<RollCallView> {
    const run = await this.#deps.rooms.run(id);
    if (!run)
      throw new GatewayError(
        'conference-not-found',
        'Nobody is in this conference: join it first.',
      );
    const by = { ledBy, nowMs: this.#deps.now() };
    const rollCall = this.#rollCall(signed ? correctionOf(signed, by) : newRecord(id, run, by));
    await rollCall.begin();
    this.#add(id, rollCall);
    await rollCall.look(this.#deps.rooms.chat(id));
    this.#tell(id, rollCall.view);
    return rollCall.view;
  }

  /** A meeting that is over did not wait for its record. */
  async #takeUp(record: MeetingRecord): Promise<void> {
    const { conferenceId: id, isOfMeeting, startedAtMs, createdAtMs } = record;
    const { rooms, now } = this.#deps;
    const rollCall = this.#rollCall(record);
    const isOver = isOfMeeting
      ? rooms.meetingStart(id) !== startedAtMs
      : now() - createdAtMs > STALE_AFTER_MS;
    if (isOver) await rollCall.end();
    else this.#add(id, rollCall);
  }

  #add(id: ConferenceId, rollCall: RollCall): void {
    this.#running.set(id, [...(this.#running.get(id) ?? []), rollCall]);
  }

  #latest(id: ConferenceId): RollCall | undefined {
    return this.#running.get(id)?.at(-1);
  }

  #rollCall(record: MeetingRecord): RollCall {
    const { conferenceId: id } = record;
    return new RollCall(
      {
        store: this.#deps.store,
        now: this.#deps.now,
        participants: () => this.#deps.rooms.participants(id),
        onChange: view => {
          if (this.#latest(id)?.record.id === view.id) this.#tell(id, view);
        },
      },
      record,
    );
  }

  #look(id: ConferenceId): void {
    const running = this.#running.get(id) ?? [];
    const isOver = running.some(({ record }) => this.#isOver(record));
    if (isOver) this.#running.delete(id);
    const chat = this.#deps.rooms.chat(id);
    for (const rollCall of running)
      (isOver ? rollCall.end() : rollCall.look(chat)).catch(err =>
        this.#deps.log.error({ err, conferenceId: id }, 'record not kept'),
      );
  }

  #isOver({ conferenceId, isOfMeeting, startedAtMs }: MeetingRecord): boolean {
    const { rooms } = this.#deps;
    if (isOfMeeting) return rooms.meetingStart(conferenceId) !== startedAtMs;
    return !rooms.isRunning(conferenceId);
  }

  async #do(id: ConferenceId, act: (rollCall: RollCall) => Promise<void>): Promise<RollCallView> {
    const rollCall = this.#find(id);
    await act(rollCall);
    return rollCall.view;
  }

  #tell(id: ConferenceId, view: RollCallView): void {
    for (const listener of [...(this.#watchers.get(id) ?? [])]) listener(view);
  }

  /** @throws GatewayError `not-found` */
  #find(id: ConferenceId): RollCall {
    const rollCall = this.#latest(id);
    if (rollCall) return rollCall;
    throw new GatewayError('not-found', 'The roll has not been called in this meeting: start it.');
  }
}
