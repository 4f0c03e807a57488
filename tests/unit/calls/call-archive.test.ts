import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CallArchive } from '../../../src/calls/call-archive.ts';
import { CallLog, type NewCallRecord } from '../../../src/calls/call-log.ts';
import type { TracedMessage } from '../../../src/calls/ports.ts';
import { SYSTEM } from '../../../src/domain/actor.ts';
import type { CallId, SiteGroupId, SiteId } from '../../../src/domain/ids.ts';
import { openStore, type Store } from '../../../src/store/index.ts';
import { SILENT } from '../api/support.ts';

const call = (id: string, startedAtMs = 1000): NewCallRecord => ({
  callId: id as CallId,
  direction: 'in',
  sipCallId: `sip-${id}`,
  dialled: '1001',
  sipUsername: 'xa-1',
  remoteAddr: '192.0.2.20:5060',
  userAgent: 'Codec/1',
  startedAtMs,
});
const QUERY = { sort: '-startedAtMs', limit: 50, offset: 0 } as const;
const message = (summary: string): TracedMessage => ({
  atMs: 1,
  direction: 'in',
  summary,
  text: summary,
});

/** Time that passes when the test says so. */
class StandingClock {
  readonly #sleepers: (() => void)[] = [];

  now(): number {
    return 9000;
  }

  sleep(_ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#sleepers.push(resolve);
      signal?.addEventListener('abort', () => reject(signal.reason));
    });
  }

  pass(): void {
    for (const wake of this.#sleepers.splice(0)) wake();
  }
}

describe('the call log in the database', () => {
  let store: Store;
  let clock: StandingClock;
  let keep: number;
  beforeEach(async () => {
    store = await openStore({ file: ':memory:', log: SILENT });
    clock = new StandingClock();
    keep = 100;
  });
  afterEach(() => store.close());

  /** The program as it is started: another one finds what is in the database. */
  async function start() {
    const callLog = new CallLog(keep);
    const archive = await CallArchive.open({ callLog, store, keep, clock, log: SILENT });
    return { callLog, archive };
  }

  it('a call is there with its verdict, alarms and messages after a restart', async () => {
    const before = await start();
    const record = before.callLog.open(call('a'), () => [message('INVITE'), message('BYE')]);
    record.answered(20);
    record.alarmed([{ alarm: 'no-sound', totalSec: 7 }]);
    record.close('peer-hangup', 5000);
    await before.archive.close();

    const { archive } = await start();
    const verdict = { result: 'completed', reason: 'peer-hangup' };
    const { items, total } = await archive.list(QUERY);
    expect(total).toBe(1);
    expect(items).toMatchObject([
      { callId: 'a', inviteToAnswerMs: 20, endedAtMs: 5000, verdict, alarms: [{ totalSec: 7 }] },
    ]);
    const found = await archive.find('a' as CallId);
    expect(found?.messages.map(({ summary }) => summary)).toEqual(['INVITE', 'BYE']);
  });

  it('calls that ran when the program crashed are told as dropped by the next one', async () => {
    const crashed = await start();
    crashed.callLog.open(call('a'), () => []).answered(20);
    await crashed.archive.list(QUERY); // written, and never closed

    const { archive } = await start();
    const verdict = { result: 'dropped', reason: 'crash' };
    expect((await archive.list(QUERY)).items).toMatchObject([{ callId: 'a', verdict }]);
    expect((await archive.list(QUERY)).items[0]?.endedAtMs).toBe(9000);
  });

  it('a call that runs is listed, and its messages are those of this moment', async () => {
    const { archive, callLog } = await start();
    const messages = [message('INVITE')];
    callLog.open(call('a'), () => messages);
    expect((await archive.list(QUERY)).items[0]?.verdict).toBeUndefined();
    messages.push(message('ACK'));
    expect((await archive.find('a' as CallId))?.messages).toHaveLength(2);
  });

  it('what comes after the end is kept as well', async () => {
    const { archive, callLog } = await start();
    const messages = [message('INVITE')];
    callLog.open(call('a'), () => messages).close('operator', 2000);
    await archive.list(QUERY);
    messages.push(message('200 OK to BYE'));
    clock.pass();
    await new Promise(setImmediate);
    await archive.close();
    const next = await start();
    expect((await next.archive.find('a' as CallId))?.messages).toHaveLength(2);
  });

  it('keeps the latest only', async () => {
    keep = 3;
    const { archive, callLog } = await start();
    for (const at of [1, 2, 3, 4, 5])
      callLog.open(call(`c${at}`, at), () => []).close('cancelled', at);
    const { items, total } = await archive.list(QUERY);
    expect([items.map(({ callId }) => callId), total]).toEqual([['c5', 'c4', 'c3'], 3]);
    expect(await archive.find('c1' as CallId)).toBeUndefined();
  });

  it('is filtered, searched without marks, sorted and paged', async () => {
    const groupId = 'g1' as SiteGroupId;
    const site = { id: 's1' as SiteId, name: 'Xã Đồng Hới', groupId, endpoints: [] };
    await store.insertGroup({ id: groupId, name: 'Cụm 1' }, SYSTEM);
    await store.insertSites([site], SYSTEM);
    const { archive, callLog } = await start();
    for (const at of [1, 2, 3]) {
      const record = callLog.open(call(`c${at}`, at), () => []);
      if (at === 2) record.learned({ siteId: site.id });
      record.close(at === 3 ? 'conference-not-found' : 'cancelled', at);
    }
    const ids = async (query: object) => {
      const { items, total } = await archive.list({ ...QUERY, ...query });
      return [...items.map(({ callId }) => callId), total];
    };
    expect(await ids({ result: 'refused' })).toEqual(['c3', 1]);
    expect(await ids({ siteId: 's1' })).toEqual(['c2', 1]);
    expect(await ids({ q: 'dong HOI' })).toEqual(['c2', 1]);
    expect(await ids({ q: '100%' })).toEqual([0]);
    const limited = { groupIds: new Set(['g1']) };
    expect((await archive.list(QUERY, limited)).items.map(({ callId }) => callId)).toEqual(['c2']);
    expect(await archive.find('c1' as CallId, limited)).toBeUndefined();
    expect((await archive.list(QUERY, { groupIds: new Set() })).total).toBe(0);
    expect(await ids({ sort: 'startedAtMs' })).toEqual(['c1', 'c2', 'c3', 3]);
    expect(await ids({ limit: 1, offset: 1 })).toEqual(['c2', 3]);

    await store.deleteSite(site.id, SYSTEM);
    expect((await archive.list({ ...QUERY, siteId: 's1' })).items[0]?.siteName).toBe('Xã Đồng Hới');
  });

  it('a database that fails takes nothing from a call', async () => {
    const failing = { ...store, saveCall: () => Promise.reject(new Error('disk full')) };
    const callLog = new CallLog(keep);
    const deps = { callLog, store: failing, keep, clock, log: SILENT };
    const archive = await CallArchive.open(deps);
    callLog.open(call('a'), () => []).close('operator', 2000);
    expect((await archive.list(QUERY)).total).toBe(0);
    expect(callLog.list()).toHaveLength(1);
  });
});
