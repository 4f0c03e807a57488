import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import pino from 'pino';
import { type Gateway, startGateway } from '../../src/gateway.ts';
import type { TestSystem } from './system.ts';

/**
 * Runs the system's gateway in this process instead, so that a test can ask it for what has no
 * address in the API; again after `close` it is a gateway that was restarted. The caller
 * closes it before the system.
 */
export async function takeOverGateway(system: TestSystem): Promise<Gateway> {
  await system.engine('gateway').stop();
  const { settings, secrets } = system;
  const file = createWriteStream(join(settings.dataDir, 'log', 'own-gateway.log'), { flags: 'a' });
  return startGateway(settings, secrets, pino({ level: settings.logLevel }, file));
}
