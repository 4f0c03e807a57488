import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import type { StagePort } from '../../src/calls/ports.ts';
import { FEED_PAYLOAD_TYPE } from '../../src/contract/stage.ts';
import { GatewayError } from '../../src/domain/errors.ts';
import { type Stage, startStage } from '../../src/stage/server.ts';
import { connectStage } from '../../src/stage-client/index.ts';
import { FakeStage } from '../fakes/fake-stage.ts';
import { waitFor } from '../support/wait-for.ts';

interface Subject {
  readonly port: StagePort;
  /** The stage dies. */
  crash(): Promise<void>;
  close(): Promise<void>;
}

async function realStage(): Promise<Subject> {
  const log = pino({ level: 'silent' });
  const [host, secret] = ['127.0.0.1', 'contract-secret'];
  const range = { mediaHost: host, portMin: 45_000, portMax: 45_999 };
  const stage: Stage = await startStage({ listen: { host, port: 0 }, secret, ...range }, log);
  const url = `ws://${host}:${stage.port}`;
  const client = await connectStage({ url, secret, requestTimeoutMs: 5_000, log });
  return {
    port: client,
    crash: () => stage.close(),
    close: async () => {
      await client.close();
      await stage.close();
    },
  };
}

async function fakeStage(): Promise<Subject> {
  const fake = new FakeStage();
  return { port: fake, crash: async () => fake.crash(), close: async () => undefined };
}

const SCENE = { sceneId: 's' };
const MEMBER = { ...SCENE, participantId: 'p' };
const ENDPOINT = {
  ...MEMBER,
  name: 'Xã Đắk Wer',
  payloadType: 97,
  sends: true,
  receives: true,
  keyframe: 'pli' as const,
  limits: {
    packetizationMode: 1 as const,
    profileLevelId: '42e01f',
    maxFs: 3_600,
    maxMbps: 108_000,
    maxBitrateBps: 2_000_000,
  },
};

describe.each([
  ['the fake', fakeStage],
  ['the real one', realStage],
])('the stage as the core sees it: %s', (_, open) => {
  let subject: Subject;
  let port: StagePort;

  beforeEach(async () => {
    subject = await open();
    port = subject.port;
    await port.request('scene.open', { ...SCENE, title: 'Giao ban' });
  });
  afterEach(() => subject.close());

  test('an announcer is connected and plays; without one that is an error', async () => {
    const { sound } = await port.request('announcer.open', {
      ...MEMBER,
      codec: 'pcma',
      payloadType: 8,
      dtmfPayloadType: 101,
    });
    expect(sound.rtcpPort).toBe(sound.rtpPort + 1);
    const to = { host: '127.0.0.1', rtpPort: 9, rtcpPort: 9 };
    await port.request('announcer.connect', { ...MEMBER, to });
    await port.request('announcer.play', { ...MEMBER, clipBase64: '' });
    await port.request('participant.remove', MEMBER);
    await expect(port.request('announcer.play', { ...MEMBER, clipBase64: '' })).rejects.toThrow();
  });

  test('gives an endpoint two port pairs, even for RTP, and a feed of fixed payload type', async () => {
    const { endpoint, feed } = await port.request('endpoint.add', ENDPOINT);
    for (const { rtpPort, rtcpPort } of [endpoint, feed]) {
      expect(rtpPort % 2).toBe(0);
      expect(rtcpPort).toBe(rtpPort + 1);
    }
    expect(endpoint.rtpPort).not.toBe(feed.rtpPort);
    expect(feed.payloadType).toBe(FEED_PAYLOAD_TYPE);
    expect(feed.ssrc).toBeGreaterThan(0);
    const { host, rtpPort, rtcpPort } = feed;
    const far = { endpoint, feed: { host, rtpPort, rtcpPort } };
    await port.request('endpoint.connect', { ...MEMBER, ...far });
  });

  test('takes a browser, and the sound of an endpoint', async () => {
    const camera = { ...MEMBER, name: 'An', codec: 'h264' as const, payloadType: 107, ssrc: 1 };
    const { source } = await port.request('browser.add', camera);
    const { host, rtcpPort } = source;
    await port.request('browser.connect', { ...MEMBER, feedback: { host, rtcpPort } });
    const { copy } = await port.request('meter.open', {
      ...SCENE,
      participantId: 'q',
      codec: 'pcma',
    });
    expect(copy.rtpPort).not.toBe(source.rtpPort);
  });

  test('takes who has the floor, with time left or none, and nobody; not more than one line holds', async () => {
    const floor = { name: 'Xã Đắk Ơ', remainingMs: 90_000 };
    await port.request('scene.floor', { ...SCENE, floor, queue: ['Xã An Hòa', 'Xã Đắk Wer'] });
    await port.request('scene.floor', { ...SCENE, floor: { ...floor, remainingMs: -1_000 } });
    await port.request('scene.floor', { ...SCENE, floor: { name: 'Xã An Hòa' } });
    await port.request('scene.floor', SCENE);
    const queue = ['một', 'hai', 'ba', 'bốn', 'năm', 'sáu'];
    await expect(port.request('scene.floor', { ...SCENE, queue })).rejects.toThrow();
    const elsewhere = { sceneId: 'never opened', queue: [] };
    await expect(port.request('scene.floor', elsewhere)).rejects.toBeInstanceOf(GatewayError);
  });

  test('forgives the removal of what is not there', async () => {
    await port.request('participant.remove', MEMBER);
    await port.request('scene.close', { sceneId: 'never opened' });
    await port.request('participant.remove', { ...MEMBER, sceneId: 'never opened' });
  });

  test('refuses what belongs to no scene or participant', async () => {
    const elsewhere = { ...ENDPOINT, sceneId: 'never opened' };
    await expect(port.request('endpoint.add', elsewhere)).rejects.toBeInstanceOf(GatewayError);
    const sound = { ...MEMBER, sceneId: 'never opened', codec: 'pcma' as const };
    await expect(port.request('meter.open', sound)).rejects.toBeInstanceOf(GatewayError);
    await expect(port.request('endpoint.connect', MEMBER)).rejects.toBeInstanceOf(GatewayError);
    const { openSockets } = await port.request('stage.status', {});
    expect(openSockets).toBe(0);
  });

  test('does nothing for a caller that has given up', async () => {
    const gone = AbortSignal.abort(new Error('cancelled'));
    await expect(port.request('endpoint.add', ENDPOINT, gone)).rejects.toThrow('cancelled');
    const { openSockets } = await port.request('stage.status', {});
    expect(openSockets).toBe(0);
  });

  test('tells of its loss, and refuses at once afterwards', async () => {
    const codes: string[] = [];
    port.onLost(error => codes.push(error.code));
    const unsubscribe = port.onLost(() => codes.push('not wanted any more'));
    unsubscribe();
    await subject.crash();
    await waitFor('the loss', () => codes.length > 0);
    expect(codes).toEqual(['stage-down']);
    expect(port.health().ok).toBe(false);
    await expect(port.request('stage.status', {})).rejects.toMatchObject({ code: 'stage-down' });
  });
});

test('an announcer says its clip, then silence, and hears keys', async () => {
  const subject = await realStage();
  const peer = createSocket('udp4');
  try {
    const heard: Buffer[] = [];
    peer.on('message', data => heard.push(data.subarray(12)));
    await new Promise<void>(resolve => peer.bind(0, '127.0.0.1', resolve));
    const { port } = subject;
    const keys: string[] = [];
    port.on('participant.digit', ({ digit }) => keys.push(digit));
    await port.request('scene.open', { ...SCENE, title: 'Thực đơn' });
    const terms = { ...MEMBER, codec: 'pcma' as const, payloadType: 8, dtmfPayloadType: 101 };
    const { sound } = await port.request('announcer.open', terms);
    const clip = Buffer.alloc(640, 0x20); // 40 ms that are not silence
    await port.request('announcer.play', { ...MEMBER, clipBase64: clip.toString('base64') });
    const rtpPort = peer.address().port;
    const to = { host: '127.0.0.1', rtpPort, rtcpPort: rtpPort };
    await port.request('announcer.connect', { ...MEMBER, to });
    const key = Buffer.from('806500010000000100000001050a00a0', 'hex');
    peer.send(key, sound.rtpPort, sound.host);
    await waitFor('sound and a key', () => heard.length >= 5 && keys.length > 0);
    expect(heard.every(({ length }) => length === 160)).toBe(true);
    const loud = heard.map(payload => payload[0] !== 0xd5);
    expect(loud.slice(0, 5)).toEqual([true, true, false, false, false]);
    expect(keys).toEqual(['5']);
  } finally {
    peer.close();
    await subject.close();
  }
});

/** Something that the stage sends to, and what its packets say. */
class Receiver {
  readonly seen: { readonly ssrc: number; readonly seq: number; readonly timestamp: number }[] = [];
  readonly #socket = createSocket('udp4');

  async open() {
    this.#socket.on('message', data => {
      const [seq, timestamp] = [data.readUInt16BE(2), data.readUInt32BE(4)];
      this.seen.push({ seq, timestamp, ssrc: data.readUInt32BE(8) });
    });
    await new Promise<void>(resolve => this.#socket.bind(0, '127.0.0.1', resolve));
    const rtpPort = this.#socket.address().port;
    return { host: '127.0.0.1', rtpPort, rtcpPort: rtpPort };
  }

  close(): void {
    this.#socket.close();
  }
}

describe('a stage that died', () => {
  const log = pino({ level: 'silent' });
  const [host, secret] = ['127.0.0.1', 'contract-secret'];
  const start = (port: number) =>
    startStage(
      { listen: { host, port }, secret, mediaHost: host, portMin: 45_000, portMax: 45_999 },
      log,
    );
  let stage: Stage;
  let client: Awaited<ReturnType<typeof connectStage>>;
  let receiver: Receiver;

  beforeEach(async () => {
    stage = await start(0);
    const url = `ws://${host}:${stage.port}`;
    client = await connectStage({ url, secret, requestTimeoutMs: 5_000, log });
    receiver = new Receiver();
    await client.request('scene.open', { ...SCENE, title: 'Giao ban' });
    await client.request('endpoint.add', ENDPOINT);
    const endpoint = await receiver.open();
    await client.request('endpoint.connect', { ...MEMBER, endpoint });
    await waitFor('the slate', () => receiver.seen.length > 3);
  });
  afterEach(async () => {
    receiver.close();
    await client.close();
    await stage.close();
  });

  const dies = async () => {
    const lost = new Promise<unknown>(resolve => client.onLost(resolve));
    await stage.close();
    await lost;
  };
  const comesBack = async () => {
    const restored = new Promise<void>(resolve => client.onRestored(resolve));
    stage = await start(stage.port);
    await restored;
  };
  const participants = async () => {
    const { scenes } = await client.request('stage.status', {});
    return scenes.flatMap(scene => scene.participants.map(({ participantId }) => participantId));
  };

  test('sends on with the same SSRC, and numbers and times ahead of the last', async () => {
    await dies();
    const last = receiver.seen.at(-1);
    const count = receiver.seen.length;
    await comesBack();
    const next = await waitFor('the slate again', () => receiver.seen[count]);
    if (!last) throw new Error('nothing had come');
    expect(next.ssrc).toBe(last.ssrc);
    const ahead = (next.seq - last.seq) & 0xffff;
    expect(ahead).toBeGreaterThan(1);
    expect(ahead).toBeLessThan(0x8000);
    expect((next.timestamp - last.timestamp) | 0).toBeGreaterThan(0);
  });

  test('comes back the second time as well', async () => {
    for (let round = 0; round < 2; round += 1) {
      await dies();
      await comesBack();
    }
    expect(await participants()).toEqual(['p']);
  });

  test('knows who came, left and changed while it was away', async () => {
    await client.request('endpoint.add', { ...ENDPOINT, participantId: 'leaves' });
    await dies();
    await client.request('participant.remove', { ...SCENE, participantId: 'leaves' });
    await client.request('scene.open', { ...SCENE, title: 'Họp' });
    const coming = client.request('endpoint.add', { ...ENDPOINT, participantId: 'comes' });
    await comesBack();
    const { endpoint } = await coming;
    expect(endpoint.rtpPort % 2).toBe(0);
    expect(await participants()).toEqual(['p', 'comes']);
    const { scenes } = await client.request('stage.status', {});
    expect(scenes.map(({ title }) => title)).toEqual(['Họp']);
  });

  test('leaves out who had a port that is taken now, and nobody else', async () => {
    const other = { ...ENDPOINT, participantId: 'other' };
    const { endpoint } = await client.request('endpoint.add', other);
    await dies();
    const thief = createSocket('udp4');
    await new Promise<void>(resolve => thief.bind(endpoint.rtpPort, host, resolve));
    const missing: unknown[] = [];
    client.onNotRestored(member => missing.push(member));
    await comesBack();
    thief.close();
    expect(missing).toEqual([{ ...SCENE, participantId: 'other' }]);
    expect(await participants()).toEqual(['p']);
    await client.request('participant.remove', { ...SCENE, participantId: 'other' });
    await client.request('endpoint.add', other);
    expect(await participants()).toEqual(['p', 'other']);
  });
});

/** A stage that gives no answer to some requests, and a client of it. */
async function aHangingStage(hangs: readonly string[]) {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  const asked: { readonly method: string; readonly params: object }[] = [];
  const ports = { host: '127.0.0.1', rtpPort: 45_000, rtcpPort: 45_001 };
  const feed = { ...ports, ssrc: 7, payloadType: FEED_PAYLOAD_TYPE, cname: 'c' };
  const results: Record<string, object> = { 'endpoint.add': { endpoint: ports, feed } };
  let hanging = hangs;
  server.on('connection', socket =>
    socket.on('message', data => {
      const { id, method, params } = JSON.parse(String(data));
      asked.push({ method, params });
      if (!hanging.includes(method)) {
        socket.send(JSON.stringify({ id, result: results[method] ?? {} }));
      }
    }),
  );
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const log = pino({ level: 'silent' });
  const url = `ws://127.0.0.1:${port}`;
  const client = await connectStage({ url, secret: 's', requestTimeoutMs: 200, log });
  return {
    client,
    asked,
    /** The connection breaks; behind the next one everything is answered. */
    breakOff: () => {
      hanging = [];
      for (const socket of server.clients) socket.terminate();
    },
    [Symbol.asyncDispose]: async () => {
      await client.close();
      server.close();
    },
  };
}

test('who was removed while the stage hung does not come back with it', async () => {
  await using stage = await aHangingStage(['participant.remove']);
  const { client, asked } = stage;
  await client.request('scene.open', { ...SCENE, title: 'Giao ban' });
  await client.request('endpoint.add', ENDPOINT);
  await expect(client.request('participant.remove', MEMBER)).rejects.toThrow();
  const restored = new Promise<void>(resolve => client.onRestored(resolve));
  stage.breakOff();
  await restored;
  const methods = asked.map(({ method }) => method);
  expect(methods).toEqual(['scene.open', 'endpoint.add', 'participant.remove', 'scene.open']);
});

test('what was under way when the stage died does not undo what was ordered after it', async () => {
  await using stage = await aHangingStage(['scene.message', 'scene.layout']);
  const { client, asked } = stage;
  const say = (text: string) => client.request('scene.message', { ...SCENE, text });
  const layOut = (layout: 'grid' | 'full') => client.request('scene.layout', { ...SCENE, layout });
  await client.request('scene.open', { ...SCENE, title: 'Giao ban' });
  const underWay = [say('Nghỉ giải lao'), layOut('full'), say('Mời vào'), layOut('grid')];
  client.onLost(() => underWay.push(say('')));
  const restored = new Promise<void>(resolve => client.onRestored(resolve));
  stage.breakOff();
  await restored;
  await Promise.all(underWay);
  const last = (method: string) => asked.findLast(each => each.method === method)?.params;
  expect(last('scene.message')).toMatchObject({ text: '' });
  expect(last('scene.layout')).toMatchObject({ layout: 'grid' });
  const count = asked.length;
  const again = new Promise<void>(resolve => client.onRestored(resolve));
  stage.breakOff();
  await again;
  expect(asked.slice(count).map(({ params }) => params)).toMatchObject([
    { title: 'Giao ban' },
    { text: '' },
    { layout: 'grid' },
  ]);
});
