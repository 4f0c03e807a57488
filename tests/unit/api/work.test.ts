import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ImportReport, JobView } from '../../../src/contract/jobs.ts';
import type { Page } from '../../../src/contract/paging.ts';
import type { SiteView } from '../../../src/contract/sites.ts';
import { SYSTEM } from '../../../src/domain/actor.ts';
import { OFFICE_TOKEN, type Office, openOffice } from '../../support/office.ts';
import { TestSocket } from './support.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());

async function ask(path: string, init: RequestInit = {}, token = OFFICE_TOKEN) {
  const headers = { authorization: `Bearer ${token}`, ...init.headers };
  return fetch(`${office.url}${path}`, { ...init, headers });
}
const asJson = (body: unknown): RequestInit => ({
  method: 'POST',
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json' },
});

async function send(kind: string, file: string | Buffer, query = 'dryRun=false'): Promise<JobView> {
  const answer = await ask(`/import/${kind}?${query}`, { method: 'POST', body: Buffer.from(file) });
  expect(answer.status).toBe(202);
  const { id } = (await answer.json()) as JobView;
  const ended = async () => {
    const job = (await (await ask(`/jobs/${id}`)).json()) as JobView;
    expect(job.state).not.toBe('running');
    return job;
  };
  return vi.waitFor(ended, { timeout: 10_000 });
}
const reportOf = ({ report }: JobView) => report as ImportReport;
const sites = async () => ((await (await ask('/sites?limit=500')).json()) as Page<SiteView>).items;

describe('an import', () => {
  it('of 150 rows with three faulty ones is tried, corrected, and comes back by export', async () => {
    const row = (n: number) => {
      const faulty = { 10: 'mười', 20: '1019', 30: '' }[n];
      const number = faulty ?? String(1000 + n);
      return `Xã ${n};${number};xa-${n};mat-khau-${n};0912345${String(n).padStart(3, '0')}`;
    };
    const head = 'Tên điểm cầu;Số;Tài khoản SIP;Mật khẩu SIP;Điện thoại';
    const rows = Array.from({ length: 150 }, (_, at) => row(at + 1));
    rows[29] = ';;xa 30;;';
    const file = [head, ...rows].join('\r\n');
    const trial = reportOf(await send('sites', file, 'dryRun=true'));
    expect(trial.problems.map(({ row, code }) => [row, code])).toEqual([
      [11, 'wrong'],
      [21, 'twice-in-file'],
      [31, 'wrong'],
    ]);
    expect(await sites()).toEqual([]);
    const strict = reportOf(await send('sites', file));
    expect(strict).toMatchObject({ created: 0 });
    expect(await sites()).toEqual([]);
    const lenient = reportOf(await send('sites', file, 'dryRun=false&skipFaulty=true'));
    expect(lenient.problems.length).toBe(3);
    expect((await sites()).length).toBe(lenient.created);

    const exported = await ask('/export/sites?format=xlsx');
    expect(exported.headers.get('content-disposition')).toContain('diemcau-sites.xlsx');
    const back = Buffer.from(await exported.arrayBuffer());
    const again = reportOf(await send('sites', back));
    expect(again).toMatchObject({ accepted: again.rows, created: 0, changed: 0, problems: [] });
  });

  it('changes sites that are there, and a page that watches is told', async () => {
    const page = await TestSocket.open(office.wsUrl, {
      headers: { authorization: `Bearer ${OFFICE_TOKEN}` },
    });
    page.send({ type: 'watch', topics: ['stored', 'jobs', 'sites'] });
    await page.next(({ type }) => type === 'sites');
    const { changed, created } = reportOf(await send('sites', 'Số,Ghi chú\n1001,Tầng 2'));
    expect([changed, created]).toEqual([1, 0]);
    const site = (await sites()).find(({ number }) => number === '1001');
    expect(site).toMatchObject({ notes: 'Tầng 2', version: 2 });
    expect(await page.next(({ type }) => type === 'stored')).toEqual({
      type: 'stored',
      entity: 'site',
      id: site?.id,
    });
    await page.next(({ job }) => (job as JobView | undefined)?.state === 'done');
    page.socket.close();
  });

  it('is all or nothing also where the database says no', async () => {
    const before = await sites();
    const [known] = before;
    const lost = { id: known?.id ?? '', patch: { version: 99, notes: 'x' } };
    const fresh = { name: 'Mới', endpoints: [] };
    const by = { actor: SYSTEM, permissions: new Set<never>() };
    const saving = office.sites.saveAll(by, { create: [fresh], update: [lost] });
    await expect(saving).rejects.toMatchObject({ code: 'version-conflict' });
    const twice = {
      create: [
        { ...fresh, number: '7' },
        { ...fresh, number: '7' },
      ],
      update: [],
    };
    await expect(office.sites.saveAll(by, twice)).rejects.toMatchObject({
      code: 'conflict',
      details: { field: 'number', index: 1 },
    });
    expect(await sites()).toEqual(before);
  });

  it('of conferences takes sites by number, and comes back by export', async () => {
    const text =
      'Tên hội nghị;Số;Chủ trì;Các điểm cầu;Bắt đầu;Lặp lại\nGiao ban;9001;1001;1002, 1003;07/12/2026 7:30;hằng tuần';
    expect(reportOf(await send('conferences', text))).toMatchObject({ created: 1, problems: [] });
    const exported = Buffer.from(await (await ask('/export/conferences')).arrayBuffer());
    expect(reportOf(await send('conferences', exported))).toMatchObject({
      accepted: 1,
      created: 0,
      changed: 0,
      problems: [],
    });
  });

  it.each(['csv', 'xlsx'])('the %s template can be imported as it is', async format => {
    const template = await ask(`/import/sites/template?format=${format}`);
    const file = Buffer.from(await template.arrayBuffer());
    expect(reportOf(await send('sites', file, 'dryRun=true'))).toMatchObject({ problems: [] });
  });

  it.each([
    ['nothing', '', 400, 'file-not-understood'],
    ['no file of this kind', '\u0000\u0001\u0002', 400, 'file-not-understood'],
    ['more than 10 MB', 'x'.repeat(10_500_000), 413, 'too-large'],
  ])('of %s is refused', async (_, body, status, code) => {
    const answer = await ask('/import/sites', { method: 'POST', body });
    expect([
      answer.status,
      ((await answer.json()) as { error: { code: string } }).error.code,
    ]).toEqual([status, code]);
  });
});

describe('webhooks', () => {
  const input = { name: 'Báo cáo', url: 'http://127.0.0.1:9/x', events: ['call.ended'] };

  it('are made, changed and taken away; the secret is shown once', async () => {
    const made = (await (await ask('/webhooks', asJson(input))).json()) as {
      id: string;
      secret: string;
      version: number;
    };
    expect(made).toMatchObject({ ...input, enabled: true, version: 1 });
    expect(made.secret).toMatch(/^whsec_/);
    const list = await (await ask('/webhooks')).text();
    expect(list).toContain(made.id);
    expect(list).not.toContain(made.secret);
    const patch = { method: 'PATCH', ...asJson({ version: 1, enabled: false }) };
    const changed = await ask(`/webhooks/${made.id}`, { ...patch, method: 'PATCH' });
    expect(await changed.json()).toMatchObject({ enabled: false, version: 2 });
    const lost = await ask(`/webhooks/${made.id}`, { ...patch, method: 'PATCH' });
    expect(lost.status).toBe(409);
    expect((await ask(`/webhooks/${made.id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await ask(`/webhooks/${made.id}`, { method: 'DELETE' })).status).toBe(404);
  });

  it.each([
    ['an address that is none', { ...input, url: 'nowhere' }],
    ['another protocol', { ...input, url: 'file:///etc/passwd' }],
    ['no events', { ...input, events: [] }],
    ['an unknown event', { ...input, events: ['world.ended'] }],
  ])('with %s are refused', async (_, body) => {
    expect((await ask('/webhooks', asJson(body))).status).toBe(400);
  });
});

describe('a job', () => {
  it('that nobody has started is not there', async () => {
    expect((await ask('/jobs/none')).status).toBe(404);
    expect((await ask('/jobs/none', { method: 'DELETE' })).status).toBe(404);
  });
});
