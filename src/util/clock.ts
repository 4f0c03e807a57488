import { sleep } from './abort.ts';

/** The real time; tests hand in one that stands still. */
export const systemClock = {
  now: (): number => Date.now(),
  sleep: (delayMs: number, signal?: AbortSignal): Promise<void> => sleep(delayMs, signal),
};
