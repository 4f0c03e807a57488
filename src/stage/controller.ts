import type { Logger } from 'pino';
import {
  COMPOSED_PAYLOAD_TYPE,
  FEED_PAYLOAD_TYPE,
  type StageErrorCode,
  type StageEventName,
  type StageEventParams,
  type StageMethod,
  type StageOrder,
  StageRequests,
  type StageResult,
  type StreamQuality,
} from '../contract/stage.ts';
import { Announcer } from './announcer/announcer.ts';
import { nowMs } from './clock.ts';
import { Meter } from './meter/meter.ts';
import { type PortPairs, PortsExhausted } from './rtp/port-pairs.ts';
import { Scene, UnknownParticipant } from './scene/scene.ts';
import type { Studio } from './studio.ts';

/** A request that cannot be obeyed; the code is the contract. */
export class StageError extends Error {
  override readonly name = 'StageError';
  readonly code: StageErrorCode;

  constructor(code: StageErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

type Emit = <E extends StageEventName>(event: E, params: StageEventParams<E>) => void;
type Handlers = {
  [M in StageMethod]: (params: StageOrder<M>) => Promise<StageResult<M>> | StageResult<M>;
};

export interface ControllerDeps {
  /** Address in the replies. */
  readonly mediaHost: string;
  readonly ports: PortPairs;
  readonly studio: Studio;
  readonly emit: Emit;
  readonly log: Logger;
}

/** The scenes that one controlling connection opened, and what it asks of them. */
export class Controller {
  readonly #mediaHost: string;
  readonly #ports: PortPairs;
  readonly #studio: Studio;
  readonly #emit: Emit;
  readonly #log: Logger;
  readonly #scenes = new Map<string, Scene>();
  /** By scene and participant. */
  readonly #meters = new Map<string, Meter>();
  readonly #announcers = new Map<string, Announcer>();

  constructor(deps: ControllerDeps) {
    this.#mediaHost = deps.mediaHost;
    this.#ports = deps.ports;
    this.#studio = deps.studio;
    this.#emit = deps.emit;
    this.#log = deps.log;
  }

  /** @throws StageError */
  async handle(method: StageMethod, params: unknown): Promise<unknown> {
    const parsed = StageRequests[method].params.safeParse(params);
    if (!parsed.success) throw new StageError('bad-request', parsed.error.message);
    try {
      const handler = this.#handlers[method] as (params: unknown) => unknown;
      return await handler(parsed.data);
    } catch (err) {
      if (err instanceof UnknownParticipant) throw new StageError('not-found', err.message);
      if (err instanceof PortsExhausted) throw new StageError('ports-exhausted', err.message);
      throw err;
    }
  }

  tick(atMs: number): void {
    for (const scene of this.#scenes.values()) scene.tick(atMs);
    for (const meter of this.#meters.values()) meter.tick(atMs);
    for (const announcer of this.#announcers.values()) announcer.tick(atMs);
  }

  report(atMs: number): void {
    for (const scene of this.#scenes.values()) scene.report(atMs);
  }

  /** Tells where all streams are, for a restart. */
  tellPositions(atMs: number): void {
    for (const [sceneId, scene] of this.#scenes) this.#tellPositions(sceneId, scene, atMs);
  }

  /** Drops everything it opened. */
  close(): void {
    for (const scene of this.#scenes.values()) scene.close();
    this.#scenes.clear();
    for (const ears of [this.#meters, this.#announcers]) {
      for (const ear of ears.values()) ear.close();
      ears.clear();
    }
  }

  readonly #handlers: Handlers = {
    'scene.open': ({ sceneId, title, lines }) => {
      const known = this.#scenes.get(sceneId);
      const scene = known ?? this.#newScene(sceneId, title);
      scene.rewrite(title, lines);
      this.#scenes.set(sceneId, scene);
      return {};
    },
    'scene.close': ({ sceneId }) => {
      this.#scenes.get(sceneId)?.close();
      this.#scenes.delete(sceneId);
      for (const key of [...this.#meters.keys(), ...this.#announcers.keys()])
        if (key.startsWith(`${sceneId}/`)) this.#closeEars(key);
      return {};
    },
    'scene.speakers': ({ sceneId, participantIds }) => {
      this.#scene(sceneId).speakers(participantIds);
      return {};
    },
    'scene.people': ({ sceneId, people }) => {
      this.#scene(sceneId).people(people);
      return {};
    },
    'scene.layout': ({ sceneId, ...layout }) => {
      this.#scene(sceneId).layOut(layout);
      return {};
    },
    'scene.message': ({ sceneId, text }) => {
      this.#scene(sceneId).say(text);
      return {};
    },
    'scene.floor': ({ sceneId, ...order }) => {
      this.#scene(sceneId).giveFloor(order);
      return {};
    },
    'endpoint.add': async ({ sceneId, participantId, name, resume, ...terms }) => {
      const scene = this.#scene(sceneId);
      const { ports, feed } = await scene.addEndpoint(participantId, name, terms, resume);
      this.#tellPositions(sceneId, scene, nowMs());
      const host = this.#mediaHost;
      return {
        endpoint: { host, ...ports.endpoint },
        feed: { host, ...feed.ports, payloadType: FEED_PAYLOAD_TYPE, cname: feed.cname },
      };
    },
    'endpoint.connect': ({ sceneId, participantId, endpoint, feed }) => {
      this.#scene(sceneId).endpoint(participantId).connect({ endpoint, feed });
      return {};
    },
    'endpoint.update': ({ sceneId, participantId, ...terms }) => {
      this.#scene(sceneId).endpoint(participantId).update(terms);
      return {};
    },
    'endpoint.refresh': ({ sceneId, participantId }) => {
      this.#scene(sceneId).endpoint(participantId).picture.refresh(nowMs());
      return {};
    },
    'browser.add': async params => {
      const { ports } = await this.#scene(params.sceneId).addBrowser(params);
      return { source: { host: this.#mediaHost, ...ports } };
    },
    'browser.connect': ({ sceneId, participantId, feedback }) => {
      this.#scene(sceneId).browser(participantId).connect(feedback);
      return {};
    },
    'meter.open': async ({ sceneId, participantId, ...terms }) => {
      this.#scene(sceneId);
      const member = { sceneId, participantId };
      const tell = {
        onTalking: (talking: boolean) => this.#emit('participant.talking', { ...member, talking }),
        onDigit: (digit: string) => this.#emit('participant.digit', { ...member, digit }),
      };
      const meter = await Meter.open(terms, tell, this.#ports);
      this.#closeEars(earKey(member));
      this.#meters.set(earKey(member), meter);
      return { copy: { host: this.#mediaHost, ...meter.ports } };
    },
    'announcer.open': async ({ sceneId, participantId, ...terms }) => {
      this.#scene(sceneId);
      const member = { sceneId, participantId };
      const onDigit = (digit: string) => this.#emit('participant.digit', { ...member, digit });
      const announcer = await Announcer.open(terms, onDigit, this.#ports);
      this.#closeEars(earKey(member));
      this.#announcers.set(earKey(member), announcer);
      return { sound: { host: this.#mediaHost, ...announcer.ports } };
    },
    'announcer.connect': ({ to, ...member }) => {
      this.#announcer(member).connect(to);
      return {};
    },
    'announcer.play': ({ clipBase64, ...member }) => {
      this.#announcer(member).play(Buffer.from(clipBase64, 'base64'));
      return {};
    },
    'participant.remove': member => {
      this.#closeEars(earKey(member));
      this.#scenes.get(member.sceneId)?.remove(member.participantId);
      return {};
    },
    'composed.add': async params => {
      const { sceneId } = params;
      const scene = this.#scene(sceneId);
      const { feed } = await scene.addComposedFeed(params);
      this.#tellPositions(sceneId, scene, nowMs());
      const address = { host: this.#mediaHost, ...feed.ports };
      return { feed: { ...address, payloadType: COMPOSED_PAYLOAD_TYPE, cname: feed.cname } };
    },
    'composed.connect': ({ sceneId, participantId, feed }) => {
      this.#scene(sceneId).composedFeed(participantId).feed.connect(feed);
      return {};
    },
    'snapshot.take': async ({ sceneId, participantId, of, maxWidth }) => {
      const jpeg = await this.#scene(sceneId).snapshot(participantId, of, maxWidth);
      if (!jpeg) throw new StageError('no-picture', `no picture ${of} by ${participantId}`);
      const { data, width, height, takenAtMs } = jpeg;
      return { jpegBase64: Buffer.from(data).toString('base64'), width, height, takenAtMs };
    },
    'stage.status': () => {
      const atMs = nowMs();
      const scenes = [...this.#scenes].map(([sceneId, scene]) => ({
        sceneId,
        title: scene.title,
        participants: scene.status(atMs),
      }));
      const residentBytes = process.memoryUsage.rss();
      const open = [...this.#scenes.values()];
      return {
        scenes,
        canvases: open.flatMap(scene => scene.canvases),
        decoders: open.reduce((sum, scene) => sum + scene.decoders, 0),
        load: this.#studio.load,
        openSockets: this.#ports.openSockets,
        residentBytes,
      };
    },
  };

  #tellPositions(sceneId: string, scene: Scene, atMs: number): void {
    const { endpoints, composed = [] } = scene.positions(atMs);
    if (endpoints.length + composed.length === 0) return;
    this.#emit('scene.positions', { sceneId, endpoints, composed });
  }

  #closeEars(key: string): void {
    for (const ears of [this.#meters, this.#announcers]) {
      ears.get(key)?.close();
      ears.delete(key);
    }
  }

  /** @throws UnknownParticipant */
  #announcer(member: Member): Announcer {
    const announcer = this.#announcers.get(earKey(member));
    if (announcer) return announcer;
    throw new UnknownParticipant(`no announcer ${member.participantId}`);
  }

  #newScene(sceneId: string, title: string): Scene {
    const events = {
      onKeyframeNeeded: (participantId: string) =>
        this.#emit('endpoint.keyframe-needed', { sceneId, participantId }),
      onShowing: (participantId: string, shownParticipantId: string | null) =>
        this.#emit('endpoint.showing', { sceneId, participantId, shownParticipantId }),
      onQuality: (streams: StreamQuality[]) => this.#emit('scene.quality', { sceneId, streams }),
    };
    return new Scene(title, {
      sceneId,
      ports: this.#ports,
      events,
      openComposer: composerEvents => this.#studio.openComposer(composerEvents),
      allowance: () => this.#studio.allowance,
      log: this.#log.child({ sceneId }),
    });
  }

  #scene(sceneId: string): Scene {
    const scene = this.#scenes.get(sceneId);
    if (!scene) throw new StageError('not-found', `no scene ${sceneId}`);
    return scene;
  }
}

interface Member {
  readonly sceneId: string;
  readonly participantId: string;
}

function earKey({ sceneId, participantId }: Member): string {
  return `${sceneId}/${participantId}`;
}
