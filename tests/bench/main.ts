/**
 * Benchmarks: `npm run bench -- <name> [options]`. They print Markdown, assert
 * nothing and leave nothing. Those with media run in a test bed of their own, which
 * takes root.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { benchApi } from './api/bench-api.ts';
import { benchCalls } from './call/bench-calls.ts';
import { benchPage } from './page/bench-page.ts';
import { benchSip } from './sip/bench-sip.ts';
import { benchStage } from './stage/bench-stage.ts';

const USAGE = `npm run bench -- call [--only answers,storm,load,composed,growth] [--calls 50] [--growth-calls 500]
npm run bench -- page [--sites 24] [--browsers 10] [--rounds 2] [--seconds 60] [--minutes 10] [--profiles folder]
npm run bench -- sip [--count 20000]
npm run bench -- api [--requests 3000] [--changes 20]
npm run bench -- stage [--only cost,extras,invisible,switch,delay,inputs,memory]
                      [--inputs 4,9,16,24] [--rounds 3] [--minutes 2] [--profiles folder]`;
const RUN_IN_BED = join(import.meta.dirname, '../support/bed/run-in-bed.ts');

interface BenchEntry {
  /** Whether it needs networks of its own; else it stays on loopback. */
  readonly inBed: boolean;
  readonly run: (options: ReadonlyMap<string, string>) => Promise<void>;
}

const BENCHES: Record<string, BenchEntry> = {
  api: { inBed: false, run: benchApi },
  call: { inBed: true, run: benchCalls },
  page: { inBed: true, run: benchPage },
  sip: { inBed: false, run: benchSip },
  stage: { inBed: false, run: benchStage },
};

process.exit(await run(process.argv.slice(2)));

async function run([name = '', ...args]: readonly string[]): Promise<number> {
  const bench = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
  if (!bench) {
    console.error(USAGE);
    return 2;
  }
  if (bench.inBed && process.env.BED_OWNER_PID === undefined) return againInBed();
  await bench.run(readOptions(args));
  return 0;
}

function againInBed(): number {
  const again = [RUN_IN_BED, process.execPath, ...process.argv.slice(1)];
  return spawnSync(process.execPath, again, { stdio: 'inherit' }).status ?? 1;
}

/** `--name value` pairs. @throws Error for anything else */
function readOptions(args: readonly string[]): Map<string, string> {
  const options = new Map<string, string>();
  for (let at = 0; at < args.length; at += 2) {
    const [name = '', value] = args.slice(at);
    if (!name.startsWith('--') || value === undefined) throw new Error(`${USAGE}\nnot ${name}`);
    options.set(name.slice(2), value);
  }
  return options;
}
