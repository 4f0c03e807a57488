/**
 * The command line of every process of the project, and the only place that
 * ends a process. What a command does stands in its own folder; here are its
 * settings, its log and its end.
 */
import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { loadSecrets, loadSettings, SettingsError, stageLimits } from './config/index.ts';
import { type ServiceStart, serve, stopSignal } from './engines/service.ts';
import { startSingleEngine } from './engines/single.ts';
import { createLogger, describeError } from './observability/log.ts';

const USAGE = `diemcau <command>

  up [--demo]   everything on this machine; --demo dials in two simulated sites
  gateway       calls, conferences, REST, web pages
  sip-agent     the embedded SIP server
  stage         the pictures for room codecs
  janus         the room server with our configuration
  rtpengine     the media relay with our configuration
  setup-code    the link that makes the first administrator
  migrate       brings the database up to date and ends
  backup FILE   writes all that is stored into a file, also while the gateway runs
  restore FILE  puts what a backup holds in the place of all that is stored
  seed          fills an empty database with a district to try: --sites 24
  help          this text`;

const SERVICES: Record<string, ServiceStart> = {
  gateway: async (settings, secrets, log) => {
    const { startGateway } = await import('./gateway.ts');
    return startGateway(settings, secrets, log);
  },
  'sip-agent': async (settings, secrets, log) => {
    const { sipAgentSettings, startSipAgent } = await import('./sip-agent/index.ts');
    return startSipAgent(await sipAgentSettings(settings, secrets), log);
  },
  stage: async (settings, secrets, log) => {
    const { startStage } = await import('./stage/server.ts');
    const { port, rtpPortMin: portMin, rtpPortMax: portMax } = settings.stage;
    const listen = { host: '127.0.0.1', port };
    const secret = secrets.stageSecret;
    const limits = stageLimits(settings, availableParallelism());
    const mediaHost = settings.internalHost;
    return startStage({ listen, secret, mediaHost, portMin, portMax, ...limits }, log);
  },
  janus: (settings, secrets, log) => startSingleEngine('janus', settings, secrets, log),
  rtpengine: (settings, secrets, log) => startSingleEngine('rtpengine', settings, secrets, log),
};

process.exit(await run(process.argv.slice(2)));

async function run([command = 'help', ...options]: readonly string[]): Promise<number> {
  try {
    if (command === 'up') return await up(options);
    if (command === 'migrate') return await migrate();
    if (command === 'backup' || command === 'restore') return await copy(command, options);
    if (command === 'seed') return await seed(options);
    if (command === 'setup-code') return await printSetupLink();
    const start = Object.hasOwn(SERVICES, command) ? SERVICES[command] : undefined;
    if (start) return await serve(command, start);
    console.log(USAGE);
    return command === 'help' ? 0 : 2;
  } catch (err) {
    console.error(err instanceof SettingsError ? err.message : describeError(err));
    return 1;
  }
}

async function up(options: readonly string[]): Promise<number> {
  const unknown = options.find(option => option !== '--demo');
  if (unknown) {
    console.error(`unknown option ${unknown}\n\n${USAGE}`);
    return 2;
  }
  const settings = loadSettings(process.env);
  const secrets = loadSecrets(settings, process.env);
  const { runUp } = await import('./engines/up.ts');
  return runUp(settings, secrets, { demo: options.length > 0, signal: stopSignal() });
}

async function printSetupLink(): Promise<number> {
  const settings = loadSettings(process.env);
  const { setupLink } = await import('./engines/banner.ts');
  console.log(setupLink(settings, loadSecrets(settings, process.env)));
  return 0;
}

async function copy(
  command: 'backup' | 'restore',
  [file, ...others]: readonly string[],
): Promise<number> {
  if (file === undefined || others.length > 0) {
    console.error(`diemcau ${command} FILE\n\n${USAGE}`);
    return 2;
  }
  const settings = loadSettings(process.env);
  mkdirSync(settings.dataDir, { recursive: true });
  const { databaseOf } = await import('./store/index.ts');
  const { backUp, restore } = await import('./store/backup/index.ts');
  const store = { file: databaseOf(settings), log: createLogger(command, settings) };
  const { rows } = await (command === 'backup' ? backUp : restore)(store, file);
  console.log(`${rows} rows`);
  if (command === 'restore') console.log('Restart the gateway if it runs: it knows what was.');
  return 0;
}

async function seed(options: readonly string[]): Promise<number> {
  const settings = loadSettings(process.env);
  const secrets = loadSecrets(settings, process.env);
  const { runSeed } = await import('./seed/run.ts');
  console.log(await runSeed(options, settings, secrets, createLogger('seed', settings)));
  return 0;
}

/** Opening the store is what migrates it. */
async function migrate(): Promise<number> {
  const settings = loadSettings(process.env);
  const { databaseOf, openStore } = await import('./store/index.ts');
  mkdirSync(settings.dataDir, { recursive: true });
  const store = await openStore({
    file: databaseOf(settings),
    log: createLogger('migrate', settings),
  });
  await store.close();
  return 0;
}
