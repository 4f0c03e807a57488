/** Runs one subject through many damaged inputs; the same seed gives the same inputs. */
import { type Random, seeded } from './mutate.ts';

/** What is tried: `sdp.ts` and `sip.ts` each export one as `subject`. */
export interface FuzzSubject {
  readonly name: string;
  /** The next input. */
  next(random: Random): string;
  /** Which rule the subject broke with it, if any; a throw is one too. */
  check(input: string): string | undefined;
}

export interface FuzzOptions {
  readonly runs: number;
  readonly seed: number;
  /** Told now and then how far it is. */
  readonly onProgress?: (done: number) => void;
}

export interface FuzzReport {
  readonly runs: number;
  readonly perSec: number;
  readonly slowestMs: number;
  readonly failure?: { readonly rule: string; readonly input: string; readonly run: number };
}

/** A single input may take this long on a machine that does other work too. */
const MAX_CASE_MS = 1000;
/** How often a slow input is tried again before the machine is no excuse. */
const SLOW_TRIES = 3;
const PROGRESS_EVERY = 50_000;

/** Stops at the first broken rule. */
export function fuzz(subject: FuzzSubject, options: FuzzOptions): FuzzReport {
  const random = seeded(options.seed);
  const startedMs = performance.now();
  let slowestMs = 0;
  for (let run = 0; run < options.runs; run++) {
    const input = subject.next(random);
    const { rule, tookMs } = tryOnce(subject, input);
    slowestMs = Math.max(slowestMs, tookMs);
    const broken = rule ?? (isSlow(subject, input, tookMs) ? 'took too long' : undefined);
    if (broken !== undefined)
      return { ...report(run + 1, startedMs, slowestMs), failure: { rule: broken, input, run } };
    if (run % PROGRESS_EVERY === PROGRESS_EVERY - 1) options.onProgress?.(run + 1);
  }
  return report(options.runs, startedMs, slowestMs);
}

function report(runs: number, startedMs: number, slowestMs: number): FuzzReport {
  const tookSec = (performance.now() - startedMs) / 1000;
  return { runs, perSec: Math.round(runs / tookSec), slowestMs: Math.round(slowestMs) };
}

function tryOnce(subject: FuzzSubject, input: string): { rule?: string; tookMs: number } {
  const startedMs = performance.now();
  const rule = checkOrThrow(subject, input);
  const tookMs = performance.now() - startedMs;
  return { ...(rule !== undefined && { rule }), tookMs };
}

function checkOrThrow(subject: FuzzSubject, input: string): string | undefined {
  try {
    return subject.check(input);
  } catch (err) {
    return `threw ${err instanceof Error ? (err.stack ?? err.message) : String(err)}`;
  }
}

function isSlow(subject: FuzzSubject, input: string, tookMs: number): boolean {
  if (tookMs <= MAX_CASE_MS) return false;
  const again = Array.from({ length: SLOW_TRIES }, () => tryOnce(subject, input).tookMs);
  return Math.min(...again) > MAX_CASE_MS;
}
