import type { Page } from '../contract/paging.ts';
import { countRoll, type RecordDetailView, type RecordView } from '../contract/records.ts';
import { type Principal, seesGroup } from '../domain/actor.ts';
import { exportRecord } from './export-record.ts';
import type { RecordFile } from './files.ts';
import type { MeetingRecord, RecordAudit, RecordQuery, RecordStore } from './ports.ts';
import type { Export } from './record-audit.ts';
import { factsView } from './running-record.ts';

/** Records as people look at them later. Who is limited to groups finds no others. */
export class RecordDirectory {
  readonly #store: Pick<RecordStore, 'findRecords' | 'getRecord'> & RecordAudit;

  constructor(store: Pick<RecordStore, 'findRecords' | 'getRecord'> & RecordAudit) {
    this.#store = store;
  }

  async list(by: Principal, query: Omit<RecordQuery, 'groupIds'>): Promise<Page<RecordView>> {
    const { items, total } = await this.#store.findRecords({ ...query, groupIds: by.groupIds });
    return { items: items.map(recordView), total };
  }

  /** Undefined when there is none. */
  async get(by: Principal, id: string): Promise<RecordDetailView | undefined> {
    const record = await this.#find(by, id);
    if (!record) return undefined;
    const { rows, attendance, chat } = record;
    return { ...recordView(record), rows: [...rows], attendance: [...attendance], chat: [...chat] };
  }

  /** Taken away by somebody, which is a row in the audit log. Undefined when there is none. */
  async file(by: Principal, id: string, how: Export): Promise<RecordFile | undefined> {
    const record = await this.#find(by, id);
    return record && exportRecord(this.#store, record, how, by.actor);
  }

  async #find(by: Principal, id: string): Promise<MeetingRecord | undefined> {
    const record = await this.#store.getRecord(id);
    return record && seesGroup(by, record.groupId) ? record : undefined;
  }
}

function recordView(record: MeetingRecord): RecordView {
  return { ...factsView(record), counts: countRoll(record.rows) };
}
