import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Visit } from '../../../src/api/core.ts';
import type { ConferenceId } from '../../../src/domain/ids.ts';
import { SecretBox } from '../../../src/people/secret-box.ts';
import { RecordDirectory } from '../../../src/records/record-directory.ts';
import { RecordTickets } from '../../../src/records/record-tickets.ts';
import { RollCalls } from '../../../src/records/roll-calls.ts';
import { openStore, type Store } from '../../../src/store/index.ts';
import { aParticipant, FakeRecordRooms } from '../../fakes/fake-record-rooms.ts';
import { waitFor } from '../../support/wait-for.ts';
import {
  ADMIN_TOKEN,
  FakeVisit,
  fakeCore,
  type RunningApi,
  SILENT,
  startApi,
  TestSocket,
} from './support.ts';

/** A thread that loads the fonts, on a machine that does much else. */
const PDF_TIMEOUT_MS = 60_000;

class ChairVisit extends FakeVisit {
  override readonly isChair = true;
}

describe('the roll call over the API', () => {
  let store: Store;
  let rooms: FakeRecordRooms;
  let rollCalls: RollCalls;
  let recordTickets: RecordTickets;
  let nowMs: number;
  let api: RunningApi;

  const start = async (visit: Visit & FakeVisit) => {
    nowMs = Date.now();
    store = await openStore({ file: ':memory:', log: SILENT });
    rooms = new FakeRecordRooms();
    rooms.enter(aParticipant('p1', 'Chị Lan'));
    rollCalls = await RollCalls.open({ store, audit: store, rooms, now: Date.now, log: SILENT });
    const records = new RecordDirectory(store);
    recordTickets = new RecordTickets({ seal: new SecretBox('a secret'), store, now: () => nowMs });
    api = await startApi({ ...fakeCore(visit), rollCalls, records, recordTickets });
  };
  const ask = (path: string, body: object) => post(`/visit/roll-call${path}`, body);
  const post = async (path: string, body: object) => {
    const response = await fetch(`${api.url}/api/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const isJson = response.headers.get('content-type')?.includes('json');
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: isJson ? JSON.parse(text) : text,
    };
  };
  const token = 'token-1';

  afterEach(async () => {
    await api.close();
    await rollCalls.close();
    await store.close();
  });

  describe('of a chair', () => {
    beforeEach(() => start(new ChairVisit()));

    it('begins, is marked, signed and saved as a file; the administrator finds it', {
      timeout: PDF_TIMEOUT_MS,
    }, async () => {
      const begun = await ask('', { token });
      expect([begun.status, begun.body.ledBy]).toEqual([201, 'Lan']);
      const marked = await ask('/mark', { token, rowId: 's1', mark: 'present', headcount: 8 });
      expect(marked.body.rows[0]).toMatchObject({ mark: 'present', headcount: 8, byHand: true });
      const early = await ask('/sign', { token, name: 'Lan' });
      expect([early.status, early.body.error]).toMatchObject([
        409,
        { code: 'conflict', details: { unmarked: 1 } },
      ]);
      const rest = await ask('/rest-absent', { token });
      expect(rest.body.rows[1]).toMatchObject({ mark: 'absent' });
      const signed = await ask('/sign', { token, name: ' Nguyễn Thị Lan ' });
      expect(signed.body.signed).toMatchObject({ name: 'Nguyễn Thị Lan' });
      const file = await ask('/file', { token, format: 'csv' });
      expect(file.headers.get('content-type')).toContain('text/csv');
      expect(file.headers.get('content-disposition')).toMatch(/^attachment; .*diem-danh-.*\.csv/);
      expect(file.body).toContain('Xã Tân Phú;Điểm cầu;Có mặt');
      const pdf = await ask('/file', { token, format: 'pdf', language: 'en' });
      expect(pdf.headers.get('content-type')).toBe('application/pdf');
      expect(String(pdf.body)).toMatch(/^%PDF-/);

      const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
      const list = await fetch(`${api.url}/api/v1/records?signed=true`, { headers });
      expect(await list.json()).toMatchObject({
        total: 1,
        items: [{ id: begun.body.id, counts: { present: 2, absent: 1, of: 3, headcount: 8 } }],
      });
    });

    it('reaches every chair at once over /events, and those who come later', async () => {
      const socket = await TestSocket.open(`${api.wsUrl}/events`);
      socket.send({ type: 'hello', token });
      await ask('', { token });
      const isRoll = (message: Record<string, unknown>) => message.type === 'roll';
      expect(await socket.next(isRoll)).toMatchObject({ roll: { title: 'Giao ban Tỉnh uỷ' } });
      await ask('/mark', { token, rowId: 's2', note: 'Mất điện' });
      expect(await socket.next(isRoll)).toMatchObject({
        roll: { rows: [{}, { note: 'Mất điện' }, { name: 'Chị Lan', participantId: 'p1' }] },
      });
      const late = await TestSocket.open(`${api.wsUrl}/events`);
      late.send({ type: 'hello', token });
      expect(await late.next(isRoll)).toMatchObject({ roll: { rows: { length: 3 } } });
      for (const { socket: one } of [socket, late]) one.close();
    });

    it('gets a ticket for the record, good for 24 hours after the meeting and for no other', async () => {
      rooms.changed();
      const socket = await TestSocket.open(`${api.wsUrl}/events`);
      socket.send({ type: 'hello', token });
      const message = await socket.next(({ type }) => type === 'record');
      const ticket = String(message.ticket);
      socket.socket.close();
      const take = (given: string) => post('/record-file', { ticket: given, format: 'csv' });
      const during = await take(ticket);
      expect([during.status, during.body]).toEqual([200, expect.stringContaining('Xã Tân Phú')]);

      rooms.write('Chị Lan', 'Xin cảm ơn các xã');
      rooms.endMeeting();
      await waitFor('the end', async () => (await store.loadOpenRecords()).length === 0);
      const after = await take(ticket);
      expect([after.status, after.body]).toEqual([200, expect.stringContaining('Xin cảm ơn')]);
      const { items } = await store.listAudit({
        entity: 'record',
        sort: 'atMs',
        limit: 9,
        offset: 0,
      });
      expect(items.map(({ by, action }) => [by.kind, by.name, action])).toEqual([
        ['chair', 'Lan', 'exported'],
        ['chair', 'Lan', 'exported'],
      ]);

      const forged = new SecretBox('another secret').seal(Buffer.from('{"recordId":"r1"}'), 'x');
      for (const wrong of [forged, `${ticket.slice(0, -2)}xx`, 'v1.', token])
        expect((await take(wrong)).body.error.code).toBe('not-authorized');
      nowMs += 24 * 3_600_000 + 60_000;
      expect((await take(ticket)).body.error.code).toBe('not-authorized');
    });

    it.each([
      ['a headcount that is none', { rowId: 's1', headcount: -1 }],
      ['one that is too large', { rowId: 's1', headcount: 10_000 }],
      ['a note that is too long', { rowId: 's1', note: 'x'.repeat(501) }],
      ['a note with hidden marks', { rowId: 's1', note: 'a\u202eb' }],
      ['a mark that nobody knows', { rowId: 's1', mark: 'ill' }],
      ['what is not of a roll', { rowId: 's1', signed: true }],
    ])('%s is refused, and changes nothing', async (_, body) => {
      await ask('', { token });
      const answer = await ask('/mark', { token, ...body });
      expect([answer.status, answer.body.error.code]).toEqual([400, 'bad-request']);
      expect((await store.loadOpenRecords())[0]?.rows[0]).toMatchObject({ mark: 'unmarked' });
    });

    it('a roll that nobody has called is not found', async () => {
      expect((await ask('/mark', { token, rowId: 's1' })).status).toBe(404);
      expect((await ask('/file', { token, format: 'pdf' })).status).toBe(404);
    });
  });

  it.each([
    ['who leads nothing', 'token-1', 403, 'not-authorized'],
    ['who has no visit', 'another', 404, 'not-found'],
  ])('of %s is refused in every part', async (_, given, status, code) => {
    await start(new FakeVisit());
    await rollCalls.start('c1' as ConferenceId, 'Anh Hùng');
    const parts: [string, object][] = [
      ['', {}],
      ['/mark', { rowId: 's1', mark: 'absent' }],
      ['/rest-absent', {}],
      ['/sign', { name: 'x' }],
      ['/file', { format: 'csv' }],
    ];
    for (const [path, body] of parts) {
      const answer = await ask(path, { token: given, ...body });
      expect([path, answer.status, answer.body.error.code]).toEqual([path, status, code]);
    }
  });

  it('is not told to those who are no chairs', async () => {
    await start(new FakeVisit());
    await rollCalls.start('c1' as ConferenceId, 'Anh Hùng');
    const socket = await TestSocket.open(`${api.wsUrl}/events`);
    socket.send({ type: 'hello', token });
    await socket.next(({ type }) => type === 'roster');
    await rollCalls.markRestAbsent('c1' as ConferenceId);
    socket.send({ type: 'hand', raised: true });
    await ask('', { token });
    const forChairs = ({ type }: Record<string, unknown>) => type === 'roll' || type === 'record';
    expect(socket.heard.filter(forChairs)).toEqual([]);
    socket.socket.close();
  });
});
