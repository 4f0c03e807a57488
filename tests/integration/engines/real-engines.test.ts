import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Secrets, Settings } from '../../../src/config/index.ts';
import {
  checkPortsAreFree,
  Engine,
  type EngineState,
  janusEngine,
  logDir,
  rtpengineEngine,
} from '../../../src/engines/index.ts';
import { CORE_HOST } from '../../support/bed/namespaces.ts';
import { bedSettings } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';

describe('Janus and rtpengine with our configuration', () => {
  let settings: Settings;
  let secrets: Secrets;
  let states: [string, EngineState][];
  let engines: Engine[];

  beforeEach(() => {
    ({ settings, secrets } = bedSettings());
    mkdirSync(join(settings.dataDir, 'run'));
    states = [];
    engines = [];
  });

  afterEach(async () => {
    await Promise.all(engines.map(engine => engine.stop()));
    rmSync(settings.dataDir, { recursive: true, force: true });
  });

  async function start(spec: ConstructorParameters<typeof Engine>[0]): Promise<Engine> {
    const engine = new Engine(spec, logDir(settings), {
      onState: (name, state) => states.push([name, state]),
      onGivenUp: () => undefined,
    });
    engines.push(engine);
    await engine.start();
    return engine;
  }

  test('Janus answers health, listens on loopback only and leaves nothing behind', async () => {
    const janus = await start(janusEngine(settings, secrets));
    const pid = janus.pid;

    expect(listeners(pid)).toEqual([`127.0.0.1:${settings.rooms.wsPort}`]);
    expect(logOf(janus)).toContain(`Using ${CORE_HOST} as local IP`);
    expect(logOf(janus)).toContain("Adding 'lo' to the ICE ignore list");
    expect(logOf(janus)).not.toContain("Loading plugin 'libjanus_sip");

    await janus.stop();
    expect(states).toEqual([
      ['janus', 'starting'],
      ['janus', 'running'],
      ['janus', 'stopped'],
    ]);
    expect(isRunning(pid)).toBe(false);
  });

  test('Janus refuses whoever lacks the API secret or the admin key', async () => {
    await start(janusEngine(settings, secrets));
    const url = `ws://127.0.0.1:${settings.rooms.wsPort}`;

    const stranger = await JanusProbe.open(url, {});
    expect(await stranger.request({ janus: 'create' })).toMatchObject({ error: { code: 403 } });
    stranger.close();

    const gateway = await JanusProbe.open(url, { apisecret: secrets.janusApiSecret });
    const created = await gateway.request({ janus: 'create' });
    const session_id = idOf(created);
    for (const [plugin, refused] of [
      ['janus.plugin.videoroom', 'videoroom'],
      ['janus.plugin.audiobridge', 'audiobridge'],
    ] as const) {
      const handle_id = idOf(await gateway.request({ janus: 'attach', plugin, session_id }));
      const create = { request: 'create', room: 'a-room' };
      const send = (body: object) =>
        gateway.request({ janus: 'message', session_id, handle_id, body });
      expect(await send(create)).not.toMatchObject({
        plugindata: { data: { [refused]: 'created' } },
      });
      expect(await send({ ...create, admin_key: secrets.janusAdminKey })).toMatchObject({
        plugindata: { data: { [refused]: 'created', room: 'a-room' } },
      });
      expect(await send({ request: 'list' })).toMatchObject({
        plugindata: { data: { list: [{ room: 'a-room' }] } },
      });
    }
    gateway.close();
  });

  test('rtpengine answers health and relays between the two interfaces', async () => {
    const rtpengine = await start(rtpengineEngine(settings));
    expect(listeners(rtpengine.pid)).toEqual([`127.0.0.1:${settings.media.ngPort}`]);
    const pid = rtpengine.pid;
    await rtpengine.stop();
    expect(isRunning(pid)).toBe(false);
  });

  test('an engine that dies is started again', async () => {
    const rtpengine = await start(rtpengineEngine(settings));
    const first = rtpengine.pid ?? 0;
    process.kill(first, 'SIGKILL');
    await waitFor(
      'a restart',
      () => states.filter(([, state]) => state === 'running').length === 2,
    );
    expect(rtpengine.pid).not.toBe(first);
    expect(states.map(([, state]) => state)).toEqual([
      'starting',
      'running',
      'waiting',
      'starting',
      'running',
    ]);
  });

  test('a taken port is named with the setting that moves it', async () => {
    const server = createServer().listen(settings.rooms.wsPort, '127.0.0.1');
    await new Promise(resolve => server.once('listening', resolve));
    await expect(checkPortsAreFree(settings)).rejects.toThrow(
      `setting rooms.wsPort: tcp port ${settings.rooms.wsPort} is taken by another program; ` +
        'set DIEMCAU_ROOMS_WS_PORT to another',
    );
    server.close();
  });

  test('an address of another machine is named', async () => {
    const elsewhere = { ...settings, publicHost: '192.0.2.77' };
    await expect(checkPortsAreFree(elsewhere)).rejects.toThrow(
      'setting publicHost: 192.0.2.77 is not an address of this machine',
    );
  });
});

/** Just enough of Janus' API to see who is let in. */
class JanusProbe {
  readonly #socket: WebSocket;
  readonly #common: object;

  static async open(url: string, common: object): Promise<JanusProbe> {
    const socket = new WebSocket(url, 'janus-protocol');
    await new Promise(resolve => socket.addEventListener('open', resolve, { once: true }));
    return new JanusProbe(socket, common);
  }

  private constructor(socket: WebSocket, common: object) {
    this.#socket = socket;
    this.#common = common;
  }

  request(message: object): Promise<unknown> {
    const answer = new Promise(resolve => {
      this.#socket.addEventListener('message', event => resolve(JSON.parse(event.data)), {
        once: true,
      });
    });
    this.#socket.send(JSON.stringify({ transaction: 't', ...this.#common, ...message }));
    return answer;
  }

  close(): void {
    this.#socket.close();
  }
}

function idOf(answer: unknown): number {
  return (answer as { data: { id: number } }).data.id;
}

/** Local addresses a process listens on or waits for datagrams at. */
function listeners(pid: number | undefined): string[] {
  const lines = execFileSync('ss', ['-tulnpH'], { encoding: 'utf8' }).split('\n');
  return lines.filter(line => line.includes(`pid=${pid},`)).map(line => line.split(/\s+/)[4] ?? '');
}

function logOf(engine: Engine): string {
  return readFileSync(engine.logFile, 'utf8');
}

/** A process that only waits to be collected by its parent does not count. */
function isRunning(pid: number | undefined): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false; // No such process.
  }
}
