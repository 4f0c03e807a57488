/** Whether the server still answers on a socket that may be dead without having closed. */

export type Liveness = 'alive' | 'silent' | 'dead';

export interface Heard {
  /** When the server last said anything. */
  readonly heardAtMs: number;
  /** When this computer last woke from sleep. */
  readonly wokeAtMs: number | undefined;
}

/** Between two questions to the server whether it is there. */
export const ASK_INTERVAL_MS = 3_000;
const SILENT_AFTER_MS = 7_500;
/** More than a question that TCP repeats after an outage of five seconds takes. */
const DEAD_AFTER_MS = 15_000;
/** After sleep the silence before says nothing: what counts is whether the next question is answered. */
const WAKE_ANSWER_MS = 6_000;
/** A clock that jumps by more than this was asleep with its computer. */
const SLEPT_MS = 8_000;

export function livenessOf({ heardAtMs, wokeAtMs }: Heard, nowMs: number): Liveness {
  const isWaking = wokeAtMs !== undefined && heardAtMs < wokeAtMs;
  if (isWaking) return nowMs - wokeAtMs > WAKE_ANSWER_MS ? 'dead' : 'silent';
  const silentMs = nowMs - heardAtMs;
  if (silentMs > DEAD_AFTER_MS) return 'dead';
  return silentMs > SILENT_AFTER_MS ? 'silent' : 'alive';
}

/** Whether this computer slept between two ticks of a clock of one second. */
export function hasSlept(lastTickMs: number, nowMs: number): boolean {
  return nowMs - lastTickMs > SLEPT_MS;
}
