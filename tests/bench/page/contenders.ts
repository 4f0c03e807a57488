/** The room page and the bare one, opened in the same Chromium on the same meeting. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import type { ParticipantView } from '../../../src/contract/rest.ts';
import { Cleanup } from '../../../src/util/cleanup.ts';
import type { TestChromium } from '../../support/chromium.ts';
import { addProbes } from '../../support/page.ts';
import type { TestSystem } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import { countShown } from './figures.ts';
import { joinAs } from './light-browsers.ts';

/** A page in the meeting; the caller closes it. */
export interface OpenPage {
  readonly page: Page;
  close(): Promise<void>;
}

export interface Meeting {
  readonly system: TestSystem;
  readonly chromium: TestChromium;
  readonly alias: string;
  readonly conferenceId: string;
}

const VIEWPORT = { width: 1366, height: 768 };
const PICTURES_TIMEOUT_MS = 60_000;
const MODULES = join(import.meta.dirname, '../../../node_modules');
const BARE_FILES: Readonly<Record<string, { path: string; contentType: string }>> = {
  'bare-page.html': { path: join(import.meta.dirname, 'bare-page.html'), contentType: 'text/html' },
  'bare-page.js': {
    path: join(import.meta.dirname, 'bare-page.js'),
    contentType: 'text/javascript',
  },
  'janus.es.js': {
    path: join(MODULES, 'janus-gateway/npm/dist/janus.es.js'),
    contentType: 'text/javascript',
  },
  'adapter.js': {
    path: join(MODULES, 'webrtc-adapter/out/adapter.js'),
    contentType: 'text/javascript',
  },
};

/** Joined without camera and microphone. @param pictures to wait for */
export async function openRoomPage(meeting: Meeting, pictures: number): Promise<OpenPage> {
  const { system, alias } = meeting;
  const { context, page } = await openContext(meeting);
  await page.addInitScript(chooseNoDevices);
  await page.goto(`${system.browserUrl}/c/${alias}?name=Watcher`);
  await page.getByRole('button', { name: 'Join', exact: true }).click();
  await shows(page, pictures);
  return { page, close: () => context.close() };
}

/** Feeds whose pictures the room page shows, in its order. */
export function feedsShown(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    // biome-ignore lint/suspicious/noExplicitAny: the page's own types are not those of this process
    const { document } = globalThis as any;
    const videos = [...document.querySelectorAll('video[data-participant-id]')];
    return videos.map(video => video.dataset.participantId);
  });
}

/** Feeds of everybody who has a picture. */
export async function feedsOf({ system, conferenceId }: Meeting): Promise<string[]> {
  const { body } = await system.api(`/conferences/${conferenceId}/participants`);
  return (body as ParticipantView[]).filter(({ hasVideo }) => hasVideo).map(({ id }) => id);
}

/** Of the same streams by janus.js alone; its seat is held by us. */
export async function openBarePage(
  meeting: Meeting,
  feeds: readonly string[],
  columns: number,
): Promise<OpenPage> {
  const { system, alias } = meeting;
  const cleanup = new Cleanup();
  const { token, roomId: room } = await joinAs(system, alias, 'Bare', cleanup);
  const { context, page } = await openContext(meeting);
  cleanup.add('page', () => context.close());
  await page.route('**/bare/*', route => {
    const file = BARE_FILES[route.request().url().split('/').at(-1) ?? ''];
    if (!file) return route.fulfill({ status: 404 });
    const { path, contentType } = file;
    return route.fulfill({ contentType, body: readFileSync(path, 'utf8') });
  });
  const server = `${system.browserUrl.replace('https', 'wss')}/janus`;
  await page.addInitScript(visit => Object.assign(globalThis, { visit }), {
    ...{ server, token, room, feeds, columns },
  });
  await page.goto(`${system.browserUrl}/bare/bare-page.html`);
  await shows(page, feeds.length);
  return {
    page,
    close: async () => {
      const [failure] = await cleanup.close();
      if (failure) throw failure;
    },
  };
}

async function openContext({
  chromium,
}: Meeting): Promise<{ context: BrowserContext; page: Page }> {
  const terms = {
    viewport: VIEWPORT,
    ignoreHTTPSErrors: true,
    locale: 'en-US',
    // The bare page comes from here and from no address, so that a private one is foreign to it.
    permissions: ['local-network-access'],
  };
  const context = await chromium.browser.newContext(terms);
  await addProbes(context);
  return { context, page: await context.newPage() };
}

async function shows(page: Page, pictures: number): Promise<void> {
  await waitFor(
    `${pictures} pictures`,
    async () => (await page.evaluate(countShown)).pictures >= pictures,
    PICTURES_TIMEOUT_MS,
  );
}

/** Runs in the page, before its own scripts. */
function chooseNoDevices(): void {
  // biome-ignore lint/suspicious/noExplicitAny: the page's own types are not those of this process
  const { localStorage } = globalThis as any;
  const preferences = { cameraId: null, microphoneId: null };
  localStorage.setItem('diemcau.preferences', JSON.stringify(preferences));
}
