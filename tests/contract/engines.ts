/** Real engines without the rest of the system, in the bed's core; whoever starts one stops it. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pino from 'pino';
import type { Secrets, Settings } from '../../src/config/index.ts';
import { Engine, type EngineSpec, logDir } from '../../src/engines/index.ts';
import { bedSettings } from '../support/system.ts';

export const SILENT_LOG = pino({ level: 'silent' });

export interface RealEngines {
  readonly settings: Settings;
  readonly secrets: Secrets;
  /** Kills an engine's process without a word; its supervisor starts another. */
  kill(name: string): void;
  /** Of its process now. @throws Error when there is none of that name */
  pid(name: string): number;
  /** Sends any signal, like SIGSTOP. */
  signal(name: string, signal: NodeJS.Signals): void;
  close(): Promise<void>;
}

/** Starts the given engines and waits until they answer. */
export async function startEngines(
  specs: (settings: Settings, secrets: Secrets) => EngineSpec[],
): Promise<RealEngines> {
  const { settings, secrets } = bedSettings();
  mkdirSync(join(settings.dataDir, 'run'));
  mkdirSync(logDir(settings), { recursive: true });
  const observer = { onState: () => undefined, onGivenUp: () => undefined };
  const engines = specs(settings, secrets).map(
    spec => new Engine(spec, logDir(settings), observer),
  );
  await Promise.all(engines.map(engine => engine.start()));
  const pidOf = (name: string) => {
    const pid = engines.find(engine => engine.name === name)?.pid;
    if (pid === undefined) throw new Error(`no engine ${name}`);
    return pid;
  };
  const signal = (name: string, signalName: NodeJS.Signals) => {
    process.kill(pidOf(name), signalName);
  };
  return {
    settings,
    secrets,
    kill: name => signal(name, 'SIGKILL'),
    signal,
    pid: pidOf,
    close: async () => {
      await Promise.all(engines.map(engine => engine.stop()));
      rmSync(settings.dataDir, { recursive: true, force: true });
    },
  };
}
