import { beforeEach, describe, expect, it } from 'vitest';
import type { SiteInput, SitePatch } from '../../../src/contract/sites.ts';
import type { Principal } from '../../../src/domain/actor.ts';
import { type ImportTarget, importWork } from '../../../src/imports/import-work.ts';
import type { KnownSites } from '../../../src/imports/site-plan.ts';

const admin: Principal = {
  actor: { kind: 'user', userId: 'u', name: 'Lan' },
  permissions: new Set(['sites.write']),
};

let known: KnownSites;
let saved: { create: readonly SiteInput[]; update: readonly { id: string; patch: SitePatch }[] }[];

const target: ImportTarget = {
  knownSites: async () => known,
  knownConferences: () => Promise.reject(new Error('not asked for')),
  saveSites: async (_, changes) => void saved.push(changes),
  saveConferences: () => Promise.reject(new Error('not asked for')),
};

beforeEach(() => {
  saved = [];
  known = {
    sites: [],
    isSeen: () => true,
    groups: [{ id: 'g1', name: 'Huyện Lệ Thủy' }],
    conferenceNumbers: new Map([['9000', 'Giao ban']]),
  };
});

async function run(text: string, how: { dryRun?: boolean; skipFaulty?: boolean } = {}) {
  const wish = {
    kind: 'sites',
    file: Buffer.from(text),
    dryRun: false,
    skipFaulty: false,
  } as const;
  const work = await importWork({ ...wish, ...how }, admin, target);
  const { report } = await work.run({
    signal: new AbortController().signal,
    advance: () => undefined,
  });
  if (!report) throw new Error('no report');
  const problems = report.problems.map(({ row, column = '', code }) => `${row} ${column} ${code}`);
  return { ...report, problems, all: report.problems };
}
const created = () => saved.flatMap(({ create }) => create);
const updated = () => saved.flatMap(({ update }) => update);

const endpoint = (id: string, more = {}) => ({
  id,
  fixedAddresses: [],
  role: 'main' as const,
  hasPassword: true,
  registered: false,
  state: 'never-seen' as const,
  ...more,
});
const site = (id: string, more = {}) => ({
  id,
  name: `Xã ${id}`,
  version: 3,
  endpoints: [],
  ...more,
});

describe('a site', () => {
  it('is made of everything a row says, by Vietnamese heads', async () => {
    const text = `Tên điểm cầu;Số;Huyện;Xã;Người liên hệ;Điện thoại;Nhóm;Tài khoản SIP;Mật khẩu SIP;Địa chỉ gọi;Giao thức;Hãng;Model;Chính/dự phòng;Tốc độ đường truyền (Mbps);SRTP;Ghi chú
UBND xã Đồng Hới;1001;Lệ Thủy;Đồng Hới;Nguyễn Văn An;912345678;huyện lệ thuỷ;xa-1;bí mật;sip:hall@10.1.2.3;TCP;Poly;Studio X50;Dự phòng;10;Bắt buộc;"Phòng họp
tầng 2"`;
    expect(await run(text)).toMatchObject({ rows: 1, accepted: 1, created: 1, problems: [] });
    expect(created()).toEqual([
      {
        name: 'UBND xã Đồng Hới',
        number: '1001',
        district: 'Lệ Thủy',
        commune: 'Đồng Hới',
        contactName: 'Nguyễn Văn An',
        contactPhone: '0912345678',
        groupId: 'g1',
        lineSpeedBps: 10_000_000,
        srtp: 'required',
        notes: 'Phòng họp\ntầng 2',
        endpoints: [
          {
            sipUsername: 'xa-1',
            sipPassword: 'bí mật',
            dialAddress: 'hall@10.1.2.3',
            dialTransport: 'tcp',
            fixedAddresses: [],
            vendor: 'Poly',
            model: 'Studio X50',
            role: 'backup',
          },
        ],
      },
    ]);
  });

  it('by English heads, in any order, with other signs and case', async () => {
    await run('SIP_ACCOUNT,number,NAME,phone\nxa-1,1001.0,Dong Hoi,0232 382 1234');
    expect(created()).toMatchObject([
      {
        name: 'Dong Hoi',
        number: '1001',
        contactPhone: '0232 382 1234',
        endpoints: [{ sipUsername: 'xa-1' }],
      },
    ]);
  });

  it('has several endpoints by several rows, also where cells were merged', async () => {
    const text = `Tên;Số;Tài khoản SIP;Vai trò
Xã A;1;a-1;chính
Xã A;1;a-2;dự phòng
;;a-3;dự phòng
Xã B;2;b-1;`;
    expect(await run(text)).toMatchObject({ rows: 4, accepted: 4, created: 2, problems: [] });
    const accounts = created().map(({ endpoints }) => endpoints.map(one => one.sipUsername));
    expect(accounts).toEqual([['a-1', 'a-2', 'a-3'], ['b-1']]);
  });

  it('has several endpoints by numbered columns', async () => {
    await run('Tên;Tài khoản SIP;Địa chỉ gọi 2;Vai trò 2\nXã A;a-1;10.0.0.1;dự phòng');
    expect(created()[0]?.endpoints).toMatchObject([
      { sipUsername: 'a-1', role: 'main' },
      { dialAddress: '10.0.0.1', role: 'backup' },
    ]);
  });
});

describe('what is wrong is told with row, column and what to do', () => {
  it.each([
    ['a number with letters', 'Tên;Số\nA;12a', '2 Số wrong'],
    ['a number that Excel has shortened', 'Tên;Số\nA;8.49E+10', '2 Số number-mangled'],
    ['no name', 'Tên;Số\n;12', '2 Tên điểm cầu missing'],
    ['a telephone number with letters', 'Tên;Điện thoại\nA;gọi An', '2 Điện thoại wrong'],
    ['a transport that is none', 'Tên;IP;Giao thức\nA;10.0.0.1;h323', '2 Giao thức wrong'],
    ['an account with blanks', 'Tên;Tài khoản SIP\nA;xa 1', '2 Tài khoản SIP wrong'],
    ['a speed that is none', 'Tên;Băng thông\nA;nhanh', '2 Băng thông wrong'],
    ['a group that is not there', 'Tên;Nhóm\nA;Huyện B', '2 Nhóm group-unknown'],
    ['an oddity that is not known', 'Tên;IP;Quirks\nA;10.0.0.1;none-such', '2 Quirks wrong'],
    ['a device without a way to it', 'Tên;Hãng\nA;Poly', '2  no-way'],
    [
      'a number that the file has twice',
      'Tên;Số;IP\nA;1;10.0.0.1\nB;1;10.0.0.2',
      '3 Số twice-in-file',
    ],
    [
      'an account that the file has twice',
      'Tên;SIP account\nA;x\nB;x',
      '3 SIP account twice-in-file',
    ],
    ['a row that comes twice', 'Tên;Số\nA;1\nA;1', '3  row-twice'],
    ['a number of a conference', 'Tên;Số\nA;9000', '2 Số taken'],
    ['an account of another site', 'Tên;Tài khoản SIP\nA;xa-9', '2 Tài khoản SIP taken'],
    ['a name that several have', 'Tên;Xã\nHai;x', '2 Tên name-ambiguous'],
  ])('%s', async (_, text, expected) => {
    known = {
      ...known,
      sites: [
        site('9', { endpoints: [endpoint('e', { sipUsername: 'xa-9' })] }),
        site('h1', { name: 'Hai', number: '71' }),
        site('h2', { name: 'Hai', number: '72' }),
      ],
    };
    const { problems, all } = await run(text);
    expect(problems).toEqual([expected]);
    expect(all[0]?.reason.vi).not.toMatch(/[{}]|undefined/);
    expect(all[0]?.reason.en).not.toMatch(/[{}]|undefined/);
    expect(saved).toEqual([]);
  });

  it('with the value, but never a password', async () => {
    const long = 'x'.repeat(200);
    const { all } = await run(`Tên;Số;Tài khoản SIP;Mật khẩu SIP\nA;1x;a;${long}`);
    expect(all).toMatchObject([{ column: 'Số', value: '1x' }, { column: 'Mật khẩu SIP' }]);
    expect(all[1]).not.toHaveProperty('value');
    expect(all[0]?.reason).toEqual({
      vi: 'Giá trị không đúng. Hãy điền 1 đến 12 chữ số.',
      en: 'This cannot be. Fill in 1 to 12 digits.',
    });
  });

  it('a column that nobody knows is told and keeps no row from being taken', async () => {
    expect(await run('STT;Tên\n1;A')).toMatchObject({
      problems: ['1 STT column-ignored'],
      accepted: 1,
      created: 1,
    });
  });

  it('a file without a column that names sites is refused', async () => {
    await expect(run('Foo;Bar\n1;2')).rejects.toMatchObject({ code: 'file-not-understood' });
  });
});

describe('sites that are there', () => {
  beforeEach(() => {
    known = {
      ...known,
      sites: [
        site('a', {
          name: 'Xã A',
          number: '0012',
          contactName: 'An',
          endpoints: [
            endpoint('e1', { sipUsername: 'a-1' }),
            endpoint('e2', { dialAddress: '10.0.0.2' }),
          ],
        }),
      ],
    };
  });

  it('are changed in what differs, found by number or by name; a zero that Excel dropped is no other number', async () => {
    expect(await run('Số;Tên;Người liên hệ\n12;Xã A mới;An')).toMatchObject({
      created: 0,
      changed: 1,
    });
    expect(await run('Tên;Người liên hệ\nxã a;Bình')).toMatchObject({ changed: 1 });
    expect(updated()).toEqual([
      { id: 'a', patch: { version: 3, name: 'Xã A mới' } },
      { id: 'a', patch: { version: 3, name: 'xã a', contactName: 'Bình' } },
    ]);
  });

  it('are neither changed nor made anew when nothing differs', async () => {
    expect(await run('Số;Tên;Tài khoản SIP\n0012;Xã A;a-1')).toMatchObject({
      accepted: 1,
      created: 0,
      changed: 0,
    });
    expect(saved).toEqual([{ create: [], update: [] }]);
  });

  it('keep the endpoints that the file does not speak of', async () => {
    await run(
      'Số;Tài khoản SIP;Mật khẩu SIP;IP 2;Hãng 2;IP 3\n0012;a-1;neu;10.0.0.2;Poly;10.0.0.3',
    );
    expect(updated()[0]?.patch.endpoints).toEqual([
      { id: 'e1', sipPassword: 'neu' },
      { id: 'e2', vendor: 'Poly' },
      { dialAddress: '10.0.0.3' },
    ]);
  });

  it('that one does not see are not changed, and what they have is taken', async () => {
    known = { ...known, isSeen: () => false };
    const { problems } = await run('Tên;Số\nXã A;0012');
    expect(problems).toEqual(['2 Số taken-elsewhere']);
  });
});

describe('all or nothing', () => {
  const text = 'Tên;Số\nA;1\nB;x\nC;3\nD;4';

  it('a faulty row keeps all from being saved', async () => {
    expect(await run(text)).toMatchObject({ rows: 4, accepted: 3, created: 0 });
    expect(saved).toEqual([]);
  });

  it('unless the good ones are wanted all the same', async () => {
    expect(await run(text, { skipFaulty: true })).toMatchObject({ accepted: 3, created: 3 });
    expect(created().map(({ name }) => name)).toEqual(['A', 'C', 'D']);
  });

  it('a trial saves nothing and tells the same', async () => {
    const trial = await run(text, { skipFaulty: true, dryRun: true });
    expect(trial).toMatchObject({ accepted: 3, created: 3 });
    expect(saved).toEqual([]);
  });

  it('what is cancelled is not saved', async () => {
    const stop = new AbortController();
    const wish = {
      kind: 'sites',
      file: Buffer.from('Tên\nA'),
      dryRun: false,
      skipFaulty: false,
    } as const;
    const work = await importWork(wish, admin, target);
    const running = work.run({ signal: stop.signal, advance: () => stop.abort(new Error('stop')) });
    await expect(running).rejects.toThrow('stop');
    expect(saved).toEqual([]);
  });

  it('a thousand sites are one change', async () => {
    const rows = Array.from({ length: 1_000 }, (_, n) => `Xã ${n};${1000 + n};xa-${n};pw-${n}`);
    const report = await run(`Tên;Số;Tài khoản SIP;Mật khẩu SIP\n${rows.join('\n')}`);
    expect(report).toMatchObject({ rows: 1_000, accepted: 1_000, created: 1_000, problems: [] });
    expect(saved.length).toBe(1);
  });
});
