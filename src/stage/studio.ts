import { availableParallelism } from 'node:os';
import type { Logger } from 'pino';
import type { Composer, ComposerEvents } from './compose/composer.ts';
import { ComposerPool } from './compose/pool.ts';
import { CpuBudget } from './cpu-budget.ts';
import { MachineLoad } from './machine-load.ts';
import type { Allowance } from './scene/allowance.ts';

export interface StudioSettings {
  /** Rows of the largest picture that is composed; 720 when not said. */
  readonly maxPictureHeight?: number;
  /** 25, or 30; 25 when not said. */
  readonly maxFps?: number;
  /** Cores that the stage may take; most of them when not said. */
  readonly cpuBudgetCores?: number;
  /** Composing threads; as many as cores when not said. */
  readonly workers?: number;
  /** Whether names are also written into pictures that could be passed on as they are. */
  readonly names?: 'always' | 'composed';
}

const USUAL_SHARE = 0.85;
const USUAL_HEIGHT = 720;
/** Under load pictures are no larger than this. */
const LOADED_HEIGHT = 448;
const MEASURE_INTERVAL_MS = 1_000;

/** What all scenes share: the composing threads, and the budget they keep to. */
export class Studio {
  readonly #settings: StudioSettings;
  readonly #log: Logger;
  readonly #pool: ComposerPool;
  readonly #budget: CpuBudget;
  readonly #machine = new MachineLoad();
  readonly #timer: NodeJS.Timeout;
  #cpuBefore = process.cpuUsage();
  #measuredMs = performance.now();

  /** `close` ends the threads. */
  constructor(settings: StudioSettings, log: Logger) {
    this.#settings = settings;
    this.#log = log;
    const cores = availableParallelism();
    this.#pool = new ComposerPool({ threads: settings.workers ?? cores, log });
    this.#budget = new CpuBudget(settings.cpuBudgetCores ?? cores * USUAL_SHARE);
    this.#timer = setInterval(() => this.#measure(), MEASURE_INTERVAL_MS);
    this.#timer.unref();
  }

  /** A scene's place at one of the threads. */
  openComposer(events: ComposerEvents): Composer {
    return this.#pool.open(events);
  }

  get allowance(): Allowance {
    const { maxPictureHeight = USUAL_HEIGHT, maxFps = 25, names = 'composed' } = this.#settings;
    const { level } = this.#budget;
    const maxHeight = level >= 2 ? Math.min(maxPictureHeight, LOADED_HEIGHT) : maxPictureHeight;
    return {
      names,
      pictures: { maxHeight, maxFps: maxFps >= 30 ? 30 : 25 },
      mayOpenCanvas: level < 3,
    };
  }

  get load(): { readonly budgetUsed: number; readonly level: number } {
    return { budgetUsed: Math.round(this.#budget.used * 100) / 100, level: this.#budget.level };
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#pool.close();
  }

  /** Of the whole process, packets cost too; and of the machine, which others need as well. */
  #measure(): void {
    const { user, system } = process.cpuUsage(this.#cpuBefore);
    const nowMs = performance.now();
    const coresUsed = (user + system) / 1000 / (nowMs - this.#measuredMs);
    this.#cpuBefore = process.cpuUsage();
    this.#measuredMs = nowMs;
    const machineBusy = this.#machine.busySinceLast();
    if (!this.#budget.measured({ coresUsed, machineBusy }, nowMs)) return;
    const { load } = this;
    this.#log.warn(
      { ...load, machineBusy },
      load.level > 0 ? 'stage over its CPU budget' : 'stage within its CPU budget',
    );
    this.#pool.thin(load.level >= 1 ? 2 : 1);
  }
}
