import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { encodeMovingPicture, type Frame } from '../support/sip-phone/moving-picture.ts';

const PICTURE = { width: 640, height: 360, fps: 15, bitrateBps: 500_000, durationSec: 4 };

/** A drawing as PNG. */
export async function pngOf(browser: Browser, drawing: string): Promise<Buffer> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  await page.setContent(`<style>body{margin:0}</style>${drawing}`);
  const png = await page.screenshot();
  await page.close();
  return png;
}

/** What a hall's codec sends of a drawing. */
export async function hallFrames(browser: Browser, drawing: string): Promise<Frame[]> {
  const folder = mkdtempSync(join(tmpdir(), 'hall-'));
  try {
    const image = join(folder, 'hall.png');
    writeFileSync(image, await pngOf(browser, drawing));
    return encodeMovingPicture({ ...PICTURE, image });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const HALL_FPS = PICTURE.fps;

const DEVICES = readFileSync(join(import.meta.dirname, 'devices.js'), 'utf8');

/** Lets a page's camera see one picture, its microphone nothing, and its screen another. */
export async function pretend(page: Page, camera: Buffer, screen: Buffer): Promise<void> {
  const pretended = { camera: camera.toString('base64'), screen: screen.toString('base64') };
  const content = `const pretended = ${JSON.stringify(pretended)};\n${DEVICES}`;
  await page.addInitScript({ content });
}
