import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Page } from 'playwright-core';
import { extractText, getDocumentProxy } from 'unpdf';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AuditEntryView } from '../../../src/contract/people.ts';
import type { RecordView } from '../../../src/contract/records.ts';
import type { SiteView } from '../../../src/contract/sites.ts';
import { overhangPx, seriousFindings } from '../../support/axe.ts';
import { type Baresip, startBaresip } from '../../support/baresip.ts';
import { startChromium, type TestChromium } from '../../support/chromium.ts';
import { startSystem, type TestSystem } from '../../support/system.ts';
import { addConference, addSite, expectNothingLeft, passwordOf } from '../district.ts';

const CHAIR_PIN = '4711';
const SHOTS = resolve(import.meta.dirname, '../../../var/screenshots');
const SIZES = { desk: { width: 1366, height: 768 }, phone: { width: 390, height: 844 } };
const ACTION_TIMEOUT_MS = 15_000;

describe('the roll call of a meeting', () => {
  let system: TestSystem;
  let chromium: TestChromium;
  let hall: Baresip;
  let page: Page;

  beforeAll(async () => {
    mkdirSync(SHOTS, { recursive: true });
    system = await startSystem();
    await addSite(system, 'Xã Tân Phú', 'tan-phu');
    await addSite(system, 'Xã Mỹ Đức', 'my-duc');
    const { items } = (await system.api('/sites')).body as { items: SiteView[] };
    const idOf = (name: string) => items.find(site => site.name === name)?.id ?? '';
    await addConference(system, {
      name: 'Giao ban Tỉnh uỷ',
      number: '1001',
      alias: 'giao-ban',
      chairPin: CHAIR_PIN,
      members: ['Xã Tân Phú', 'Xã Mỹ Đức'].map(name => ({ siteId: idOf(name), dial: 'in' })),
    });
    hall = await startBaresip({
      username: 'tan-phu',
      password: passwordOf('tan-phu'),
      colour: 'red',
      toneHz: 500,
    });
    chromium = await startChromium({ where: 'office', locale: 'vi-VN' });
    page = await chromium.newPage();
    page.setDefaultTimeout(ACTION_TIMEOUT_MS);
    await page.setViewportSize(SIZES.desk);
    await page.goto(`${system.browserUrl}/c/giao-ban?name=Lan`);
    await page.getByLabel('Tôi chủ trì cuộc họp').check();
    await page.getByLabel('Mã PIN chủ toạ').fill(CHAIR_PIN);
    await button('Vào không dùng máy quay và micro').click();
    await hall.registered();
    await hall.dial('1001');
  });

  afterAll(async () => {
    for (const one of [chromium, hall, system]) await one?.close();
  });

  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
  const panel = () => page.getByRole('complementary', { name: 'Điểm danh' });
  const card = () => panel().getByRole('region');
  const sees = (text: string) => panel().getByText(text).first().waitFor();
  const look = async (state: string) => {
    for (const [name, size] of Object.entries(SIZES)) {
      await page.setViewportSize(size);
      await panel().waitFor();
      expect(await seriousFindings(page), `${state} ${name}`).toEqual([]);
      expect(await overhangPx(page), `${state} ${name}`).toBeLessThanOrEqual(0);
      await page.screenshot({ path: join(SHOTS, `roll-call-${state}-${name}.png`) });
    }
    await page.setViewportSize(SIZES.desk);
  };
  const saved = async (name: string): Promise<Buffer> => {
    const [download] = await Promise.all([page.waitForEvent('download'), button(name).click()]);
    return readFileSync(await download.path());
  };

  test('begins with who is connected, in the order of the conference', async () => {
    await button('Trò chuyện').click();
    await page.getByLabel('Tin nhắn cho mọi người').fill('Kính chào các xã');
    await button('Gửi').click();
    await button('Điểm danh').click();
    await button('Bắt đầu điểm danh').click();
    await sees('Có mặt 2 trên 3');
    await card().getByRole('heading', { name: 'Xã Tân Phú' }).waitFor();
    await card().getByText('đang kết nối').waitFor();
    const rows = await panel().getByRole('listitem').allTextContents();
    expect(rows.map(row => /^(Xã Tân Phú|Xã Mỹ Đức|Lan)/.exec(row)?.[1])).toEqual([
      'Xã Tân Phú',
      'Xã Mỹ Đức',
      'Lan',
    ]);
  });

  test('who is called is large for everybody, is marked and gets its people', async () => {
    await card().getByLabel('Cho mọi người thấy lớn điểm cầu đang được gọi').check();
    await page.locator('figure.large[aria-label="Xã Tân Phú"]').waitFor();
    await card().getByLabel('Số người dự').fill('12');
    await card().getByLabel('Số người dự').press('Enter');
    await sees('Tổng số người dự: 12');
    await button('Có mặt (P)').click();
    await card().getByRole('heading', { name: 'Xã Mỹ Đức' }).waitFor();
    await card().getByText('chưa kết nối').waitFor();
    await look('calling');
  });

  test('keys mark and step, the list changes every line', async () => {
    await card().getByLabel('Ghi chú').fill('Mất điện, đã báo');
    await card().getByLabel('Ghi chú').press('Enter');
    await sees('Mất điện, đã báo');
    await card().getByRole('heading').click();
    await page.keyboard.press('a');
    await card().getByRole('heading', { name: 'Lan' }).waitFor();
    await sees('Muộn 0, vắng 1');
    await page.keyboard.press('ArrowLeft');
    await card().getByRole('heading', { name: 'Xã Mỹ Đức' }).waitFor();
    await panel().getByLabel('Tình trạng của Lan').selectOption('late');
    await sees('Muộn 1, vắng 1, chưa điểm danh 0');
  });

  test('is signed, and then changed by nothing but a correction', async () => {
    await panel().getByLabel('Họ tên người xác nhận').fill('Nguyễn Thị Lan');
    await button('Xác nhận biên bản').click();
    await sees('Biên bản đã được Nguyễn Thị Lan xác nhận');
    expect(await panel().getByRole('combobox').count()).toBe(0);
    await look('signed');
  });

  test('is saved as CSV and as PDF, with what was written', async () => {
    const lines: string[][] = parse(await saved('Tải bảng CSV'), {
      bom: true,
      delimiter: ';',
      relaxColumnCount: true,
    });
    const table = lines.map(cells => cells.toSpliced(4, 1));
    expect(table).toContainEqual(['1', 'Xã Tân Phú', 'Điểm cầu', 'Có mặt', '12', '']);
    expect(table).toContainEqual([
      '2',
      'Xã Mỹ Đức',
      'Điểm cầu',
      'Vắng mặt',
      '',
      'Mất điện, đã báo',
    ]);
    expect(lines.at(-1)?.slice(1)).toEqual(['Lan', 'Kính chào các xã']);

    const document = await getDocumentProxy(new Uint8Array(await saved('Tải bản PDF')));
    const { text } = await extractText(document, { mergePages: true });
    const words = text.normalize('NFC').replaceAll(/\s+/g, ' ');
    for (const part of [
      'Giao ban Tỉnh uỷ',
      'Xã Tân Phú',
      'Xã Mỹ Đức',
      'Đã xác nhận bởi Nguyễn Thị Lan',
      'Kính chào các xã',
    ])
      expect(words).toContain(part);
  });

  test('is there for the administrator; a correction names it', async () => {
    await button('Lập bản sửa đổi').click();
    await sees('Bản sửa đổi của biên bản đã xác nhận');
    const { items } = (await system.api('/records?sort=startedAtMs')).body as {
      items: RecordView[];
    };
    const signed = items.find(record => record.signed);
    expect(signed).toMatchObject({
      title: 'Giao ban Tỉnh uỷ',
      signed: { name: 'Nguyễn Thị Lan' },
      counts: { present: 2, late: 1, absent: 1, of: 3, headcount: 12 },
    });
    expect(items.find(({ corrects }) => corrects !== undefined)?.corrects).toBe(signed?.id);
  });

  test('is still there for the chair when the meeting is over, with how long', async () => {
    await button('Rời cuộc họp').click();
    await page.getByText('trong 24 giờ sau khi cuộc họp kết thúc').waitFor();
    for (const [name, size] of Object.entries(SIZES)) {
      await page.setViewportSize(size);
      expect(await seriousFindings(page), name).toEqual([]);
      expect(await overhangPx(page), name).toBeLessThanOrEqual(0);
    }
    await page.setViewportSize(SIZES.desk);
    await page.reload();
    await page.getByRole('heading', { name: 'cuộc họp vừa rồi: Giao ban Tỉnh uỷ' }).waitFor();
    expect(await seriousFindings(page), 'before the door').toEqual([]);
    const csv = (await saved('Tải bảng CSV')).toString();
    expect(csv).toContain('Sửa đổi cho biên bản');
    expect(csv).toMatch(/Phụ lục: thời gian vào và rời cuộc họp[\s\S]*Xã Tân Phú;Điểm cầu/);
    const { items } = (await system.api('/audit?entity=record&sort=atMs')).body as {
      items: AuditEntryView[];
    };
    expect(items.map(({ actor, action }) => [actor.kind, actor.name, action])).toEqual([
      ['chair', 'Lan', 'signed'],
      ...Array.from({ length: 3 }, () => ['chair', 'Lan', 'exported']),
    ]);
  });

  test('leaves nothing behind', async () => {
    await hall.hangup();
    await page.close();
    await expectNothingLeft(system);
  });
});
