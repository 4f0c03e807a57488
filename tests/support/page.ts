/**
 * What a browser sees and hears, measured in the page and outside of the code
 * under test: pixels from a canvas, frames from getStats, tones from an
 * analyser. The part that runs in the page is `page-probes.js`.
 */
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import type { Colour } from './picture.ts';

export interface HeardTone {
  /** The strongest frequency between 200 Hz and 3.4 kHz, to within 12 Hz. */
  readonly frequencyHz: number;
  /** Its level in dBFS; silence is far below −80. */
  readonly levelDb: number;
}

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

interface Levels {
  readonly strongest: HeardTone;
  readonly levelsDb: number[];
}

/** All pictures of a page together, since it was opened. */
export interface PictureCounts {
  readonly pictures: number;
  readonly framesDecoded: number;
  readonly framesDropped: number;
  readonly packetsReceived: number;
  readonly packetsLost: number;
}

declare global {
  /** Set in pages by `page-probes.js`; elements are the page's own. */
  var probes: {
    videoColour(video: unknown): Colour | null;
    size(video: unknown): PictureSize;
    sendOnly(rids: readonly string[]): Promise<void>;
    framesDecoded(video: unknown): Promise<number>;
    pictures(): Promise<PictureCounts>;
    listen(media: unknown): Promise<void>;
    levels(media: unknown, tonesHz: readonly number[]): Levels;
  };
}

/** Long enough for a few analyser windows of 85 ms. */
const LISTEN_MS = 500;
/** Each look halves what is left of the one before. */
const FORGETTING_LOOKS = 8;
const LOOK_MS = 40;

/** Makes the helpers below work in every page of the context. */
export async function addProbes(context: BrowserContext): Promise<void> {
  await context.addInitScript({ path: join(import.meta.dirname, 'page-probes.js') });
}

/** Mean colour of the upper third of what a `<video>` shows. @throws Error while it shows nothing */
export async function videoColour(page: Page, selector: string): Promise<Colour> {
  const mean = await page.locator(selector).evaluate(video => globalThis.probes.videoColour(video));
  if (!mean) throw new Error(`${selector} shows no picture yet`);
  return mean;
}

/** In pixels of the picture, not of the element; 0 while it shows nothing. */
export function pictureSize(page: Page, selector: string): Promise<PictureSize> {
  return page.locator(selector).evaluate(video => globalThis.probes.size(video));
}

/** Sends a camera in these of its sizes alone, as a browser does that is short of something. */
export function sendOnly(page: Page, rids: readonly string[]): Promise<void> {
  return page.evaluate(sizes => globalThis.probes.sendOnly(sizes), rids);
}

/** Frames per second that were decoded for a `<video>` during the next `durationMs`. */
export async function decodedFps(page: Page, selector: string, durationMs = 2000): Promise<number> {
  const before = await framesDecoded(page, selector);
  const startedAtMs = performance.now();
  await page.waitForTimeout(durationMs);
  const frames = (await framesDecoded(page, selector)) - before;
  return (frames * 1000) / (performance.now() - startedAtMs);
}

/** Frames decoded so far for the track a `<video>` shows; 0 when no connection has it. */
export function framesDecoded(page: Page, selector: string): Promise<number> {
  return page.locator(selector).evaluate(video => globalThis.probes.framesDecoded(video));
}

/** The strongest tone in what an `<audio>` or `<video>` plays. */
export async function heardTone(page: Page, selector: string): Promise<HeardTone> {
  return (await listen(page, selector, [])).strongest;
}

/** Levels in dBFS of the given tones in what an `<audio>` or `<video>` plays. */
export async function toneLevels(
  page: Page,
  selector: string,
  tonesHz: readonly number[],
): Promise<number[]> {
  return (await listen(page, selector, tonesHz)).levelsDb;
}

/** Like `toneLevels`, with nothing of what was heard before: the analyser smooths over its last looks. */
export async function freshToneLevels(
  page: Page,
  selector: string,
  tonesHz: readonly number[],
): Promise<number[]> {
  const media = page.locator(selector);
  await media.evaluate(element => globalThis.probes.listen(element));
  for (let look = 0; look < FORGETTING_LOOKS; look += 1) {
    await page.waitForTimeout(LOOK_MS);
    await media.evaluate(element => globalThis.probes.levels(element, []));
  }
  const { levelsDb } = await media.evaluate(
    (element, tones) => globalThis.probes.levels(element, tones),
    tonesHz,
  );
  return levelsDb;
}

async function listen(page: Page, selector: string, tonesHz: readonly number[]): Promise<Levels> {
  const media = page.locator(selector);
  await media.evaluate(element => globalThis.probes.listen(element));
  await page.waitForTimeout(LISTEN_MS);
  return media.evaluate((element, tones) => globalThis.probes.levels(element, tones), tonesHz);
}
