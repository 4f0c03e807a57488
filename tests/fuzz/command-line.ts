import { parseArgs } from 'node:util';
import { type FuzzSubject, fuzz } from './runner.ts';

const DEFAULT_RUNS = '1000000';

export interface FuzzArguments {
  readonly names: readonly string[];
  readonly runs: number;
  readonly seed: number;
}

/** `[name …] [--runs n] [--seed n]`; without a seed one of the clock. */
export function readArguments(args: readonly string[]): FuzzArguments {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { runs: { type: 'string' }, seed: { type: 'string' } },
  });
  return {
    names: positionals,
    runs: wholeNumber('runs', values.runs ?? DEFAULT_RUNS),
    seed: wholeNumber('seed', values.seed ?? String(Date.now() % 2 ** 31)),
  };
}

/** Runs one subject and prints what came of it; a broken rule sets the exit code. */
export function runSubject(subject: FuzzSubject, { runs, seed }: FuzzArguments): void {
  const { name } = subject;
  print(`${name}: ${runs} runs, --seed ${seed}`);
  const report = fuzz(subject, { runs, seed, onProgress: done => print(`${name}: ${done} runs`) });
  print(`${name}: ${report.runs} runs, ${report.perSec}/s, slowest ${report.slowestMs} ms`);
  if (report.failure) {
    const { run, rule, input } = report.failure;
    fail(`${name}: run ${run}: ${rule}\n${JSON.stringify(input)}`);
  }
}

export function fail(text: string): void {
  print(text);
  process.exitCode = 1;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`--${name} wants a whole number`);
  return value;
}
