import { once } from 'node:events';
import type { Logger } from 'pino';
import { loadSecrets, loadSettings, redact, type Secrets, type Settings } from '../config/index.ts';
import { createLogger } from '../observability/log.ts';
import { abortable, asError, withTimeout } from '../util/abort.ts';

/** What a long-running part hands back. */
interface Running {
  close(): Promise<unknown>;
}

export type ServiceStart = (settings: Settings, secrets: Secrets, log: Logger) => Promise<Running>;

/** A part that does not close in this time ends with the process. */
const CLOSE_TIMEOUT_MS = 9000;

/**
 * Runs one part of the program as this process until SIGTERM or SIGINT;
 * resolves with the exit code.
 * @throws SettingsError when the settings cannot be used
 */
export async function serve(name: string, start: ServiceStart): Promise<number> {
  const settings = loadSettings(process.env);
  const secrets = loadSecrets(settings, process.env);
  const log = createLogger(name, settings);
  const signal = stopSignal();
  try {
    log.info({ settings: redact(settings) }, 'starting');
    const running = await start(settings, secrets, log);
    outliveSurprises(log);
    log.info('started');
    if (!signal.aborted) await once(signal, 'abort');
    log.info('stopping');
    await abortable(running.close(), withTimeout(CLOSE_TIMEOUT_MS));
    log.info('stopped');
    return 0;
  } catch (err) {
    log.fatal({ err: asError(err) }, 'process failed');
    return 1;
  }
}

/** Fires on the first SIGTERM or SIGINT; the second one ends the process the usual way. */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.once(name, () => controller.abort(new Error(`stopped by ${name}`)));
  }
  return controller.signal;
}

/**
 * An error nobody caught is a bug to look at, but ending here would end every
 * conference for one bad message: it is logged and the process goes on.
 */
function outliveSurprises(log: Logger): void {
  process.on('uncaughtException', err => log.error({ err }, 'uncaught error'));
  process.on('unhandledRejection', err => log.error({ err: asError(err) }, 'unhandled rejection'));
}
