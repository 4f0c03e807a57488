/** `npm run crash -- --times 100`: SIGKILL during writes, and what is left. */
import { parseArgs } from 'node:util';
import { crashTest } from './crash.ts';

const { values } = parseArgs({ options: { times: { type: 'string', default: '100' } } });
const times = Number(values.times);
const beganMs = performance.now();
const report = await crashTest(times, (done, { acknowledged, lost }) => {
  if (done % 10 === 0)
    print(`${done} kills, ${acknowledged} writes acknowledged, ${lost.length} lost`);
});
const seconds = ((performance.now() - beganMs) / 1000).toFixed(0);
print(
  `${report.kills} kills in ${seconds} s: ${report.acknowledged} writes acknowledged, ${report.stored} sites stored, ${report.lost.length} lost`,
);
for (const what of report.lost) print(what);
process.exitCode = report.lost.length === 0 ? 0 : 1;

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
