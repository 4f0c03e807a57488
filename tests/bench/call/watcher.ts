import type { Page } from 'playwright-core';
import { startChromium } from '../../support/chromium.ts';
import type { PictureCounts } from '../../support/page.ts';
import type { TestSystem } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';

declare global {
  /** In the page: when each tile's picture last began, `Date.now()` by the tile's name. */
  var firstFrames: Record<string, number>;
}

/** A laptop in the conference that notes when pictures begin; the caller closes it. */
export interface Watcher {
  /** When the first frame of a tile that appeared after `sinceMs` was shown, as `Date.now()`. */
  firstFrameMs(name: string, sinceMs: number): Promise<number>;
  gone(name: string): Promise<void>;
  pictures(): Promise<PictureCounts>;
  /** Out of the conference. */
  leave(): Promise<void>;
  close(): Promise<void>;
}

const PICTURE_TIMEOUT_MS = 20_000;

/** @param looks whether its tab is in front; one behind sends its camera and is sent no pictures */
export async function startWatcher(
  system: TestSystem,
  alias: string,
  { name = 'Watcher', looks = true } = {},
): Promise<Watcher> {
  const chromium = await startChromium({ where: 'office' });
  try {
    const page = await chromium.newPage();
    await page.addInitScript(noteFirstFrames);
    if (!looks) await page.addInitScript(stayBehind);
    await page.goto(`${system.browserUrl}/c/${alias}?name=${name}&join=1`);
    await page.getByRole('button', { name: 'Leave' }).waitFor();
    return { ...watch(page), close: () => chromium.close() };
  } catch (err) {
    await chromium.close();
    throw err;
  }
}

function watch(page: Page): Omit<Watcher, 'close'> {
  return {
    firstFrameMs: (name, sinceMs) =>
      waitFor(
        `a picture of ${name}`,
        async () => {
          const atMs = await page.evaluate(tile => globalThis.firstFrames[tile] ?? 0, name);
          return atMs >= sinceMs && atMs;
        },
        PICTURE_TIMEOUT_MS,
      ),
    gone: name => page.locator(`figure[aria-label="${name}"]`).waitFor({ state: 'detached' }),
    leave: () => page.getByRole('button', { name: 'Leave' }).click(),
    pictures: () => page.evaluate(() => globalThis.probes.pictures()),
  };
}

/** Runs in the page: asks each new `<video>` to tell when its first frame is shown. */
function noteFirstFrames(): void {
  globalThis.firstFrames = {};
  // biome-ignore lint/suspicious/noExplicitAny: the page's own types are not those of this process
  const page = globalThis as any;
  const seen = new WeakSet();
  const look = () => {
    for (const video of page.document.querySelectorAll('figure video')) {
      if (seen.has(video)) continue;
      seen.add(video);
      const name = video.closest('figure').getAttribute('aria-label');
      video.requestVideoFrameCallback(() => {
        globalThis.firstFrames[name] = Date.now();
      });
    }
  };
  new page.MutationObserver(look).observe(page.document, { childList: true, subtree: true });
}

/** Runs in the page: as in a tab that is not the one in front. */
function stayBehind(): void {
  // biome-ignore lint/suspicious/noExplicitAny: the page's own types are not those of this process
  const { document } = globalThis as any;
  Object.defineProperty(document, 'hidden', { get: () => true });
  Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' });
}
