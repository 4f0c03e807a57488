import { statfs } from 'node:fs/promises';
import { certificatesInUse, type Settings } from './config/index.ts';
import type { HealthView } from './contract/rest.ts';
import type { SystemView } from './contract/system.ts';
import type { StageWatch } from './stage-watch.ts';
import type { DatabaseFacts } from './store/facts.ts';
import type { MachineWatch } from './util/machine.ts';
import { VERSION } from './util/version.ts';

export interface SystemParts {
  readonly settings: Settings;
  readonly startedAtMs: number;
  readonly machine: MachineWatch;
  readonly stageWatch: Pick<StageWatch, 'status'>;
  readonly relay: { ports(): Promise<PortUse | undefined> };
  readonly store: { facts(): Promise<DatabaseFacts> };
  readonly health: () => Promise<HealthView>;
}

interface PortUse {
  readonly used: number;
  readonly of: number;
}

/** What the technician looks at first. */
export async function gatewaySystem(parts: SystemParts): Promise<SystemView> {
  const { settings, startedAtMs, machine, store, health } = parts;
  return {
    version: VERSION,
    startedAtMs,
    health: await health(),
    machine: { ...machine.load(), diskFreeBytes: await diskFreeBytes(settings.dataDir) },
    ports: await portsInUse(parts),
    certificates: certificatesInUse(settings),
    database: await store.facts(),
  };
}

/** Of the relay and the stage; Janus does not tell of its own. */
async function portsInUse({ settings, stageWatch, relay }: SystemParts) {
  const { rtpPortMin, rtpPortMax } = settings.stage;
  const status = await stageWatch.status();
  const stage = status && { used: status.openSockets, of: rtpPortMax - rtpPortMin + 1 };
  const all = { rtpengine: await relay.ports(), stage };
  return Object.entries(all).flatMap(([name, use]) => (use ? [{ name, ...use }] : []));
}

async function diskFreeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
