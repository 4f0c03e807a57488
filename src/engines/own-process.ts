import { join } from 'node:path';
import { CONFIG_VARIABLE, ROOT_DIR, SECRET_VARIABLES, type Settings } from '../config/index.ts';
import type { Command } from './child.ts';

/** The processes of this repository that `up` starts. */
export type OwnProcess = 'gateway' | 'sip-agent' | 'stage';

/**
 * Where Node keeps what it made of our TypeScript; with it a process needs 30 MB
 * less, since the compiler is not loaded. Node goes on without when it cannot write.
 */
const COMPILE_CACHE = join(ROOT_DIR, 'node_modules', '.cache', 'diemcau');

/** How Node runs each process of ours: what it costs is measured with these as well. */
export const OWN_NODE = {
  /**
   * Half of V8's nursery, in MB. By itself it grows to 16 and more, which costs a
   * process 100 MB for nothing: what a call leaves behind fits into 4.
   */
  flags: ['--max-semi-space-size=4'],
  env: { NODE_COMPILE_CACHE: COMPILE_CACHE },
} as const;

/** The file with the settled settings, from which every own process starts. */
export function settledSettingsFile({ dataDir }: Settings): string {
  return join(dataDir, 'run', 'settings.json');
}

/**
 * `diemcau <name>` with the Node that runs us; it reads the settled settings and nothing else.
 *
 * @param env what else it gets where our own environment does not say otherwise
 */
export function ownProcess(
  name: OwnProcess,
  settings: Settings,
  env: Readonly<Record<string, string>> = {},
): Command {
  return {
    file: process.execPath,
    args: [...OWN_NODE.flags, join(ROOT_DIR, 'src', 'main.ts'), name],
    env: {
      ...OWN_NODE.env,
      ...env,
      ...inherited(),
      [CONFIG_VARIABLE]: settledSettingsFile(settings),
    },
    orphanSignal: 'SIGTERM',
  };
}

/** Our environment without settings, which are settled already, but with secrets given by it. */
function inherited(): Record<string, string> {
  const secrets = new Set<string>(Object.values(SECRET_VARIABLES));
  const entries = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return Object.fromEntries(
    entries.filter(([name]) => !name.startsWith('DIEMCAU_') || secrets.has(name)),
  );
}
