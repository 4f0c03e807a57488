import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  isKnownVariable,
  loadSettings,
  ROOT_DIR,
  roomServerUrl,
  type Settings,
  stageUrl,
} from '../../src/config/index.ts';

interface Service {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly command: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly network_mode: string;
  readonly volumes?: readonly string[];
}

const DOCKER = join(ROOT_DIR, 'docker');
const read = (file: string) => readFileSync(join(DOCKER, file), 'utf8');
const compose = parse(read('compose.yaml'), { merge: true }) as {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
};
const { drachtio, rtpengine, janus, stage, gateway } = compose.services;
const own = { rtpengine, janus, stage, gateway } as Record<string, Service>;

/** Variables that Node itself reads. */
const NODES_OWN = new Set(['UV_THREADPOOL_SIZE']);

/** What an operator writes into `.env`. */
const FILLED_IN: Record<string, string> = {
  DIEMCAU_PUBLIC_HOST: '192.0.2.10',
  DIEMCAU_ADMIN_TOKEN: 'a-token-of-the-operator',
  DIEMCAU_SIP_SECRET: 'a-secret-of-the-operator',
  DIEMCAU_SECRET_JANUS_API: 'a-secret-of-the-operator',
  DIEMCAU_SECRET_JANUS_ADMIN: 'a-secret-of-the-operator',
  DIEMCAU_SECRET_STAGE: 'a-secret-of-the-operator',
};

/** The settings a container would start with. */
function settingsOf(service: Service | undefined): Settings {
  const entries = Object.entries(service?.environment ?? {});
  const env = entries.map(([name, value]) => [name, substitute(value)]);
  return loadSettings(Object.fromEntries(env), { rootDir: '/nowhere' });
}

function substitute(text: string): string {
  return text.replaceAll(/\$\{(\w+):\?\}/g, (_, name: string) => FILLED_IN[name] ?? `no ${name}`);
}

describe('compose file', () => {
  test('has the production shape', () => {
    expect(Object.keys(compose.services).sort()).toEqual(
      ['drachtio', 'gateway', 'janus', 'rtpengine', 'stage'].sort(),
    );
  });

  test.each(Object.entries(own))('%s knows every variable it is given', (name, service) => {
    const names = Object.keys(service.environment).filter(variable => !NODES_OWN.has(variable));
    expect(names.filter(variable => !isKnownVariable(variable))).toEqual([]);
    expect(() => settingsOf(service)).not.toThrow();
    expect(read('../src/main.ts')).toMatch(new RegExp(`^  ${service.command}  `, 'm'));
    expect(service.command).toBe(name);
  });

  test('asks the operator for exactly what the example of .env has', () => {
    const asked = [...read('compose.yaml').matchAll(/\$\{(\w+):\?\}/g)].map(match => match[1]);
    const offered = [...read('.env.example').matchAll(/^(\w+)=/gm)].map(match => match[1]);
    expect([...new Set(asked)].sort()).toEqual(offered.sort());
    expect(Object.keys(FILLED_IN).sort()).toEqual(offered.sort());
  });

  test('the gateway looks for the engines where they are', () => {
    const settings = settingsOf(gateway);
    expect(roomServerUrl(settings)).toBe(`ws://127.0.0.1:${settingsOf(janus).rooms.wsPort}`);
    expect(stageUrl(settings)).toBe(`ws://127.0.0.1:${settingsOf(stage).stage.port}`);
    expect(settings.media).toEqual(settingsOf(rtpengine).media);
  });

  test('the stage has threads for its cores, and composes what it composes without Docker', () => {
    expect(Number(stage?.environment.UV_THREADPOOL_SIZE)).toBeGreaterThanOrEqual(4);
    const { maxPictureHeight, maxFps, cpuBudget, workers, names } = settingsOf(stage).stage;
    const [height, fps] = [maxPictureHeight, maxFps];
    expect({ height, fps, names }).toEqual({ height: 720, fps: 25, names: 'composed' });
    expect([cpuBudget, workers]).toEqual([undefined, undefined]);
  });

  test('the gateway and drachtio-server agree on ports and secret', () => {
    const { port, server } = settingsOf(gateway).sip;
    expect(server).toEqual({
      kind: 'drachtio',
      host: drachtio?.environment.DRACHTIO_ADMIN_ADDRESS,
      port: Number(drachtio?.environment.DRACHTIO_ADMIN_TCP_PORT),
      secret: substitute(drachtio?.environment.DRACHTIO_SECRET ?? ''),
    });
    expect(substitute(drachtio?.command ?? '')).toContain(
      `--contact sip:192.0.2.10:${port};transport=udp,tcp`,
    );
  });

  test('engines and gateway are given the same secrets, and all that are needed', () => {
    for (const [name, needed] of Object.entries({
      janus: ['JANUS_API', 'JANUS_ADMIN'],
      stage: ['STAGE'],
      gateway: ['JANUS_API', 'JANUS_ADMIN', 'STAGE'],
    })) {
      const given = Object.keys(own[name]?.environment ?? {}).filter(variable =>
        variable.startsWith('DIEMCAU_SECRET_'),
      );
      expect(given.sort()).toEqual(needed.map(word => `DIEMCAU_SECRET_${word}`).sort());
    }
  });

  test('all share the host’s network, since RTP needs its ports', () => {
    const modes = Object.values(compose.services).map(service => service.network_mode);
    expect(new Set(modes)).toEqual(new Set(['host']));
  });

  test('volumes are declared', () => {
    const used = Object.values(own).flatMap(({ volumes = [] }) =>
      volumes.map(v => v.split(':')[0]),
    );
    expect(used.sort()).toEqual(Object.keys(compose.volumes).sort());
  });
});

describe('Dockerfiles', () => {
  const built = Object.values(own).flatMap(({ build }) => (build ? [build.dockerfile] : []));

  test('every image that is not pulled is built once', () => {
    const images = new Set(Object.values(own).map(({ image }) => image));
    expect(built).toHaveLength(images.size);
  });

  test.each(built)('%s copies what exists', file => {
    const text = readFileSync(join(ROOT_DIR, file), 'utf8');
    const copies = [...text.matchAll(/^COPY (?!--from)(.+) \S+$/gm)];
    const sources = copies.flatMap(([, names = '']) => names.split(' '));
    expect(sources.length).toBeGreaterThan(0);
    expect(sources.filter(name => !existsSync(join(ROOT_DIR, name)))).toEqual([]);
  });

  test.each(built)('%s starts main.ts with the Node of package.json', file => {
    const text = readFileSync(join(ROOT_DIR, file), 'utf8');
    const { devDependencies } = JSON.parse(read('../package.json'));
    const major = devDependencies.node.split('.')[0];
    expect(text).toContain(`FROM node:${major}-`);
    expect(text).toContain('ENTRYPOINT ["node", "src/main.ts"]');
  });
});
