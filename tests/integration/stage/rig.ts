import pino from 'pino';
import type { SceneLayout, StageParams } from '../../../src/contract/stage.ts';
import { PortPairs } from '../../../src/stage/rtp/port-pairs.ts';
import { type StageSettings, startStage } from '../../../src/stage/server.ts';
import { connectStage, type StageClient } from '../../../src/stage-client/index.ts';
import { waitFor } from '../../support/wait-for.ts';
import { Camera } from './camera.ts';

export const SCENE = 'scene-1';
export const BROWSER_SSRC = 0x0dc00001;
const HOST = '127.0.0.1';
const SECRET = 'test-secret';
const FORWARD_PAYLOAD_TYPE = 107;
/** Tests on a busy machine are not to see smaller pictures for it. */
const AMPLE_CORES = 16;
const log = pino({ level: 'silent' });

type Terms = Omit<StageParams<'endpoint.update'>, 'sceneId' | 'participantId'>;

export const TERMS: Terms = {
  payloadType: 97,
  sends: true,
  receives: true,
  keyframe: 'pli',
  limits: {
    packetizationMode: 1,
    profileLevelId: '42e01f',
    maxFs: 3_600,
    maxMbps: 108_000,
    maxBitrateBps: 2_000_000,
  },
};

/** A room device on the stage, with the room server's end of its feed. */
export interface TestEndpoint {
  readonly id: string;
  readonly phone: Camera;
  readonly feed: Camera;
  readonly feedSsrc: number;
}

interface Person {
  readonly id: string;
  readonly name?: string;
  readonly kind?: 'site' | 'browser';
  readonly muted?: boolean;
  readonly handRaised?: boolean;
}

interface RunningStage {
  readonly port: number;
  close(): Promise<void>;
}

/** A stage, its controlling connection and cameras, on loopback. */
export class Rig {
  readonly stage: RunningStage;
  readonly client: StageClient;
  readonly cameras: PortPairs;
  readonly #opened: Camera[] = [];

  private constructor(stage: RunningStage, client: StageClient) {
    this.stage = stage;
    this.client = client;
    this.cameras = new PortPairs({ host: HOST, portMin: 46_000, portMax: 46_999 });
  }

  /** With a stage in this process. */
  static async start(settings: Partial<StageSettings> = {}): Promise<Rig> {
    const listen = { host: HOST, port: 0 };
    const range = { portMin: 45_000, portMax: 45_999 };
    const usual = { cpuBudgetCores: AMPLE_CORES, mediaHost: HOST, ...range };
    const all = { listen, secret: SECRET, ...usual, ...settings };
    return Rig.with(await startStage(all, log));
  }

  /** With a stage that runs already; `close` ends it. */
  static async with(stage: RunningStage): Promise<Rig> {
    const rig = new Rig(stage, await Rig.connect(stage.port));
    await rig.client.request('scene.open', { sceneId: SCENE, title: 'Giao ban tuần' });
    return rig;
  }

  static connect(port: number, secret = SECRET): Promise<StageClient> {
    return connectStage({ url: `ws://${HOST}:${port}`, secret, requestTimeoutMs: 3_000, log });
  }

  async addEndpoint(
    id: string,
    terms: Partial<Terms> = {},
    { name = id, sceneId = SCENE } = {},
  ): Promise<TestEndpoint> {
    const member = { sceneId, participantId: id };
    const added = await this.client.request('endpoint.add', {
      ...member,
      name,
      ...TERMS,
      ...terms,
    });
    const [phone, feed] = [await this.#camera(), await this.#camera()];
    phone.sendTo(added.endpoint);
    feed.sendTo(added.feed);
    await this.client.request('endpoint.connect', {
      ...member,
      endpoint: phone.address,
      feed: feed.address,
    });
    return { id, phone, feed, feedSsrc: added.feed.ssrc };
  }

  /** Resolves when something of its camera has come: who sends first is seated first. */
  async untilItSends(id: string): Promise<void> {
    await waitFor(`packets of ${id}`, async () => {
      const { scenes } = await this.status();
      const participants = scenes.flatMap(scene => scene.participants);
      return participants.some(one => one.participantId === id && one.lastRtpAgoMs !== null);
    });
  }

  async addBrowser(
    id: string,
    codec: 'h264' | 'vp8' = 'h264',
    { content = false } = {},
  ): Promise<Camera> {
    const member = { sceneId: SCENE, participantId: id };
    const stream = { codec, payloadType: FORWARD_PAYLOAD_TYPE, ssrc: BROWSER_SSRC };
    const params = { ...member, name: id, content, ...stream };
    const { source } = await this.client.request('browser.add', params);
    const camera = await this.#camera();
    camera.sendTo(source);
    const { host, rtcpPort } = camera.address;
    await this.client.request('browser.connect', { ...member, feedback: { host, rtcpPort } });
    return camera;
  }

  /** The composed picture as browsers get it; it comes once `connected`. */
  async addComposedFeed(id: string) {
    const member = { sceneId: SCENE, participantId: id };
    const { feed } = await this.client.request('composed.add', member);
    const camera = await this.#camera();
    camera.sendTo(feed);
    await this.client.request('composed.connect', { ...member, feed: camera.address });
    return { camera, ...feed };
  }

  async people(...people: Person[]): Promise<void> {
    await this.client.request('scene.people', {
      sceneId: SCENE,
      people: people.map(({ id, name = id, kind = 'site', muted = false, handRaised = false }) => ({
        participantId: id,
        name,
        kind,
        muted,
        handRaised,
      })),
    });
  }

  /** A message on all pictures; '' takes it away. */
  async say(text: string): Promise<void> {
    await this.client.request('scene.message', { sceneId: SCENE, text });
  }

  /** Who has the floor and who waits; nobody takes the line away. */
  async floor(order: Omit<StageParams<'scene.floor'>, 'sceneId'>): Promise<void> {
    await this.client.request('scene.floor', { sceneId: SCENE, ...order });
  }

  async layOut(
    layout: SceneLayout,
    more: Omit<StageParams<'scene.layout'>, 'sceneId' | 'layout'> = {},
  ): Promise<void> {
    await this.client.request('scene.layout', { sceneId: SCENE, layout, ...more });
  }

  async remove(id: string): Promise<void> {
    await this.client.request('participant.remove', { sceneId: SCENE, participantId: id });
  }

  async speakers(...participantIds: string[]): Promise<void> {
    await this.client.request('scene.speakers', { sceneId: SCENE, participantIds });
  }

  status() {
    return this.client.request('stage.status', {});
  }

  async showing(id: string): Promise<string | null | undefined> {
    const { scenes } = await this.status();
    return scenes[0]?.participants.find(member => member.participantId === id)?.showing;
  }

  async close(): Promise<void> {
    for (const camera of this.#opened) camera.close();
    await this.client.close();
    await this.stage.close();
  }

  async #camera(): Promise<Camera> {
    const camera = await Camera.open(this.cameras);
    this.#opened.push(camera);
    return camera;
  }
}
