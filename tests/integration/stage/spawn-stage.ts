import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Rig } from './rig.ts';

/** A stage in a process of its own; closing the rig ends it. */
export async function spawnStage(): Promise<{ child: ChildProcess; rig: Rig }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'stage-process.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (!child.stdout) throw new Error('no output');
  const [line] = await once(child.stdout, 'data');
  const close = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill();
    await ended;
  };
  return { child, rig: await Rig.with({ port: Number(line), close }) };
}
