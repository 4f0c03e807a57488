import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSecrets, loadSettings, type Secrets, type Settings } from '../../src/config/index.ts';
import {
  type Engine,
  EngineError,
  type EngineObserver,
  startSystem as startEngines,
} from '../../src/engines/index.ts';
import { CORE_HOST } from './bed/namespaces.ts';

/** The answer of one REST request; `body` is the parsed JSON, undefined when empty. */
export interface ApiReply {
  readonly status: number;
  readonly body: unknown;
}

/** The whole system, running in the bed's core. */
export interface TestSystem {
  readonly settings: Settings;
  readonly secrets: Secrets;
  readonly adminToken: string;
  /** `https://…`, as browsers of the office see it. */
  readonly browserUrl: string;
  /** A request to `/api/v1<path>` with the admin token. */
  api(path: string, options?: { method?: string; body?: unknown }): Promise<ApiReply>;
  /** A supervised process, to look at or to kill. @throws Error when there is none of that name */
  engine(name: string): Engine;
  /** Every engine's log by its name. */
  logs(): Record<string, string>;
  /** Stops everything and removes the data folder. May be called twice. */
  close(): Promise<void>;
}

const AMPLE_CORES = '8';
const SILENT: EngineObserver = { onState: () => undefined, onGivenUp: () => undefined };

/**
 * Starts Janus, rtpengine, sip-agent, stage and gateway in the bed with a data
 * folder of their own; the caller closes.
 *
 * @param overrides environment variables like `{ DIEMCAU_MEDIA_SILENT_TIMEOUT_MS: '2000' }`
 * @throws Error with the end of the log of the engine that does not start
 */
export async function startSystem(
  overrides: Readonly<Record<string, string>> = {},
): Promise<TestSystem> {
  const { settings, secrets } = bedSettings(overrides);
  try {
    const system = await startEngines(settings, secrets, SILENT);
    return testSystem(settings, secrets, system);
  } catch (err) {
    const tail = err instanceof EngineError ? `\n${err.tail.join('\n')}` : '';
    rmSync(settings.dataDir, { recursive: true, force: true });
    throw new Error(`the system does not start: ${String(err)}${tail}`, { cause: err });
  }
}

/** Settings and secrets for the bed, in a fresh data folder that the caller removes. */
export function bedSettings(overrides: Readonly<Record<string, string>> = {}) {
  const dataDir = mkdtempSync(join(tmpdir(), 'diemcau-test-'));
  const env = {
    DIEMCAU_PUBLIC_HOST: CORE_HOST,
    DIEMCAU_DATA_DIR: dataDir,
    // What halls see must not depend on what else this machine does.
    DIEMCAU_STAGE_CPU_BUDGET: AMPLE_CORES,
    ...overrides,
  };
  // The data folder as root: a developer's own config/diemcau.yaml stays out.
  const settings = loadSettings(env, { rootDir: dataDir });
  return { settings, secrets: loadSecrets(settings, {}) };
}

function testSystem(
  settings: Settings,
  secrets: Secrets,
  system: Awaited<ReturnType<typeof startEngines>>,
): TestSystem {
  const { http, publicHost, dataDir } = settings;
  return {
    settings,
    secrets,
    adminToken: secrets.adminToken,
    browserUrl: `https://${publicHost}:${http.httpsPort}`,
    api: (path, options = {}) => request(settings, secrets, path, options),
    engine: name => {
      const found = system.engines.find(engine => engine.name === name);
      if (!found) throw new Error(`no engine ${name}`);
      return found;
    },
    logs: () => readLogs(join(dataDir, 'log')),
    close: async () => {
      const failures = await system.close();
      rmSync(dataDir, { recursive: true, force: true });
      if (failures.length > 0) throw new AggregateError(failures, 'the system does not stop');
    },
  };
}

async function request(
  { publicHost, http }: Settings,
  { adminToken }: Secrets,
  path: string,
  { method = 'GET', body }: { method?: string; body?: unknown },
): Promise<ApiReply> {
  const response = await fetch(`http://${publicHost}:${http.port}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

function readLogs(folder: string): Record<string, string> {
  const names = readdirSync(folder).filter(name => name.endsWith('.log'));
  return Object.fromEntries(
    names.map(name => [name.replace(/\.log$/, ''), readFileSync(join(folder, name), 'utf8')]),
  );
}
