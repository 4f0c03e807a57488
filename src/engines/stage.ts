import { availableParallelism } from 'node:os';
import type { Settings } from '../config/index.ts';
import type { EngineSpec } from './engine.ts';
import { ownProcess } from './own-process.ts';
import { probeHttp } from './probes.ts';

/** libuv's own number; fewer would make files and name look-ups wait for pictures. */
const MIN_THREADS = 4;

/** The stage of this machine; its pool has a thread for each core, so that coding can use them all. */
export function stageEngine(settings: Settings, cores = availableParallelism()): EngineSpec {
  const env = { UV_THREADPOOL_SIZE: String(Math.max(MIN_THREADS, cores)) };
  return {
    name: 'stage',
    command: ownProcess('stage', settings, env),
    probe: signal => probeHttp(`http://127.0.0.1:${settings.stage.port}/healthz`, signal),
  };
}
