import { join } from 'node:path';
import type { Settings } from '../config/index.ts';
import type { EngineSpec } from './engine.ts';
import { PRIORITIES } from './priority.ts';
import { probeRtpengine } from './probes.ts';

/** The gateway judges silence; this only sweeps what a gateway that was killed has left. */
const SWEEP_SEC = 24 * 3600;
const UNANSWERED_SWEEP_SEC = 3600;

const LOG_LEVELS: Record<Settings['logLevel'], number> = {
  trace: 7,
  debug: 6,
  info: 5,
  warn: 4,
  error: 3,
  fatal: 2,
  silent: 0,
};

/** rtpengine in user space, without its file in `/etc` and without the kernel module. */
export function rtpengineEngine(settings: Settings): EngineSpec {
  const { media } = settings;
  return {
    name: 'rtpengine',
    command: {
      file: 'rtpengine',
      args: rtpengineArguments(settings),
      orphanSignal: 'SIGKILL',
      priority: PRIORITIES.relay,
    },
    probe: signal => probeRtpengine(media.ngHost, media.ngPort, signal),
  };
}

/** `ext` faces endpoints and browsers, `int` the other engines. */
function rtpengineArguments({ publicHost, internalHost, media, dataDir, logLevel }: Settings) {
  return [
    '--config-file=none',
    '--foreground',
    '--log-stderr',
    '--no-log-timestamps',
    `--log-level=${LOG_LEVELS[logLevel]}`,
    '--table=-1',
    '--no-fallback',
    `--pidfile=${join(dataDir, 'run', 'rtpengine.pid')}`,
    `--interface=ext/${publicHost}`,
    `--interface=int/${internalHost}`,
    `--listen-ng=${media.ngHost}:${media.ngPort}`,
    `--port-min=${media.rtpPortMin}`,
    `--port-max=${media.rtpPortMax}`,
    `--timeout=${SWEEP_SEC}`,
    `--silent-timeout=${SWEEP_SEC}`,
    `--offer-timeout=${UNANSWERED_SWEEP_SEC}`,
    '--delete-delay=0',
    `--num-threads=${media.threads}`,
  ];
}
