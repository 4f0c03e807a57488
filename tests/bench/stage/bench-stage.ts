import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeMachine } from '../machine.ts';
import { progress } from '../table.ts';
import {
  makeClips,
  makeFlashClip,
  makeLightClips,
  PICTURE_KINDS,
  type PictureKind,
} from './clips.ts';
import { type CostOptions, measureCost, measureExtras, measureInvisible } from './cost.ts';
import { measureDelay } from './delay.ts';
import { measureMemory, measureMemoryOfInputs } from './memory.ts';
import { measureSwitch } from './switch.ts';

const COUNTS = '4,9,16,24';
const ROUNDS = 3;
const EXTRA_INPUTS = 9;
const INVISIBLE_COUNTS = [4, 12, 24];
const DELAY_COUNTS = [1, 9];
const MINUTES = 2;

interface Clips {
  readonly kind: PictureKind;
  readonly files: readonly string[];
}

/** What composing costs beside a plain `ffmpeg`, and how long a picture is on its way. */
export async function benchStage(options: ReadonlyMap<string, string>): Promise<void> {
  const only = options.get('only')?.split(',');
  const folder = mkdtempSync(join(tmpdir(), 'bench-stage-'));
  try {
    progress('encoding the clips');
    const kinds = PICTURE_KINDS.map((kind): Clips => ({ kind, files: makeClips(folder, kind) }));
    const [{ kind: small, files }, large] = kinds as [Clips, Clips];
    const cost = costOptions(options);
    const parts: Record<string, () => Promise<string>> = {
      cost: () => measureCost(kinds, cost),
      extras: () => measureExtras(small, files, EXTRA_INPUTS, cost),
      invisible: () => measureInvisible(small, files, INVISIBLE_COUNTS, cost),
      switch: () => measureSwitch(small, makeLightClips(folder, small)),
      delay: () =>
        measureDelay(small, { flash: makeFlashClip(folder, small), others: files }, DELAY_COUNTS),
      inputs: () => measureMemoryOfInputs(large.kind, large.files),
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
