import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  loadSettings,
  ROOT_DIR,
  redact,
  roomServerUrl,
  type Settings,
  SettingsError,
  stageLimits,
  stageUrl,
} from '../../../src/config/index.ts';

describe('settings', () => {
  let rootDir: string;

  beforeEach(() => {
    rootDir = mkdtempSync(join(tmpdir(), 'settings-'));
    mkdirSync(join(rootDir, 'config'));
  });

  afterEach(() => rmSync(rootDir, { recursive: true, force: true }));

  const load = (env: Record<string, string> = {}): Settings =>
    loadSettings({ DIEMCAU_PUBLIC_HOST: '192.0.2.1', ...env }, { rootDir });

  const writeFile = (yaml: string, name = 'config/diemcau.yaml') =>
    writeFileSync(join(rootDir, name), yaml);

  /** What the start would print. */
  const complaint = (env: Record<string, string> = {}): string => {
    try {
      load(env);
    } catch (err) {
      if (err instanceof SettingsError) return err.message;
      throw err;
    }
    return 'no complaint';
  };

  test('defaults are complete without file and environment', () => {
    expect(load()).toMatchObject({
      publicHost: '192.0.2.1',
      dataDir: join(rootDir, 'var'),
      http: { port: 8080, httpsPort: 8443 },
      sip: { port: 5060, server: { kind: 'embedded' } },
    });
  });

  test('the environment wins over the file, the file over defaults', () => {
    writeFile('http: { port: 8081, httpsPort: 8444 }\nlogLevel: debug\n');
    const { http, logLevel } = load({ DIEMCAU_HTTP_PORT: '8082' });
    expect(http).toEqual({ port: 8082, httpsPort: 8444 });
    expect(logLevel).toBe('debug');
  });

  test('the file may be elsewhere, but then it must exist', () => {
    writeFile('logLevel: warn', 'other.yaml');
    expect(load({ DIEMCAU_CONFIG: 'other.yaml' }).logLevel).toBe('warn');
    expect(complaint({ DIEMCAU_CONFIG: 'missing.yaml' })).toContain('missing.yaml');
  });

  test.each(['', '# nothing\n', '---\n'])('an empty file (%j) changes nothing', yaml => {
    writeFile(yaml);
    expect(load().http.port).toBe(8080);
  });

  test.each([
    ['colour: blue', 'setting colour: unknown key'],
    ['media: { rtpPortMinimum: 1 }', 'setting media.rtpPortMinimum: unknown key'],
    ['sip: { server: { kind: embedded, host: x } }', 'setting sip.server.host: unknown key'],
    ['sip: { port: "5060" }', 'setting sip.port: '],
    ['- a list', 'must hold keys and values'],
    ['http: { port: 8080', 'diemcau.yaml: '],
    ['media: { rtpPortMin: 35000 }', 'setting media.rtpPortMin: 35000 is above the range'],
    ['http: { certFile: a.pem }', 'setting http.keyFile: certFile and keyFile go together'],
    ['sip: { registrationMinSec: 9999 }', 'setting sip.registrationMinSec: must not be above'],
    ['publicHost: gateway.example', 'setting publicHost: must be an IPv4 address'],
    ['rooms: { audioSamplingRateHz: 44100 }', 'rooms.audioSamplingRateHz: must be 8000, 16000'],
    ['stage: { maxPictureHeight: 2160 }', 'stage.maxPictureHeight: must be 720 or 1080'],
    ['stage: { maxFps: 60 }', 'stage.maxFps: must be 25 or 30'],
    ['stage: { cpuBudget: 0 }', 'setting stage.cpuBudget: '],
    ['stage: { names: never }', 'setting stage.names: '],
  ])('the file %j stops the start', (yaml, message) => {
    writeFile(yaml);
    const env = yaml.startsWith('publicHost') ? { DIEMCAU_PUBLIC_HOST: '' } : {};
    expect(complaint(env)).toContain(message);
  });

  test('all problems are told at once', () => {
    writeFile('colour: blue\nhttp: { prt: 1 }\n');
    expect(complaint().split('\n')).toHaveLength(2);
  });

  test.each([
    ['http.httpsPort', { DIEMCAU_HTTPS_PORT: '8080' }, 'overlaps http.port'],
    ['stage.port', { DIEMCAU_STAGE_PORT: '33000' }, 'overlaps media.rtpPortMin'],
    ['rooms.audioPortMin', { DIEMCAU_ROOMS_AUDIO_PORT_MIN: '24000' }, 'overlaps rooms.rtpPortMin'],
    ['sip.tls.port', { DIEMCAU_SIP_TLS_PORT: '5060' }, 'overlaps sip.port'],
    [
      'sip.legacyTls.port',
      {
        DIEMCAU_SIP_LEGACY_TLS_ENABLED: 'true',
        DIEMCAU_SIP_LEGACY_TLS_ALLOW: '10.1.0.0/16',
        DIEMCAU_SIP_LEGACY_TLS_PORT: '5061',
      },
      'overlaps sip.tls.port',
    ],
  ])('ports that overlap are named: %s', (setting, env, message) => {
    expect(complaint(env as Record<string, string>)).toBe(`setting ${setting}: ${message}`);
  });

  test.each([
    ['DIEMCAU_PORT', '1', 'setting DIEMCAU_PORT: unknown environment variable'],
    ['DIEMCAU_SIP_PORT', 'many', 'setting sip.port: '],
    ['DIEMCAU_SIP_SERVER', 'drachtio', 'neither "embedded" nor host:port'],
    ['DIEMCAU_SIP_SERVER', 'drachtio:9022', 'setting sip.server.secret: '],
    ['DIEMCAU_SIP_IPV6_HOST', '192.0.2.1', 'setting sip.ipv6Host: must be an IPv6 address'],
    ['DIEMCAU_SIP_CERT_FILE', 'c.pem', 'setting sip.keyFile: certFile and keyFile go together'],
    ['DIEMCAU_SIP_LEGACY_TLS_ENABLED', 'true', 'setting sip.legacyTls.allow: must name'],
    ['DIEMCAU_SIP_LEGACY_TLS_ALLOW', '10.0.0.0/40', 'setting sip.legacyTls.allow'],
    ['DIEMCAU_LOG_PERSONAL_DATA', 'yes', 'setting logPersonalData: '],
  ])('the variable %s=%s stops the start', (name, value, message) => {
    expect(complaint({ [name]: value })).toContain(message);
  });

  test('a drachtio-server is chosen by the environment', () => {
    writeFile('sip: { server: { kind: embedded, appPort: 9100 } }');
    const env = { DIEMCAU_SIP_SERVER: '198.51.100.7:9022', DIEMCAU_SIP_SECRET: 'cymru' };
    expect(load(env).sip.server).toEqual({
      kind: 'drachtio',
      host: '198.51.100.7',
      port: 9022,
      secret: 'cymru',
    });
  });

  test('a part of the SIP server is enough, the default kind is meant', () => {
    const { server } = load({ DIEMCAU_SIP_SERVER_APP_PORT: '9100' }).sip;
    expect(server).toEqual({ kind: 'embedded', appPort: 9100 });
  });

  test('pain 11: who may use legacy TLS is a list in the file and separated by commas in the environment', () => {
    writeFile('sip: { legacyTls: { enabled: true, allow: [10.1.0.0/16, 2001:db8::7] } }');
    expect(load().sip.legacyTls.allow).toEqual(['10.1.0.0/16', '2001:db8::7']);
    const env = { DIEMCAU_SIP_LEGACY_TLS_ALLOW: '10.2.0.7, 10.3.0.0/24' };
    expect(load(env).sip.legacyTls.allow).toEqual(['10.2.0.7', '10.3.0.0/24']);
  });

  test('engines elsewhere replace those of this machine', () => {
    expect(roomServerUrl(load())).toBe('ws://127.0.0.1:18188');
    expect(stageUrl(load())).toBe('ws://127.0.0.1:18190');
    const elsewhere = load({
      DIEMCAU_ROOMS_URL: 'ws://198.51.100.8:8188',
      DIEMCAU_STAGE_URL: 'ws://198.51.100.9:18190',
    });
    expect(roomServerUrl(elsewhere)).toBe('ws://198.51.100.8:8188');
    expect(stageUrl(elsewhere)).toBe('ws://198.51.100.9:18190');
  });

  test.each([
    [1, {}, { cpuBudgetCores: 0.7, workers: 1 }],
    [2, {}, { cpuBudgetCores: 1.4, workers: 2 }],
    [16, {}, { cpuBudgetCores: 11.2, workers: 16 }],
    [2, { DIEMCAU_STAGE_CPU_BUDGET: '1.8' }, { cpuBudgetCores: 1.8, workers: 2 }],
    [8, { DIEMCAU_STAGE_WORKERS: '3' }, { cpuBudgetCores: 5.6, workers: 3 }],
  ])('on %i cores and with %o the stage may take %o', (cores, env, expected) => {
    const rest = { maxPictureHeight: 720, maxFps: 25, names: 'composed' };
    expect(stageLimits(load(env), cores)).toEqual({ ...rest, ...expected });
  });

  test('a number with a fraction is refused where a whole one is meant', () => {
    expect(complaint({ DIEMCAU_STAGE_WORKERS: '1.5' })).toContain('setting stage.workers: ');
  });

  test('what is printed has no secrets', () => {
    const settings = load({
      DIEMCAU_ADMIN_TOKEN: 'a-secret-token',
      DIEMCAU_SIP_SERVER: 'h:1',
      DIEMCAU_SIP_SECRET: 'a-secret-word',
      DIEMCAU_DATABASE_URL: 'postgresql://diemcau:a-secret@127.0.0.1/diemcau',
      DIEMCAU_ROOMS_TURN_URLS: 'turn:192.0.2.7',
      DIEMCAU_ROOMS_TURN_SECRET: 'a-secret-of-the-relay',
    });
    expect(JSON.stringify(redact(settings))).not.toContain('a-secret');
  });

  test('the example file loads, has every key and says what the defaults are', () => {
    const example = readFileSync(join(ROOT_DIR, 'config/diemcau.example.yaml'), 'utf8');
    writeFile(example);
    const defaults = loadSettings({ DIEMCAU_PUBLIC_HOST: '192.0.2.1' }, { rootDir: '/nowhere' });
    expect(load()).toEqual({ ...defaults, dataDir: join(rootDir, 'var') });

    const optional = { publicHost: '', adminToken: '', databaseUrl: '' };
    const { http, sip } = defaults;
    const files = { certFile: '', keyFile: '' };
    const withComments = parse(example.replaceAll(/^( *)#(\w+:)/gm, '$1$2'), { uniqueKeys: false });
    expect(keysOf(withComments)).toEqual(
      [
        ...keysOf({
          ...{ ...optional, ...defaults },
          http: { ...files, ...http },
          sip: { ...files, ipv6Host: '', ...sip },
        }),
      ]
        .concat(['rooms.url', 'stage.url', 'stage.cpuBudget', 'stage.workers'])
        .concat(TURN_KEYS.map(key => `rooms.turn.${key}`))
        .concat(OIDC_KEYS.map(key => `oidc.${key}`))
        .sort(),
    );
  });
});

const TURN_KEYS = ['urls', 'secret', 'ttlSec', 'username', 'credential', 'relayOnly'];

const OIDC_KEYS = [
  'issuer',
  'clientId',
  'clientSecret',
  'name',
  'scope',
  'roleClaim',
  'groupClaim',
].concat(['roles.dc-admin', 'roles.dc-ops', 'groups.vung-cao', 'redirectUrl']);

/** Paths of all keys outside of `sip.server`, which is a choice. */
function keysOf(value: object, path = ''): string[] {
  return Object.entries(value)
    .flatMap(([key, child]) => {
      const here = path + key;
      if (here === 'sip.server') return [];
      const isGroup = typeof child === 'object' && child !== null;
      return isGroup ? keysOf(child, `${here}.`) : [here];
    })
    .sort();
}
