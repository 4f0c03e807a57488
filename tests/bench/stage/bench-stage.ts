import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeMachine } from '../machine.ts';
import { progress } from '../table.ts';
import { makeClips, makeFlashClip, PICTURE_KINDS } from './clips.ts';
import { type CostOptions, measureCost, measureExtras } from './cost.ts';
import { measureDelay } from './delay.ts';
import { measureMemory } from './memory.ts';

const COUNTS = '4,9,16,24';
const ROUNDS = 3;
const EXTRA_INPUTS = 9;
const DELAY_COUNTS = [9];
const MINUTES = 2;

/** What composing costs beside a plain `ffmpeg`, and how long a picture is on its way. */
export async function benchStage(options: ReadonlyMap<string, string>): Promise<void> {
  const only = options.get('only')?.split(',');
  const folder = mkdtempSync(join(tmpdir(), 'bench-stage-'));
  try {
    progress('encoding the clips');
    const kinds = PICTURE_KINDS.map(kind => ({ kind, files: makeClips(folder, kind) }));
    const [{ kind: small, files }] = kinds as [(typeof kinds)[number]];
    const cost = costOptions(options);
    const parts: Record<string, () => Promise<string>> = {
      cost: () => measureCost(kinds, cost),
      extras: () => measureExtras(small, files, EXTRA_INPUTS, cost),
      delay: () =>
        measureDelay(small, { flash: makeFlashClip(folder, small), others: files }, DELAY_COUNTS),
      memory: () => measureMemory(small, files, Number(options.get('minutes') ?? MINUTES)),
    };
    console.log(`On ${describeMachine(['ffmpeg'])}:\n`);
    for (const [name, measure] of Object.entries(parts))
      if (!only || only.includes(name)) console.log(`${await measure()}\n`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function costOptions(options: ReadonlyMap<string, string>): CostOptions {
  const profiles = options.get('profiles');
  return {
    counts: (options.get('inputs') ?? COUNTS).split(',').map(Number),
    rounds: Number(options.get('rounds') ?? ROUNDS),
    nodeOptions: profiles ? ['--cpu-prof', `--cpu-prof-dir=${profiles}`] : [],
  };
}
