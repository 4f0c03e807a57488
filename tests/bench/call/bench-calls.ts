import { startSystem } from '../../support/system.ts';
import { describeMachine } from '../machine.ts';
import { progress } from '../table.ts';
import { measureAnswers } from './answers.ts';
import type { CallBench } from './bench.ts';
import { Codecs } from './codecs.ts';
import { measureComposed } from './composed.ts';
import { describeRemains, measureGrowth } from './growth.ts';
import { measureLoad } from './load.ts';
import { measureStorm } from './storm.ts';
import { startWatcher } from './watcher.ts';

const CONFERENCE = { name: 'Giao ban', number: '1001', alias: 'giao-ban' };
const ENGINE_PACKAGES = ['janus', 'rtpengine-daemon', 'chromium'];
const CALLS = 50;
const GROWTH_CALLS = 500;
const STORM = 24;

/** Room codecs and a laptop in one conference: speed, cost, growth. */
export async function benchCalls(options: ReadonlyMap<string, string>): Promise<void> {
  const only = options.get('only')?.split(',');
  const parts: Record<string, (bench: CallBench) => Promise<string>> = {
    answers: bench => measureAnswers(bench, Number(options.get('calls') ?? CALLS)),
    storm: bench => measureStorm(bench, STORM),
    load: measureLoad,
    composed: measureComposed,
    growth: bench => measureGrowth(bench, Number(options.get('growth-calls') ?? GROWTH_CALLS)),
  };
  await withBench(async bench => {
    console.log(`On ${describeMachine(ENGINE_PACKAGES)}:\n`);
    for (const [name, measure] of Object.entries(parts)) {
      if (only && !only.includes(name)) continue;
      console.log(`${await measure(bench)}\n`);
    }
  });
}

/** Starts all that is needed, and ends it whatever happens; the last word is what was left. */
async function withBench(use: (bench: CallBench) => Promise<void>): Promise<void> {
  progress('starting the system');
  const system = await startSystem();
  const codecs = Codecs.start();
  try {
    const { status } = await system.api('/conferences', { method: 'POST', body: CONFERENCE });
    if (status !== 201) throw new Error(`conference not made: ${status}`);
    const watcher = await startWatcher(system, CONFERENCE.alias);
    const bench = { system, codecs, conference: CONFERENCE, watcher };
    try {
      await use(bench);
    } finally {
      await watcher.close();
    }
    console.log(await describeRemains(bench));
  } finally {
    await codecs.close();
    await system.close();
  }
}
