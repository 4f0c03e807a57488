import { beforeEach, describe, expect, it } from 'vitest';
import type {
  ConferenceInput,
  ConferencePatch,
  ConferenceView,
} from '../../../src/contract/conferences.ts';
import type { Principal } from '../../../src/domain/actor.ts';
import type { KnownConferences } from '../../../src/imports/conference-rows.ts';
import { type Changes, type ImportTarget, importWork } from '../../../src/imports/import-work.ts';

const admin: Principal = {
  actor: { kind: 'user', userId: 'u', name: 'Lan' },
  permissions: new Set(['conferences.write']),
};
let known: KnownConferences;
let saved: Changes<ConferenceInput, ConferencePatch>[];
const target: ImportTarget = {
  knownSites: () => Promise.reject(new Error('not asked for')),
  knownConferences: async () => known,
  saveSites: () => Promise.reject(new Error('not asked for')),
  saveConferences: async (_, changes) => void saved.push(changes),
};

beforeEach(() => {
  saved = [];
  known = {
    conferences: [
      {
        id: 'c1',
        version: 2,
        name: 'Giao ban tuần',
        number: '9001',
        alias: 'giao-ban',
        members: [{ siteId: 'a', role: 'site', dial: 'out' }],
      } as unknown as ConferenceView,
    ],
    sites: [
      { id: 'a', name: 'UBND huyện', number: '1000' },
      { id: 'b', name: 'Xã B', number: '1001' },
      { id: 'c', name: 'Xã C' },
    ],
    groups: [],
    siteNumbers: new Map([['1001', 'Xã B']]),
    isSeen: () => true,
  };
});

async function run(text: string) {
  const wish = { kind: 'conferences', file: Buffer.from(text), dryRun: false } as const;
  const work = await importWork({ ...wish, skipFaulty: false }, admin, target);
  const { report } = await work.run({
    signal: new AbortController().signal,
    advance: () => undefined,
  });
  return report?.problems.map(({ row, column = '', code }) => `${row} ${column} ${code}`);
}

it('a conference is made with its sites, by number and by name, and when it takes place', async () => {
  const text = `Tên hội nghị;Số;Bắt đầu;Thời lượng;Lặp lại;Điểm cầu chủ trì;Các điểm cầu;Dự thính;Tắt tiếng khi vào;PIN
Họp phòng chống lụt bão;9002;01/12/2026 7h30;90;Hằng tuần;1000;1001.0;Xã C;Có;1234`;
  expect(await run(text)).toEqual([]);
  expect(saved[0]?.create).toEqual([
    {
      name: 'Họp phòng chống lụt bão',
      number: '9002',
      alias: 'hop-phong-chong-lut-bao-9002',
      pin: '1234',
      schedule: {
        startsAt: '2026-12-01T07:30',
        timeZone: 'Asia/Ho_Chi_Minh',
        durationMin: 90,
        rrule: 'FREQ=WEEKLY',
        exceptions: [],
      },
      layout: 'auto',
      muteOnEntry: true,
      recordingWished: false,
      members: [
        { siteId: 'a', role: 'hq', dial: 'out' },
        { siteId: 'b', role: 'site', dial: 'out' },
        { siteId: 'c', role: 'observer', dial: 'out' },
      ],
    },
  ]);
});

it('one that is there is changed in what differs, and is the same when nothing does', async () => {
  expect(await run('Số;Tên;Các điểm cầu\n9001;Giao ban tuần;1000')).toEqual([]);
  expect(saved[0]).toEqual({ create: [], update: [] });
  await run('Số;Tên\n9001;Giao ban sáng thứ hai');
  expect(saved[1]?.update).toEqual([
    { id: 'c1', patch: { version: 2, name: 'Giao ban sáng thứ hai' } },
  ]);
});

describe('what is wrong is told', () => {
  it.each([
    [
      'a site that is not there',
      'Tên;Số;Các điểm cầu\nA;1;1000;\nB;2;7777',
      '3 Các điểm cầu site-unknown',
    ],
    ['a number of a site', 'Tên;Số\nA;1001', '2 Số taken'],
    ['an alias of another', 'Tên;Số;Bí danh\nA;1;giao-ban', '2 Bí danh taken'],
    ['a day that is none', 'Tên;Số;Bắt đầu\nA;1;31/02/2026 7:30', '2 Bắt đầu wrong'],
    ['a rule without a start', 'Tên;Số;Lặp lại\nA;1;hằng tuần', '2 Bắt đầu missing'],
    ['a PIN that is too short', 'Tên;Số;PIN\nA;1;12', '2 PIN wrong'],
    ['no number', 'Tên;Số\nA;', '2 Số missing'],
    ['a number that the file has twice', 'Tên;Số\nA;1\nB;1', '3 Số twice-in-file'],
  ])('%s', async (_, text, expected) => {
    expect(await run(text)).toEqual([expected]);
    expect(saved).toEqual([]);
  });
});
