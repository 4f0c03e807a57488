/**
 * Reporter of vitest: appends a line `<seconds> <file>` for each file of a run to the file that
 * TEST_FILE_TIMES names. Unlike in vitest's JSON report, what is set up and taken down counts.
 */
import { appendFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

export default class FileTimes implements Reporter {
  onTestModuleEnd(module: TestModule): void {
    const target = process.env.TEST_FILE_TIMES;
    if (target === undefined) return;
    const { duration, collectDuration } = module.diagnostic();
    const seconds = ((duration + collectDuration) / 1000).toFixed(1);
    appendFileSync(target, `${seconds} ${module.relativeModuleId}\n`);
  }
}
