import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
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
