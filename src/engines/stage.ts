import type { Settings } from '../config/index.ts';
import type { EngineSpec } from './engine.ts';
import { ownProcess } from './own-process.ts';
import { probeHttp } from './probes.ts';

/** The stage of this machine. */
export function stageEngine(settings: Settings): EngineSpec {
  return {
    name: 'stage',
    command: ownProcess('stage', settings),
    probe: signal => probeHttp(`http://127.0.0.1:${settings.stage.port}/healthz`, signal),
  };
}
