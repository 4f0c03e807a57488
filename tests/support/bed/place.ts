import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { namespaceName, type Place } from './namespaces.ts';

/** A process in the bed; whoever started it stops it. */
export interface Placed {
  readonly process: ChildProcess;
  /** Everything it wrote so far. */
  output(): string;
  /** SIGTERM, SIGKILL after two seconds; resolves when it is gone. May be called twice. */
  stop(): Promise<void>;
}

const KILL_AFTER_MS = 2000;

/** Starts a command among the codecs. */
export function inHall(file: string, args: readonly string[], options: PlacedOptions = {}): Placed {
  return startIn('hall', file, args, options);
}

/** Starts a command among the browsers. */
export function inOffice(
  file: string,
  args: readonly string[],
  options: PlacedOptions = {},
): Placed {
  return startIn('office', file, args, options);
}

export interface PlacedOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** How a command is run in a place of this bed: put before the command. */
export function enter(place: Place): [string, ...string[]] {
  return ['ip', 'netns', 'exec', namespaceName(bedOwner(), place)];
}

/** Process that made this bed. @throws Error outside a bed */
export function bedOwner(): number {
  const pid = Number(process.env.BED_OWNER_PID);
  if (!pid) throw new Error('not in the test bed: run through tests/support/bed/run-in-bed.ts');
  return pid;
}

/** Starts a command in any place of the bed, like a phone's. */
export function startIn(
  place: Place,
  file: string,
  args: readonly string[],
  { cwd, env }: PlacedOptions = {},
): Placed {
  const command = [...enter(place), file, ...args];
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...command], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env: { ...process.env, ...env } }),
  });
  let output = '';
  const collect = (chunk: Buffer) => {
    output += chunk.toString('utf8');
  };
  child.stdout?.on('data', collect);
  child.stderr?.on('data', collect);
  const exited = once(child, 'exit');
  return { process: child, output: () => output, stop: () => stopChild(child, exited) };
}

async function stopChild(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const killer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
  await exited;
  clearTimeout(killer);
}
