/** A stage in a process of its own, so that its costs can be told from the test's: prints its port. */
import pino from 'pino';
import { startStage } from '../../../src/stage/server.ts';

const mediaHost = '127.0.0.1';
const stage = await startStage(
  {
    listen: { host: mediaHost, port: 0 },
    secret: 'test-secret',
    mediaHost,
    portMin: 45_000,
    portMax: 45_999,
    cpuBudgetCores: 16,
  },
  pino({ level: 'silent' }),
);
process.stdout.write(`${stage.port}\n`);
