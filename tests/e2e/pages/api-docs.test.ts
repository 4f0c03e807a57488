import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fakeCore, type RunningApi, startApi } from '../../unit/api/support.ts';

const WEB_ROOT = new URL('../../../dist/web', import.meta.url).pathname;
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
];

let api: RunningApi;
let browser: Browser;
beforeAll(async () => {
  if (!existsSync(`${WEB_ROOT}/api-docs.html`)) throw new Error('run “npm run build:web” first');
  api = await startApi(fakeCore(), { webRoot: WEB_ROOT });
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS });
});
afterAll(async () => {
  await browser.close();
  await api.close();
});

test.each([
  ['vi-VN', 1200, 'API của Điểm Cầu', 'Cần quyền sites.write'],
  ['en-US', 375, 'The API of Điểm Cầu', 'Needs sites.write'],
])(
  'the API’s page in %s, %i wide, reads everything out and asks nobody else',
  async (locale, width, title, needs) => {
    const context = await browser.newContext({ locale, viewport: { width, height: 900 } });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', message => complaints.push(message.text()));
    page.on('pageerror', error => complaints.push(String(error)));
    page.on('request', request => {
      if (!request.url().startsWith(api.url)) complaints.push(`asked ${request.url()}`);
    });
    await page.goto(`${api.url}/api/docs`);
    await page.getByRole('heading', { name: title }).waitFor();

    await page.getByRole('searchbox').fill('new site with its endpoints');
    expect(await page.locator('.operation').count()).toBe(1);
    const operation = page.locator('#createSite');
    await operation.locator('summary').first().click();
    await operation.getByText(needs).waitFor();
    await operation.getByText('SiteInput', { exact: true }).click();
    await operation.getByText('sipPassword').first().waitFor({ state: 'attached' });
    const command = await operation.locator('pre').textContent();
    expect(command).toContain(`curl -X POST '${api.url}/api/v1/sites'`);
    expect(await page.locator('#error-version-conflict').textContent()).toContain('409');

    const tooWide = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
    expect(await page.evaluate(tooWide)).toBe(0);
    expect(complaints).toEqual([]);
    await context.close();
  },
);
