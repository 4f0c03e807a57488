/**
 * Adds up vitest's JSON reports and prints `N passed, N failed`.
 * A file that could not be loaded or set up and a report that was not written count
 * as one failure each. Exit code 1 when anything failed or nothing ran.
 */
import { readFileSync } from 'node:fs';

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

const counts = process.argv.slice(2).map(countsOf);
const passed = counts.reduce((sum, count) => sum + count.passed, 0);
const failed = counts.reduce((sum, count) => sum + count.failed, 0);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;

function countsOf(file: string): { passed: number; failed: number } {
  const report = readReport(file);
  if (!report) return { passed: 0, failed: 1 };
  const unable = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some(test => test.status === 'failed'),
  );
  return { passed: report.numPassedTests, failed: report.numFailedTests + unable.length };
}

function readReport(file: string): Report | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report;
  } catch {
    return undefined; // vitest did not live to write it; the caller has printed why.
  }
}
