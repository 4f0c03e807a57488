/** A stage in a process of its own that gives nothing up, however much it costs: prints its port. */
import pino from 'pino';
import { startStage } from '../../../src/stage/server.ts';
import { BENCH_SECRET } from './hall-contract.ts';

const UNLIMITED_CORES = 1_000;
const mediaHost = '127.0.0.1';
const stage = await startStage(
  {
    listen: { host: mediaHost, port: 0 },
    secret: BENCH_SECRET,
    mediaHost,
    portMin: 47_000,
    portMax: 47_999,
    cpuBudgetCores: UNLIMITED_CORES,
  },
  pino({ level: 'warn' }, pino.destination(2)),
);
process.stdout.write(`${stage.port}\n`);
process.once('SIGTERM', () => void stage.close().then(() => process.exit()));
