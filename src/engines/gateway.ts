import type { Settings } from '../config/index.ts';
import type { EngineSpec } from './engine.ts';
import { ownProcess } from './own-process.ts';
import { probeHttp } from './probes.ts';

/** Calls are ended one by one when the gateway closes. */
const STOP_TIMEOUT_MS = 10_000;

/** The gateway; healthy when it sees every engine it needs. */
export function gatewayEngine(settings: Settings): EngineSpec {
  return {
    name: 'gateway',
    command: ownProcess('gateway', settings),
    stopTimeoutMs: STOP_TIMEOUT_MS,
    probe: signal => probeHttp(`http://127.0.0.1:${settings.http.port}/healthz`, signal),
  };
}
