import type { Settings } from './schema.ts';

/** What composing may take and give, as the stage process is told. */
export interface StageLimits {
  readonly maxPictureHeight: number;
  readonly maxFps: number;
  readonly cpuBudgetCores: number;
  readonly workers: number;
  readonly names: Settings['stage']['names'];
}

/** The rest is for rtpengine, Janus and the gateway, which share the machine. */
const COMPOSING_SHARE = 0.7;

/** @param cores of the machine the stage runs on, for what is not set */
export function stageLimits({ stage }: Settings, cores: number): StageLimits {
  const { maxPictureHeight, maxFps, cpuBudget, workers, names } = stage;
  const cpuBudgetCores = cpuBudget ?? roundToTenth(cores * COMPOSING_SHARE);
  return { maxPictureHeight, maxFps, cpuBudgetCores, workers: workers ?? cores, names };
}

function roundToTenth(value: number): number {
  return Math.round(value * 10) / 10;
}
