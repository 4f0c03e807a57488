/**
 * The roll calls of the meetings that run: what chairs do with them. Knows neither HTTP nor SQL.
 * Start reading at `start`.
 */
import type { RollCallView, RollChange } from '../contract/records.ts';
import type { Actor } from '../domain/actor.ts';
import { GatewayError } from '../domain/errors.ts';
import type { ConferenceId } from '../domain/ids.ts';
import { exportRecord } from './export-record.ts';
import type { RecordFile } from './files.ts';
import type { RecordAudit } from './ports.ts';
import type { Export } from './record-audit.ts';
import { correctionOf, type RunningRecord } from './running-record.ts';
import { RunningRecords, type RunningRecordsDeps } from './running-records.ts';

export interface RollCallsDeps extends RunningRecordsDeps {
  readonly audit: RecordAudit;
}

export class RollCalls {
  readonly #deps: RollCallsDeps;
  readonly #records: RunningRecords;

  private constructor(deps: RollCallsDeps, records: RunningRecords) {
    this.#deps = deps;
    this.#records = records;
  }

  /**
   * Goes on with the records that a gateway that died has left.
   *
   * @throws GatewayError `store-unavailable`
   */
  static async open(deps: RollCallsDeps): Promise<RollCalls> {
    return new RollCalls(deps, await RunningRecords.open(deps));
  }

  /** The latest roll of what runs now, and each change of it; returns its own undo. */
  watch(id: ConferenceId, onRoll: (view: RollCallView) => void): () => void {
    return this.#records.watch(id, { onRoll });
  }

  /** Which record is the latest of what runs now, called or not; returns its own undo. */
  watchRecord(id: ConferenceId, listener: (recordId: string) => void): () => void {
    return this.#records.watch(id, { onLatest: record => listener(record.id) });
  }

  /**
   * Calls the roll; one that is under way is given back as it is, and one that is signed gets a
   * correction, which begins as it was.
   *
   * @param ledBy name of the person
   * @throws GatewayError `conference-not-found`, `store-unavailable`
   */
  async start(id: ConferenceId, ledBy: string): Promise<RollCallView> {
    const current = this.#records.latest(id);
    if (current?.record.signed) {
      const correction = correctionOf(current.record, { ledBy, nowMs: this.#deps.now() });
      return (await this.#records.follow(id, correction)).view;
    }
    if (current?.isCalled) return current.view;
    const run = await this.#deps.rooms.run(id);
    const record = await this.#records.need(id);
    if (run) await record.call(ledBy, run);
    return record.view;
  }

  /** @throws GatewayError `not-found`, `conflict` once it is signed, `store-unavailable` */
  mark(id: ConferenceId, rowId: string, change: RollChange): Promise<RollCallView> {
    return this.#do(id, record => record.mark(rowId, change));
  }

  /** @throws GatewayError `not-found`, `conflict` once it is signed, `store-unavailable` */
  markRestAbsent(id: ConferenceId): Promise<RollCallView> {
    return this.#do(id, record => record.markRestAbsent());
  }

  /** @throws GatewayError `not-found`, `conflict` once it is signed or while somebody is unmarked */
  sign(id: ConferenceId, name: string, by: Actor): Promise<RollCallView> {
    return this.#do(id, record => record.sign(name, by));
  }

  /** The latest with all that was written until now, for people. @throws GatewayError `not-found` */
  async file(id: ConferenceId, how: Export, by: Actor): Promise<RecordFile> {
    const { record } = this.#find(id);
    return exportRecord(this.#deps.audit, record, how, by);
  }

  /** Resolves when all is kept that was asked; the next gateway takes it up. */
  close(): Promise<void> {
    return this.#records.close();
  }

  async #do(
    id: ConferenceId,
    act: (record: RunningRecord) => Promise<void>,
  ): Promise<RollCallView> {
    const record = this.#find(id);
    await act(record);
    return record.view;
  }

  /** @throws GatewayError `not-found` */
  #find(id: ConferenceId): RunningRecord {
    const record = this.#records.latest(id);
    if (record?.isCalled) return record;
    throw new GatewayError('not-found', 'The roll has not been called in this meeting: start it.');
  }
}
