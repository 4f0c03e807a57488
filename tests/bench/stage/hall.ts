import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import pino from 'pino';
import type { StageParams } from '../../../src/contract/stage.ts';
import { OWN_NODE } from '../../../src/engines/own-process.ts';
import { connectStage, type StageClient } from '../../../src/stage-client/index.ts';
import {
  BENCH_SECRET,
  type HallCommand,
  type HallPorts,
  type HallReply,
  type Received,
} from './hall-contract.ts';

const HOST = '127.0.0.1';
const SCENE = 'bench';
const FIRST_SSRC = 0x0dc00001;
const PAYLOAD_TYPE = 107;
const REQUEST_TIMEOUT_MS = 10_000;

type Limits = StageParams<'endpoint.update'>['limits'];

const HD: Limits = {
  packetizationMode: 1,
  profileLevelId: '42e01f',
  maxFs: 3_600,
  maxMbps: 108_000,
  maxBitrateBps: 1_500_000,
};

/** What receivers can take, by the group that follows from it. */
export const RECEIVERS = {
  '720p25': HD,
  '448p25': { ...HD, maxFs: 1_620, maxMbps: 40_500, maxBitrateBps: 700_000 },
  CIF: { ...HD, maxFs: 396, maxMbps: 11_880, maxBitrateBps: 256_000 },
} as const satisfies Record<string, Limits>;

/** A stage and those it works for, each in a process of its own; the caller closes both. */
export class Hall {
  readonly #stage: ChildProcess;
  readonly #load: ChildProcess;
  readonly #client: StageClient;
  readonly #ports: HallPorts;
  readonly #waiting = new Map<number, (result: Received | undefined) => void>();
  #nextId = 0;
  /** Told when the first camera sends a flash. */
  onFlash: (sentAtMs: number) => void = () => undefined;

  private constructor(
    stage: ChildProcess,
    load: ChildProcess,
    client: StageClient,
    ports: HallPorts,
  ) {
    this.#stage = stage;
    this.#load = load;
    this.#client = client;
    this.#ports = ports;
    load.on('message', (reply: HallReply) => {
      if (reply.kind === 'flash') this.onFlash(reply.sentAtMs);
      else if (reply.kind === 'reply') this.#waiting.get(reply.id)?.(reply.result);
    });
  }

  static async start(nodeOptions: readonly string[] = []): Promise<Hall> {
    const stage = startNode('stage-process.ts', nodeOptions);
    const load = startNode('hall-process.ts');
    const [[line], [ready]] = await Promise.all([
      once(stage.stdout ?? stage, 'data'),
      once(load, 'message') as Promise<[HallReply]>,
    ]);
    if (ready.kind !== 'ready') throw new Error('cameras not ready');
    const log = pino({ level: 'silent' });
    const url = `ws://${HOST}:${Number(line)}`;
    const client = await connectStage({
      ...{ url, secret: BENCH_SECRET, requestTimeoutMs: REQUEST_TIMEOUT_MS, log },
    });
    await client.request('scene.open', { sceneId: SCENE, title: 'Giao ban' });
    return new Hall(stage, load, client, ready.ports);
  }

  get stagePid(): number {
    return this.#stage.pid ?? 0;
  }

  /** Cameras that play from now on, and tiles for all of them, or for as many as are said. */
  async play(
    files: readonly string[],
    cameras: number,
    intervalMs: number,
    tiles = cameras,
  ): Promise<void> {
    const gridSize = ([4, 9, 16, 25] as const).find(size => size >= tiles) ?? 25;
    await this.layOut({ layout: 'grid', gridSize });
    const orders = [];
    for (let camera = 0; camera < cameras; camera += 1) {
      const ssrc = FIRST_SSRC + camera;
      const { source } = await this.#client.request('browser.add', {
        ...{ sceneId: SCENE, participantId: `camera-${camera}`, name: `Xã ${camera + 1}` },
        ...{ codec: 'h264', payloadType: PAYLOAD_TYPE, ssrc },
      });
      const { rtcpPort } = this.#ports;
      await this.#client.request('browser.connect', {
        ...{ sceneId: SCENE, participantId: `camera-${camera}` },
        feedback: { host: HOST, rtcpPort },
      });
      const file = files[camera % files.length] ?? '';
      orders.push({ file, rtpPort: source.rtpPort, ssrc });
    }
    await this.#ask({ do: 'play', cameras: orders, intervalMs });
  }

  /** An endpoint that only watches. @param at where, when not in the process with the cameras */
  async addReceiver(id: string, limits: Limits, at: HallPorts = this.#ports): Promise<void> {
    const member = { sceneId: SCENE, participantId: id };
    await this.#client.request('endpoint.add', {
      ...member,
      ...{ name: id, payloadType: PAYLOAD_TYPE, sends: false, receives: true, keyframe: 'pli' },
      limits,
    });
    const endpoint = { host: HOST, ...at };
    await this.#client.request('endpoint.connect', { ...member, endpoint });
  }

  async layOut(layout: Omit<StageParams<'scene.layout'>, 'sceneId'>): Promise<void> {
    await this.#client.request('scene.layout', { sceneId: SCENE, ...layout });
  }

  /** Who speaks, the latest first. */
  async speak(...cameras: readonly number[]): Promise<void> {
    const participantIds = cameras.map(camera => `camera-${camera}`);
    await this.#client.request('scene.speakers', { sceneId: SCENE, participantIds });
  }

  async removeReceiver(id: string): Promise<void> {
    await this.#client.request('participant.remove', { sceneId: SCENE, participantId: id });
  }

  async received(): Promise<Received> {
    return (await this.#ask({ do: 'received' })) ?? { packets: 0, pictures: 0 };
  }

  status() {
    return this.#client.request('stage.status', {});
  }

  /** Neither side takes anything while `work` runs. */
  async whileStopped<T>(work: () => Promise<T>): Promise<T> {
    const both = [this.#load, this.#stage];
    for (const child of both) child.kill('SIGSTOP');
    try {
      return await work();
    } finally {
      for (const child of both.toReversed()) child.kill('SIGCONT');
    }
  }

  async close(): Promise<void> {
    await this.#client.close();
    for (const child of [this.#load, this.#stage]) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const exited = once(child, 'exit');
      child.kill();
      await exited;
    }
  }

  #ask(command: HallCommand): Promise<Received | undefined> {
    const id = this.#nextId++;
    return new Promise(resolve => {
      this.#waiting.set(id, result => {
        this.#waiting.delete(id);
        resolve(result);
      });
      this.#load.send({ id, ...command });
    });
  }
}

/** @param nodeOptions of the stage, for profiles of it */
export async function withHall<T>(
  use: (hall: Hall) => Promise<T>,
  nodeOptions: readonly string[] = [],
): Promise<T> {
  const hall = await Hall.start(nodeOptions);
  try {
    return await use(hall);
  } finally {
    await hall.close();
  }
}

function startNode(file: string, nodeOptions: readonly string[] = []): ChildProcess {
  const isStage = file === 'stage-process.ts';
  const flags = [...(isStage ? OWN_NODE.flags : []), ...nodeOptions];
  const command = ['--pdeathsig', 'KILL', process.execPath, ...flags];
  return spawn('setpriv', [...command, join(import.meta.dirname, file)], {
    stdio: [
      'ignore',
      isStage ? 'pipe' : 'inherit',
      'inherit',
      ...(isStage ? [] : ['ipc' as const]),
    ],
    env: { ...(isStage && OWN_NODE.env), ...process.env },
  });
}
