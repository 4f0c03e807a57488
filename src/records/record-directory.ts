import type { Page } from '../contract/paging.ts';
import {
  countRoll,
  type RecordDetailView,
  type RecordFormat,
  type RecordLanguage,
  type RecordView,
} from '../contract/records.ts';
import { type Principal, seesGroup } from '../domain/actor.ts';
import { type RecordFile, writeRecord } from './files.ts';
import type { MeetingRecord, RecordQuery, RecordStore } from './ports.ts';
import { factsView } from './roll-call.ts';

/** Records as people look at them later. Who is limited to groups finds no others. */
export class RecordDirectory {
  readonly #store: Pick<RecordStore, 'findRecords' | 'getRecord'>;

  constructor(store: Pick<RecordStore, 'findRecords' | 'getRecord'>) {
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
    return { ...recordView(record), rows: [...record.rows], chat: [...record.chat] };
  }

  /** Undefined when there is none. */
  async file(
    by: Principal,
    id: string,
    how: { readonly format: RecordFormat; readonly language: RecordLanguage },
  ): Promise<RecordFile | undefined> {
    const record = await this.#find(by, id);
    return record && writeRecord(record, how.format, how.language);
  }

  async #find(by: Principal, id: string): Promise<MeetingRecord | undefined> {
    const record = await this.#store.getRecord(id);
    return record && seesGroup(by, record.groupId) ? record : undefined;
  }
}

function recordView(record: MeetingRecord): RecordView {
  return { ...factsView(record), counts: countRoll(record.rows) };
}
