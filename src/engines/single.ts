import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Secrets, Settings } from '../config/index.ts';
import { Engine, type EngineObserver } from './engine.ts';
import { janusEngine } from './janus.ts';
import { rtpengineEngine } from './rtpengine.ts';
import { logDir } from './system.ts';

/**
 * One engine with our configuration as the only child of this process: how a
 * container runs it.
 * @throws EngineError when it does not start
 */
export async function startSingleEngine(
  name: 'janus' | 'rtpengine',
  settings: Settings,
  secrets: Secrets,
  log: Logger,
): Promise<{ close(): Promise<void> }> {
  mkdirSync(join(settings.dataDir, 'run'), { recursive: true });
  const spec = name === 'janus' ? janusEngine(settings, secrets) : rtpengineEngine(settings);
  const engine = new Engine(spec, logDir(settings), observerOf(log));
  await engine.start();
  return { close: () => engine.stop() };
}

/** A container is restarted from outside: what is given up ends the process. */
function observerOf(log: Logger): EngineObserver {
  return {
    onState: (engine, state, detail) => log.info({ engine, state, detail }, 'engine state'),
    onGivenUp: error => {
      log.fatal({ err: error, tail: error.tail }, 'engine given up');
      process.kill(process.pid, 'SIGTERM');
    },
  };
}
