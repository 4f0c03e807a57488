import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import type { Place } from './bed/namespaces.ts';
import { enter } from './bed/place.ts';
import { addProbes } from './page.ts';
import { type ColourName, colourVideo } from './picture.ts';

export interface ChromiumOptions {
  readonly where: Place;
  /** The colour its camera sees; Chromium's own test picture when not given. */
  readonly colour?: ColourName;
  /** How many cameras of Chromium's own there are; one when not given. */
  readonly cameras?: number;
  /** What its microphone hears; Chromium's own beeps when not given. */
  readonly toneHz?: number;
  /** Like `vi-VN`; `en-US` when not given. */
  readonly locale?: string;
  /** Title of the tab that is shared when a page asks for a screen. */
  readonly sharesTab?: string;
}

/** One Chromium in the bed, with a camera and a microphone of its own. */
export interface TestChromium {
  readonly browser: Browser;
  readonly context: BrowserContext;
  /** A fresh page, ready for the helpers of `page.ts`. */
  newPage(): Promise<Page>;
  /** Ends it and removes its files. May be called twice. */
  close(): Promise<void>;
}

const TONE_SECONDS = 30;

const FLAGS = [
  '--no-sandbox',
  '--ignore-certificate-errors',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-fake-device-for-media-stream',
  '--autoplay-policy=no-user-gesture-required',
];

/** Starts Debian's Chromium in a place of the bed; the caller closes it. */
export async function startChromium(options: ChromiumOptions): Promise<TestChromium> {
  const folder = mkdtempSync(join(tmpdir(), 'chromium-'));
  try {
    const browser = await chromium.launch({
      executablePath: wrapper(folder, options.where),
      args: [...FLAGS, ...screenFlags(options), ...fakeDevices(options)],
      // Of a tab that may not be heard there is nothing to share.
      ignoreDefaultArgs: options.sharesTab === undefined ? [] : ['--mute-audio'],
    });
    const context = await browser.newContext({
      ignoreHTTPSErrors: true,
      locale: options.locale ?? 'en-US',
      permissions: ['camera', 'microphone'],
    });
    await addProbes(context);
    return {
      browser,
      context,
      newPage: () => context.newPage(),
      close: async () => {
        await browser.close();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (err) {
    rmSync(folder, { recursive: true, force: true });
    throw err;
  }
}

/** Playwright speaks over pipes, which go through `ip netns exec` untouched. */
function wrapper(folder: string, where: Place): string {
  const file = join(folder, 'chromium');
  writeFileSync(file, `#!/bin/sh\nexec ${enter(where).join(' ')} /usr/bin/chromium "$@"\n`);
  chmodSync(file, 0o755);
  return file;
}

/** A real tab where one is shared; the fake questions would answer with a picture of their own. */
function screenFlags({ sharesTab }: ChromiumOptions): string[] {
  if (sharesTab === undefined) return ['--use-fake-ui-for-media-stream'];
  return [`--auto-select-tab-capture-source-by-title=${sharesTab}`];
}

function fakeDevices({ colour, cameras, toneHz }: ChromiumOptions): string[] {
  const flags: string[] = [];
  if (cameras) flags.push(`--use-fake-device-for-media-stream=device-count=${cameras}`);
  if (colour) flags.push(`--use-file-for-fake-video-capture=${colourVideo(colour, 'mjpeg')}`);
  if (toneHz) flags.push(`--use-file-for-fake-audio-capture=${toneFile(toneHz)}`);
  return flags;
}

/** A WAV file with a tone, played again and again by the fake microphone. */
function toneFile(toneHz: number): string {
  const file = join(tmpdir(), `diemcau-voice-${process.getuid?.() ?? 0}-${toneHz}.wav`);
  if (!existsSync(file)) {
    const draft = `${file}.${process.pid}.wav`;
    const source = `sine=frequency=${toneHz}:sample_rate=48000:duration=${TONE_SECONDS}`;
    // A steady tone is noise to the browser, which takes it away; one that swells is not.
    const volume = ['-af', 'volume=4,tremolo=f=3:d=0.85', '-y', draft];
    const quiet = ['-hide_banner', '-loglevel', 'error'];
    execFileSync('ffmpeg', [...quiet, '-f', 'lavfi', '-i', source, ...volume], { stdio: 'pipe' });
    renameSync(draft, file);
  }
  return file;
}
