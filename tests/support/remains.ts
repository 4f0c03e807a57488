/** What is left in the engines, asked of each of them and not of the gateway. */

import pino from 'pino';
import { Client } from 'rtpengine-client';
import WebSocket from 'ws';
import { connectStage } from '../../src/stage-client/index.ts';
import type { TestSystem } from './system.ts';

export interface Remains {
  /** Calls rtpengine knows. */
  readonly relayCalls: number;
  /** Participants of all AudioBridge rooms and publishers of all VideoRoom rooms, ours not counted. */
  readonly seats: number;
  /** UDP sockets of the stage. */
  readonly stageSockets: number;
}

export const NOTHING: Remains = {
  relayCalls: 0,
  seats: 0,
  stageSockets: 0,
};

const OBSERVER_ID = 'gateway';

/** Looks into rtpengine, Janus and the stage. */
export async function remainsOf(system: TestSystem): Promise<Remains> {
  const [relayCalls, seats, stage] = await Promise.all([
    relayCallsOf(system),
    seatsOf(system),
    stageOf(system),
  ]);
  return { relayCalls, seats, ...stage };
}

async function relayCallsOf({ settings }: TestSystem): Promise<number> {
  const client = new Client({ timeout: 3000 });
  try {
    const target = { host: settings.media.ngHost, port: settings.media.ngPort };
    const reply = (await client.list(target, { limit: '1000' })) as { calls: string[] };
    return reply.calls.length;
  } finally {
    client.close();
  }
}

async function stageOf({ settings, secrets }: TestSystem) {
  const stage = await connectStage({
    url: `ws://127.0.0.1:${settings.stage.port}`,
    secret: secrets.stageSecret,
    requestTimeoutMs: 3000,
    log: pino({ level: 'silent' }),
  });
  try {
    const { openSockets } = await stage.request('stage.status', {});
    return { stageSockets: openSockets };
  } finally {
    await stage.close();
  }
}

async function seatsOf({ settings, secrets }: TestSystem): Promise<number> {
  const janus = await JanusProbe.open(settings.rooms.wsPort, secrets.janusApiSecret);
  try {
    const admin_key = secrets.janusAdminKey;
    let seats = 0;
    for (const plugin of ['audiobridge', 'videoroom'] as const) {
      const handle = await janus.attach(plugin);
      const { list } = await janus.ask(handle, { request: 'list', admin_key });
      for (const { room } of list as { room: string }[]) {
        const { participants } = await janus.ask(handle, { request: 'listparticipants', room });
        const others = (participants as { id: string }[]).filter(({ id }) => id !== OBSERVER_ID);
        seats += others.length;
      }
    }
    return seats;
  } finally {
    janus.close();
  }
}

/** A second, bare client of Janus, so that a fault of ours cannot hide itself. */
class JanusProbe {
  readonly #socket: WebSocket;
  readonly #secret: string;
  #session: number | undefined;
  #next = 0;

  private constructor(socket: WebSocket, secret: string) {
    this.#socket = socket;
    this.#secret = secret;
  }

  static async open(port: number, secret: string): Promise<JanusProbe> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}`, 'janus-protocol');
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    const probe = new JanusProbe(socket, secret);
    probe.#session = ((await probe.#request({ janus: 'create' })).data as { id: number }).id;
    return probe;
  }

  async attach(plugin: string): Promise<number> {
    const reply = await this.#request({ janus: 'attach', plugin: `janus.plugin.${plugin}` });
    return (reply.data as { id: number }).id;
  }

  async ask(handle: number, body: object): Promise<Record<string, unknown>> {
    const reply = await this.#request({ janus: 'message', handle_id: handle, body });
    return (reply.plugindata as { data: Record<string, unknown> }).data;
  }

  close(): void {
    this.#socket.terminate();
  }

  #request(frame: object): Promise<Record<string, unknown>> {
    const transaction = `probe-${this.#next++}`;
    const session = this.#session === undefined ? {} : { session_id: this.#session };
    return new Promise(resolve => {
      const onMessage = (data: WebSocket.RawData) => {
        const reply = JSON.parse(String(data)) as Record<string, unknown>;
        if (reply.transaction !== transaction || reply.janus === 'ack') return;
        this.#socket.off('message', onMessage);
        resolve(reply);
      };
      this.#socket.on('message', onMessage);
      const message = { ...frame, ...session, transaction, apisecret: this.#secret };
      this.#socket.send(JSON.stringify(message));
    });
  }
}
