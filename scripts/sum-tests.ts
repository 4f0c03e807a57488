/**
 * Adds up vitest's JSON reports, names each test that failed with the first lines of why, and
 * prints `N passed, N failed`. Who sees only the end of a long log still learns what broke.
 * A file that could not be loaded or set up and a report that was not written count
 * as one failure each. Exit code 1 when anything failed or nothing ran.
 */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly status: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/** Lines printed of one failure: the message and where it stood; the log has the rest. */
const FAILURE_LINES = 6;

const counts = process.argv.slice(2).map(countsOf);
const passed = counts.reduce((sum, count) => sum + count.passed, 0);
const failed = counts.reduce((sum, count) => sum + count.failed, 0);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;

function countsOf(file: string): { passed: number; failed: number } {
  const report = readReport(file);
  if (!report) {
    console.log(`failed: ${file} was not written`);
    return { passed: 0, failed: 1 };
  }
  const unable = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some(test => test.status === 'failed'),
  );
  for (const { name, message } of unable) nameFailure(name, message);
  for (const { name, assertionResults } of report.testResults)
    for (const { status, fullName, failureMessages } of assertionResults)
      if (status === 'failed') nameFailure(`${name}: ${fullName}`, failureMessages.join('\n'));
  return { passed: report.numPassedTests, failed: report.numFailedTests + unable.length };
}

function nameFailure(what: string, why: string): void {
  console.log(`failed: ${relative(process.cwd(), what)}`);
  for (const line of why.split('\n').slice(0, FAILURE_LINES)) console.log(`    ${line}`);
}

function readReport(file: string): Report | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report;
  } catch {
    return undefined; // vitest did not live to write it; the caller has printed why.
  }
}
