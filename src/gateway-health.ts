import type { EngineHealth } from './calls/ports.ts';
import type { HealthView } from './contract/rest.ts';
import type { StageStatus, StageWatch } from './stage-watch.ts';
import { VERSION } from './util/version.ts';

/** The parts whose state is the gateway's own. */
export interface GatewayEngines {
  readonly sip: HasHealth;
  readonly relay: HasHealth;
  readonly bridge: HasHealth;
  readonly stage: HasHealth;
}

interface HasHealth {
  health(): EngineHealth;
}

/** How each engine is; what composing had to give up is said in words and does not count as ill. */
export async function gatewayHealth(
  engines: GatewayEngines,
  stageWatch: StageWatch,
): Promise<HealthView> {
  const status = await stageWatch.status();
  const health = engineHealth(engines);
  if (status && health.stage.ok) health.stage = { ok: true, detail: loadInWords(status.load) };
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

/** What was given up at each level of load; see `stage.status`. */
const GIVEN_UP = [
  '',
  ', so the frame rate is lowered',
  ', so frame rate and tile size are lowered',
  ', so frame rate and tile size are lowered and no new groups of codecs are composed for',
];

function loadInWords({ budgetUsed, level }: StageStatus['load']): string {
  const percent = Math.round(budgetUsed * 100);
  return `composing takes ${percent} % of its CPU budget${GIVEN_UP[level] ?? ''}`;
}
