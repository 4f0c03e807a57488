/**
 * Pictures of the room for the README, of drawn people in believable places: `npm run screenshots`.
 * Written to `var/screenshots/room-*.png`; those that are good are copied to `docs/` by hand.
 */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SiteView } from '../../src/contract/sites.ts';
import { addConference } from '../e2e/district.ts';
import { Halls } from '../e2e/halls.ts';
import { overhangPx, seriousFindings } from '../support/axe.ts';
import { startChromium, type TestChromium } from '../support/chromium.ts';
import { quietHall, speech } from '../support/sip-phone/sound.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { waitFor } from '../support/wait-for.ts';
import { HALL_FPS, hallFrames, pngOf, pretend } from './cameras.ts';
import { hallDrawing, portraitDrawing, slideDrawing } from './drawings.ts';

const SHOTS = resolve(import.meta.dirname, '../../var/screenshots');
const SIZES = { desk: { width: 1366, height: 768 }, phone: { width: 390, height: 844 } };
const SITES = [
  'Xã Tân Phú',
  'Xã Mỹ Đức',
  'Xã Phước Lý',
  'Xã Long Thượng',
  'Xã Đông Thạnh',
  'Thị trấn Cần Giuộc',
];
/** Who speaks in their halls. */
const TALKS = 'Xã Phước Lý';
/** They are called, and have no codec that is on. */
const ABSENT = ['Xã Phước Hậu', 'Xã Long An'];
const CHAIR = 'Nguyễn Thị Lan';
const SHARER = 'Trần Văn Bình';
const GUESTS = [SHARER, 'Lê Thu Hà'];
const CHAIR_PIN = '4711';

describe('the room', () => {
  let system: TestSystem;
  let chromium: TestChromium;
  let halls: Halls;
  let slide: Buffer;
  let chair: Page;
  const guests = new Map<string, Page>();

  beforeAll(async () => {
    mkdirSync(SHOTS, { recursive: true });
    system = await startSystem();
    chromium = await startChromium({ where: 'office', locale: 'vi-VN' });
    slide = await pngOf(chromium.browser, slideDrawing());
    halls = new Halls(system);
    const codecs = [];
    for (const [at, name] of SITES.entries()) {
      const frames = await hallFrames(chromium.browser, hallDrawing(name, at));
      const audio = name === TALKS ? speech() : quietHall();
      codecs.push((await halls.open(name, `xa-${at}`, { frames, fps: HALL_FPS, audio })).codec);
    }
    for (const name of ABSENT) await system.api('/sites', { method: 'POST', body: { name } });
    const { items } = (await system.api('/sites?limit=50')).body as { items: SiteView[] };
    const idOf = (name: string) => items.find(site => site.name === name)?.id ?? '';
    await addConference(system, {
      name: 'Giao ban tuần – Huyện uỷ Cần Giuộc',
      number: '1001',
      alias: 'giao-ban',
      chairPin: CHAIR_PIN,
      members: [...SITES, ...ABSENT].map(name => ({ siteId: idOf(name), dial: 'in' })),
    });
    chair = await open(CHAIR, 5);
    for (const [at, name] of GUESTS.entries()) guests.set(name, await open(name, 8 + at * 3));
    for (const codec of codecs) await codec.call('1001');
  }, 180_000);

  afterAll(async () => {
    halls?.close();
    for (const one of [chromium, system]) await one?.close();
  });

  async function open(name: string, seed: number): Promise<Page> {
    const page = await chromium.newPage();
    await page.setViewportSize(SIZES.desk);
    await pretend(page, await pngOf(chromium.browser, portraitDrawing(seed)), slide);
    await page.goto(`${system.browserUrl}/c/giao-ban?name=${encodeURIComponent(name)}`);
    return page;
  }
  const button = (page: Page, name: string | RegExp) =>
    page.getByRole('button', { name, exact: true });
  const playing = (page: Page, atLeast: number) =>
    waitFor(
      'the pictures',
      async () =>
        (await page.evaluate<number>(
          "[...document.querySelectorAll('video')].filter(one => one.videoWidth > 0).length",
        )) >= atLeast,
      30_000,
    );
  /** On a machine that others use the line looks worse than it is; the picture is taken all the same. */
  const lineIsGood = (page: Page) =>
    page
      .locator('.network.good')
      .waitFor({ timeout: 6_000 })
      .catch(() => undefined);
  const shoot = async (page: Page, state: string) => {
    for (const [screen, size] of Object.entries(SIZES)) {
      await page.setViewportSize(size);
      await page.mouse.move(0, 0);
      await page.waitForTimeout(1500); // pictures that came into view begin
      await lineIsGood(page);
      expect.soft(await seriousFindings(page), `${state} ${screen}`).toEqual([]);
      expect.soft(await overhangPx(page), `${state} ${screen}`).toBeLessThanOrEqual(0);
      await page.screenshot({ path: join(SHOTS, `room-${state}-${screen}.png`) });
    }
    await page.setViewportSize(SIZES.desk);
  };

  test('before the door', async () => {
    const page = guests.get(SHARER) as Page;
    await playing(page, 1);
    await shoot(page, 'join');
  });

  test('everybody alike', async () => {
    await chair.getByLabel('Tôi chủ trì cuộc họp').check();
    await chair.getByLabel('Mã PIN chủ toạ').fill(CHAIR_PIN);
    await button(chair, 'Tham gia').click();
    for (const page of guests.values()) await button(page, 'Tham gia').click();
    for (const page of [chair, ...guests.values()]) await button(page, 'Tắt micro').click();
    const [, ha] = [...guests.values()];
    if (ha) await button(ha, 'Giơ tay').click();
    // What guests do not look at costs nothing.
    for (const page of guests.values()) await page.setViewportSize({ width: 390, height: 400 });
    await playing(chair, SITES.length + GUESTS.length + 1);
    await shoot(chair, 'grid');
  });

  test('who speaks large', async () => {
    await button(chair, 'Phóng to người nói').click();
    await chair.locator(`figure.large[aria-label="${TALKS}"]`).waitFor();
    await shoot(chair, 'speaker');
  });

  test('a shared screen', async () => {
    const page = guests.get(SHARER) as Page;
    await button(page, 'Chia sẻ màn hình').click();
    await chair.locator(`figure[aria-label="Màn hình của ${SHARER}"]`).waitFor();
    await playing(chair, 3);
    await shoot(chair, 'sharing');
    await button(page, 'Dừng chia sẻ').click();
  });

  test('the roll call', async () => {
    await button(chair, 'Điểm danh').click();
    await button(chair, 'Bắt đầu điểm danh').click();
    await button(chair, 'Có mặt (P)').click();
    await shoot(chair, 'roll-call');
    await button(chair, 'Đóng khung này').click();
  });

  test('after it, with the record', async () => {
    await button(chair, 'Rời cuộc họp').click();
    await button(chair, 'Tải bản PDF').waitFor();
    await shoot(chair, 'ended');
  });
});
