/** What a page costs while it shows a meeting, by the browser's own counters and by the kernel's. */
import type { CDPSession, Page } from 'playwright-core';
import { pause } from '../call/bench.ts';
import { machineBusySec } from '../processes.ts';
import { chromiumUsage, cpuSecBetween, type ProcessKind } from './chromium-usage.ts';

/** Names of `Performance.getMetrics`, Chrome DevTools Protocol. */
type Metric =
  | 'TaskDuration'
  | 'ScriptDuration'
  | 'LayoutDuration'
  | 'RecalcStyleDuration'
  | 'JSHeapUsedSize'
  | 'Nodes'
  | 'JSEventListeners';

/** Over a window; times are shares of one core. */
export interface PageFigures {
  readonly taskCores: number;
  readonly scriptCores: number;
  readonly layoutCores: number;
  readonly cores: Readonly<Record<ProcessKind, number>>;
  readonly machineCores: number;
  readonly pictures: number;
  readonly fpsPerPicture: number;
  readonly framesDropped: number;
  readonly framesNotShown: number;
  readonly packetsLost: number;
  /** After a collection. */
  readonly heapMib: number;
  readonly residentMib: number;
}

export interface Memory {
  readonly heapMib: number;
  readonly nodes: number;
  readonly listeners: number;
  readonly rendererMib: number;
}

const BYTES_PER_MIB = 2 ** 20;

/** A page under the browser's own counters; the caller closes the page. */
export class MeasuredPage {
  readonly page: Page;
  readonly #cdp: CDPSession;

  private constructor(page: Page, cdp: CDPSession) {
    this.page = page;
    this.#cdp = cdp;
  }

  static async open(page: Page): Promise<MeasuredPage> {
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('Performance.enable');
    return new MeasuredPage(page, cdp);
  }

  async measure(windowMs: number): Promise<PageFigures> {
    const before = await this.#look();
    await pause(windowMs);
    const after = await this.#look();
    const seconds = (after.atMs - before.atMs) / 1000;
    const share = (metric: Metric) => (after.metrics[metric] - before.metrics[metric]) / seconds;
    const cores = (kind: ProcessKind) =>
      cpuSecBetween(before.chromium, after.chromium, kind) / seconds;
    const frames = after.frames.framesDecoded - before.frames.framesDecoded;
    const { heapMib, rendererMib } = await this.memory();
    return {
      taskCores: share('TaskDuration'),
      scriptCores: share('ScriptDuration'),
      layoutCores: share('LayoutDuration') + share('RecalcStyleDuration'),
      cores: {
        renderer: cores('renderer'),
        'gpu-process': cores('gpu-process'),
        utility: cores('utility'),
        browser: cores('browser'),
      },
      machineCores: (after.busySec - before.busySec) / seconds,
      pictures: after.shown.pictures,
      fpsPerPicture: frames / Math.max(1, after.shown.pictures) / seconds,
      framesDropped: after.frames.framesDropped - before.frames.framesDropped,
      framesNotShown: after.shown.dropped - before.shown.dropped,
      packetsLost: after.frames.packetsLost - before.frames.packetsLost,
      heapMib,
      residentMib: rendererMib,
    };
  }

  /** After a forced collection. */
  async memory(): Promise<Memory> {
    await this.#cdp.send('HeapProfiler.collectGarbage');
    const metrics = await this.#metrics();
    return {
      heapMib: metrics.JSHeapUsedSize / BYTES_PER_MIB,
      nodes: metrics.Nodes,
      listeners: metrics.JSEventListeners,
      rendererMib: chromiumUsage().renderer.residentMib,
    };
  }

  /** A CPU profile of the main thread, as DevTools opens it. */
  async profile(durationMs: number): Promise<string> {
    await this.#cdp.send('Profiler.enable');
    await this.#cdp.send('Profiler.start');
    await pause(durationMs);
    const { profile } = await this.#cdp.send('Profiler.stop');
    return JSON.stringify(profile);
  }

  async #look() {
    const [frames, shown] = await Promise.all([
      this.page.evaluate(() => globalThis.probes.pictures()),
      this.page.evaluate(countShown),
    ]);
    const metrics = await this.#metrics();
    return {
      ...{ atMs: performance.now(), frames, shown, metrics },
      ...{ chromium: chromiumUsage(), busySec: machineBusySec() },
    };
  }

  async #metrics(): Promise<Record<Metric, number>> {
    const { metrics } = await this.#cdp.send('Performance.getMetrics');
    const values = metrics.map(({ name, value }) => [name, value] as const);
    return Object.fromEntries(values) as Record<Metric, number>;
  }
}

/** Runs in the page: what its `<video>`s show. */
export function countShown(): { pictures: number; dropped: number } {
  // biome-ignore lint/suspicious/noExplicitAny: the page's own types are not those of this process
  const { document } = globalThis as any;
  let [pictures, dropped] = [0, 0];
  for (const video of document.querySelectorAll('video')) {
    if (video.videoWidth === 0) continue;
    pictures += 1;
    dropped += video.getVideoPlaybackQuality().droppedVideoFrames;
  }
  return { pictures, dropped };
}
