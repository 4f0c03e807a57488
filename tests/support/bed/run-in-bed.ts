/**
 * Runs a command in the core of a fresh test bed and takes the bed away
 * afterwards, whatever happened: `node run-in-bed.ts <command> [arguments]`.
 * Needs root. Start reading at `namespaces.ts`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createBed, namespaceName, removeBed, sweepStaleBeds } from './namespaces.ts';

/** Tells the helpers in `place.ts` whose bed they are in. */
const OWNER_VARIABLE = 'BED_OWNER_PID';

process.exit(await runInBed(process.argv.slice(2)));

async function runInBed([file, ...args]: readonly string[]): Promise<number> {
  if (!file) throw new Error('usage: run-in-bed.ts <command> [arguments]');
  const stop = stopSignal();
  await sweepStaleBeds();
  try {
    createBed(process.pid);
    return await run(file, args, stop);
  } finally {
    await removeBed(process.pid);
  }
}

async function run(file: string, args: readonly string[], stop: AbortSignal): Promise<number> {
  const core = namespaceName(process.pid, 'core');
  const child = spawn(
    'setpriv',
    ['--pdeathsig', 'KILL', 'ip', 'netns', 'exec', core, file, ...args],
    { stdio: 'inherit', env: { ...process.env, [OWNER_VARIABLE]: String(process.pid) } },
  );
  stop.addEventListener('abort', () => child.kill('SIGTERM'), { once: true });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}

function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => controller.abort());
  }
  return controller.signal;
}
