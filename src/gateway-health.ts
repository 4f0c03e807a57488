import type { EngineHealth, StagePort } from './calls/ports.ts';
import type { HealthView } from './contract/rest.ts';
import type { StageResult } from './contract/stage.ts';
import { VERSION } from './util/version.ts';

/** The parts whose state is the gateway's own. */
export interface GatewayEngines {
  readonly sip: HasHealth;
  readonly relay: HasHealth;
  readonly bridge: HasHealth;
  readonly stage: StagePort;
}

interface HasHealth {
  health(): EngineHealth;
}

export type StageStatus = StageResult<'stage.status'>;

/** Below the patience of those who ask for our health. */
const STATUS_TIMEOUT_MS = 1000;

/** How each engine is; what composing had to give up is said in words and does not count as ill. */
export async function gatewayHealth(engines: GatewayEngines): Promise<HealthView> {
  const health = engineHealth(engines);
  const status = await stageStatus(engines.stage);
  if (status) health.stage = { ...health.stage, detail: loadInWords(status.load) };
  const ok = Object.values(health).every(engine => engine.ok);
  return { status: ok ? 'ok' : 'degraded', version: VERSION, engines: health };
}

export function engineHealth({ sip, relay, bridge, stage }: GatewayEngines) {
  return {
    'sip-agent': sip.health(),
    rtpengine: relay.health(),
    janus: bridge.health(),
    stage: stage.health(),
  };
}

/** Undefined when the stage is away or does not say in time, which its own health tells. */
export async function stageStatus(stage: StagePort): Promise<StageStatus | undefined> {
  if (!stage.health().ok) return undefined;
  const signal = AbortSignal.timeout(STATUS_TIMEOUT_MS);
  return await stage.request('stage.status', {}, signal).catch(() => undefined); // told as unknown
}

/** What was given up at each level of load; see `stage.status`. */
const GIVEN_UP = [
  '',
  ', so the frame rate is lowered',
  ', so frame rate and tile size are lowered',
  ', so frame rate and tile size are lowered and no new groups of codecs are composed for',
];

export function loadInWords({ budgetUsed, level }: StageStatus['load']): string {
  const percent = Math.round(budgetUsed * 100);
  return `composing takes ${percent} % of its CPU budget${GIVEN_UP[level] ?? ''}`;
}
