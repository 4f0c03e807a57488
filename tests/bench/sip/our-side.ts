import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSecrets, loadSettings, ROOT_DIR } from '../../../src/config/index.ts';
import { Cleanup } from '../../../src/util/cleanup.ts';
import { FOREIGN_SERVER, startServer } from '../../integration/sip-agent/support/server.ts';
import { pause } from '../call/bench.ts';
import { type Contender, DEVICES, end, ON_SERVER_CORE, PASSWORD, username } from './contender.ts';

const HOST = '127.0.0.1';
const START_TIMEOUT_MS = 20_000;
/** Below the ports of media and those that the system gives out. */
const LOWEST_PORT = 12_000;
const PLACES = 500;

/** The embedded agent, or the drachtio-server that DIEMCAU_TEST_DRACHTIO names. */
export type SipServerKind = 'embedded' | 'drachtio';
/** The whole gateway, without media engines; or an application that answers calls and no more. */
export type AppKind = 'gateway' | 'call-app';

/** Which SIP servers of ours there are to measure. */
export function sipServerKinds(): readonly SipServerKind[] {
  return FOREIGN_SERVER ? ['embedded', 'drachtio'] : ['embedded'];
}

/** One of our SIP servers with one of the applications; the caller closes. */
export async function startOurs(server: SipServerKind, app: AppKind): Promise<Contender> {
  const cleanup = new Cleanup();
  const close = () => cleanup.close().then(() => undefined);
  try {
    return { ...(await start(server, app, cleanup)), close };
  } catch (err) {
    await close();
    throw err;
  }
}

async function start(server: SipServerKind, app: AppKind, cleanup: Cleanup) {
  const dataDir = mkdtempSync(join(tmpdir(), 'bench-sip-'));
  cleanup.add('data folder', () => rmSync(dataDir, { recursive: true }));
  const env = environment(dataDir);
  const settings = loadSettings(env, { rootDir: dataDir });
  const secrets = loadSecrets(settings, {});
  const http = `http://${HOST}:${settings.http.port}`;

  const where =
    server === 'embedded'
      ? await startAgent(env, cleanup, secrets.sipAppSecret)
      : await foreignServer(cleanup);
  const appEnv =
    server === 'embedded'
      ? env
      : {
          ...env,
          DIEMCAU_SIP_SERVER: `${where.app.host}:${where.app.port}`,
          DIEMCAU_SIP_SECRET: where.app.secret,
        };
  const appPid =
    app === 'gateway'
      ? await startGateway(appEnv, http, secrets.adminToken, cleanup)
      : await startCallApp(where.app, cleanup);
  return {
    name: `${server === 'embedded' ? 'embedded agent' : 'drachtio-server'} + ${app === 'gateway' ? 'gateway' : 'small application'}`,
    sip: where.sip,
    serverPids: where.pids,
    appPids: [appPid],
  };
}

function environment(dataDir: string): Record<string, string> {
  const base = LOWEST_PORT + 10 * Math.floor(Math.random() * PLACES);
  const [sip, app, http, https, ng, rooms, stage] = [0, 1, 2, 3, 4, 5, 6].map(n => base + n);
  return {
    DIEMCAU_PUBLIC_HOST: HOST,
    DIEMCAU_DATA_DIR: dataDir,
    DIEMCAU_LOG_LEVEL: 'warn',
    DIEMCAU_SIP_PORT: String(sip),
    DIEMCAU_SIP_TLS_ENABLED: 'false',
    DIEMCAU_SIP_SERVER_APP_PORT: String(app),
    DIEMCAU_SIP_GUARD_TRUSTED: HOST,
    DIEMCAU_HTTP_PORT: String(http),
    DIEMCAU_HTTPS_PORT: String(https),
    // Nobody is there: what is measured needs no media.
    DIEMCAU_MEDIA_NG_PORT: String(ng),
    DIEMCAU_ROOMS_WS_PORT: String(rooms),
    DIEMCAU_STAGE_PORT: String(stage),
  };
}

async function startAgent(env: Record<string, string>, cleanup: Cleanup, secret: string) {
  const agent = diemcau('sip-agent', env);
  cleanup.add('sip agent', () => end(agent));
  return {
    sip: { host: HOST, port: Number(env.DIEMCAU_SIP_PORT) },
    app: { host: HOST, port: Number(env.DIEMCAU_SIP_SERVER_APP_PORT), secret },
    pids: [agent.pid ?? 0],
  };
}

/** Its processes are found by the port they listen on, if they are on this machine. */
async function foreignServer(cleanup: Cleanup) {
  const { sip, app, close } = await startServer();
  cleanup.add('drachtio-server', close);
  const listening = execFileSync('ss', ['-Hltnp', `sport = :${app.port}`], { encoding: 'utf8' });
  return { sip, app, pids: [...listening.matchAll(/pid=(\d+)/g)].map(([, pid]) => Number(pid)) };
}

async function startGateway(
  env: Record<string, string>,
  http: string,
  adminToken: string,
  cleanup: Cleanup,
): Promise<number> {
  const gateway = diemcau('gateway', env);
  cleanup.add('gateway', () => end(gateway));
  await becomes(() => isSipConnected(http));
  const headers = { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' };
  for (let device = 0; device < DEVICES; device += 1) {
    const endpoints = [{ sipUsername: username(device), sipPassword: PASSWORD }];
    const body = JSON.stringify({ name: `Xã ${device + 1}`, endpoints });
    const { status } = await fetch(`${http}/api/v1/sites`, { method: 'POST', headers, body });
    if (status !== 201) throw new Error(`site not made: ${status}`);
  }
  return gateway.pid ?? 0;
}

async function isSipConnected(http: string): Promise<boolean> {
  const response = await fetch(`${http}/healthz`).catch(() => undefined);
  const health = (await response?.json()) as { engines?: Record<string, { ok: boolean }> };
  return health?.engines?.['sip-agent']?.ok === true;
}

async function startCallApp(
  { host, port, secret }: { host: string; port: number; secret: string },
  cleanup: Cleanup,
): Promise<number> {
  const file = join(import.meta.dirname, 'call-app.ts');
  const command = [...ON_SERVER_CORE, process.execPath, file, host, String(port), secret];
  const [name = '', ...args] = command;
  const app = spawn(name, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  cleanup.add('call application', () => end(app));
  await once(app, 'message', { signal: AbortSignal.timeout(START_TIMEOUT_MS) });
  return app.pid ?? 0;
}

function diemcau(process_: string, env: Record<string, string>): ChildProcess {
  const main = join(ROOT_DIR, 'src', 'main.ts');
  const [name = '', ...args] = [...ON_SERVER_CORE, process.execPath, main, process_];
  return spawn(name, args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { PATH: process.env.PATH ?? '', ...env },
  });
}

/** @throws Error when it does not within the time a start takes */
async function becomes(isSo: () => Promise<boolean>): Promise<void> {
  const untilMs = performance.now() + START_TIMEOUT_MS;
  while (!(await isSo())) {
    if (performance.now() > untilMs) throw new Error('not started in time');
    await pause(100);
  }
}
