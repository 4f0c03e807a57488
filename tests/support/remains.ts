/** What is left in the engines, asked of each of them and not of the gateway. */

import pino from 'pino';
import { Client } from 'rtpengine-client';
import { connectStage } from '../../src/stage-client/index.ts';
import { JanusProbe } from './janus-probe.ts';
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
