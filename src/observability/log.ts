/**
 * The one place that makes a logger: JSON lines on stdout, secrets removed.
 *
 * Every other folder gets a `Logger` handed down and grows it with `child`.
 */
import { type DestinationStream, type Logger, pino } from 'pino';
import type { LogLevelName } from '../config/index.ts';
import { logOutput } from './log-output.ts';

export { describeError } from './describe-error.ts';

export interface LogSettings {
  readonly logLevel: LogLevelName;
  readonly logPersonalData: boolean;
}

const STDOUT_FD = 1;

/** Never in a log, at the top of a line or one level below it. */
const SECRET_FIELDS = [
  'authorization',
  'Authorization',
  'proxyAuthorization',
  'cookie',
  'password',
  'sipPassword',
  'secret',
  'token',
  'adminToken',
  'pin',
  'setupCode',
  'apisecret',
  'admin_key',
];

/**
 * The root logger of a process.
 * @param processName `gateway`, `sip-agent` or `stage`; in every line
 * @param destination where lines go; stdout unless a test wants to read them
 */
export function createLogger(
  processName: string,
  { logLevel, logPersonalData }: LogSettings,
  destination: DestinationStream = logOutput(STDOUT_FD),
): Logger {
  const options = {
    level: logLevel,
    base: { process: processName },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: hiddenPaths(logPersonalData), remove: true },
  };
  return pino(options, destination);
}

function hiddenPaths(logPersonalData: boolean): string[] {
  const secrets = SECRET_FIELDS.flatMap(field => [field, `*.${field}`, `*.headers.${field}`]);
  return logPersonalData ? secrets : [...secrets, 'pii'];
}
