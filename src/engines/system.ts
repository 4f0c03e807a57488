import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Secrets, type Settings, writePrivateFile } from '../config/index.ts';
import { Cleanup } from '../util/cleanup.ts';
import { Engine, type EngineObserver, type EngineSpec } from './engine.ts';
import { checkPortsAreFree, isOnThisMachine } from './free-ports.ts';
import { gatewayEngine } from './gateway.ts';
import { janusEngine } from './janus.ts';
import { settledSettingsFile } from './own-process.ts';
import { rtpengineEngine } from './rtpengine.ts';
import { sipAgentEngine } from './sip-agent.ts';
import { stageEngine } from './stage.ts';

/** Everything that runs on this machine for one gateway. */
export interface System {
  readonly engines: readonly Engine[];
  /** Stops all, the gateway first; resolves with what went wrong. May be called twice. */
  close(): Promise<Error[]>;
}

/** Folder of the engines' log files. */
export function logDir({ dataDir }: Settings): string {
  return join(dataDir, 'log');
}

/**
 * Starts the engines that are to run on this machine and waits until each is
 * healthy; the gateway comes last, since it looks for the others.
 *
 * @throws SettingsError when a port is taken, EngineError when an engine does
 *   not start or `signal` fires; what had been started is stopped before
 */
export async function startSystem(
  settings: Settings,
  secrets: Secrets,
  observer: EngineObserver,
  signal?: AbortSignal,
): Promise<System> {
  await checkPortsAreFree(settings);
  mkdirSync(join(settings.dataDir, 'run'), { recursive: true });
  writePrivateFile(settledSettingsFile(settings), JSON.stringify(settings, null, 2));
  const cleanup = new Cleanup();
  const engines: Engine[] = [];
  const onAbort = () => void cleanup.close(); // Makes the start below fail at once.
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    for (const group of startOrder(settings, secrets)) {
      const started = group.map(spec => new Engine(spec, logDir(settings), observer));
      engines.push(...started);
      cleanup.add(group.map(spec => spec.name).join(', '), () => stopAll(started));
      await startAll(started);
    }
  } catch (err) {
    await cleanup.close();
    throw err;
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
  return { engines, close: () => cleanup.close() };
}

/** Groups that start together, one after the other. */
function startOrder(settings: Settings, secrets: Secrets): EngineSpec[][] {
  const { media, rooms, sip, stage } = settings;
  const engines: EngineSpec[] = [];
  if (isOnThisMachine(media.ngHost)) engines.push(rtpengineEngine(settings));
  if (!rooms.url) engines.push(janusEngine(settings, secrets));
  const own: EngineSpec[] = [];
  if (!stage.url) own.push(stageEngine(settings));
  if (sip.server.kind === 'embedded') own.push(sipAgentEngine(settings, sip.server.appPort));
  return [engines, own, [gatewayEngine(settings)]];
}

/** Waits for all, so that nothing is still starting when the first failure is thrown. */
async function startAll(engines: readonly Engine[]): Promise<void> {
  const results = await Promise.allSettled(engines.map(engine => engine.start()));
  const failed = results.find(result => result.status === 'rejected');
  if (failed) throw failed.reason;
}

async function stopAll(engines: readonly Engine[]): Promise<void> {
  await Promise.all(engines.map(engine => engine.stop()));
}
