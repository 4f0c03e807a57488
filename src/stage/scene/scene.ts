import type { Logger } from 'pino';
import type {
  StageEventParams,
  StageOrder,
  StageResult,
  StreamQuality,
} from '../../contract/stage.ts';
import { nowMs } from '../clock.ts';
import type { Composer, ComposerEvents } from '../compose/composer.ts';
import type { Jpeg } from '../compose/protocol.ts';
import type { PortPairs } from '../rtp/port-pairs.ts';
import type { Allowance } from './allowance.ts';
import { Browser } from './browser.ts';
import { ComposedFeed } from './composed-feed.ts';
import { Endpoint, type EndpointTerms } from './endpoint.ts';
import { floorStanding } from './floor-line.ts';
import { qualityOf } from './quality.ts';
import { factsOf, type Known } from './scene-facts.ts';
import { Screens } from './screens.ts';

type ParticipantStatus = StageResult<'stage.status'>['scenes'][number]['participants'][number];
type CanvasStatus = StageResult<'stage.status'>['canvases'][number];

export interface SceneEvents {
  readonly onKeyframeNeeded: (participantId: string) => void;
  readonly onShowing: (participantId: string, shownId: string | null) => void;
  /** Every second. */
  readonly onQuality: (streams: StreamQuality[]) => void;
}

export interface SceneDeps {
  readonly sceneId: string;
  readonly ports: PortPairs;
  readonly events: SceneEvents;
  /** Gives the scene its place at a composing thread; asked for when something is composed. */
  readonly openComposer: (events: ComposerEvents) => Composer;
  readonly allowance: () => Allowance;
  readonly log: Logger;
}

/** No such participant in the scene. */
export class UnknownParticipant extends Error {
  override readonly name = 'UnknownParticipant';
}

/** Nothing changes so fast that who sees what is found out more often. */
const DIRECT_INTERVAL_MS = 100;
const SECOND_MS = 1_000;

type Member = Endpoint | Browser;

/** One conference on the stage: its cameras, and who is shown what. */
export class Scene {
  readonly #deps: SceneDeps;
  readonly #members = new Map<string, Member>();
  readonly #composedFeeds = new Map<string, ComposedFeed>();
  readonly #screens: Screens;
  #known: Known;
  #directedMs = Number.NEGATIVE_INFINITY;
  #toldMs = 0;
  #isClosed = false;

  constructor(title: string, deps: SceneDeps) {
    this.#known = { title, speakerIds: [], people: [], layout: { layout: 'auto' } };
    this.#deps = deps;
    const sourceOf = (id: string) => this.#members.get(id)?.source;
    this.#screens = new Screens({ ...deps, title, sourceOf });
  }

  get title(): string {
    return this.#known.title;
  }

  /** Changes what its slate says. */
  rewrite(title: string, lines?: readonly string[]): void {
    this.#known = { ...this.#known, title };
    this.#screens.slates.rewrite(title, lines);
  }

  /** Adds an endpoint; one of the same id is replaced. @throws PortsExhausted */
  async addEndpoint(
    id: string,
    name: string,
    terms: EndpointTerms,
    resume?: StageOrder<'endpoint.add'>['resume'],
  ): Promise<Endpoint> {
    const endpoint = await Endpoint.open(
      {
        id,
        name,
        terms,
        resume,
        onKeyframeNeeded: () => this.#deps.events.onKeyframeNeeded(id),
        onShowing: shownId => {
          this.#deps.log.debug({ participantId: id, shownId }, 'picture switched');
          this.#deps.events.onShowing(id, shownId);
        },
        onRate: rate => this.#deps.log.debug({ participantId: id, ...rate }, 'bit rate changed'),
      },
      this.#deps.ports,
    );
    this.#screens.slates.get(terms.limits.maxFs, terms.limits.maxBitrateBps, nowMs()); // begins to be made now, not when it is wanted
    return this.#add(endpoint);
  }

  /** Adds a browser's camera or slides; one of the same id is replaced. @throws PortsExhausted */
  async addBrowser(params: StageOrder<'browser.add'>): Promise<Browser> {
    return this.#add(await Browser.open(params, this.#deps.ports));
  }

  /** Adds the composed picture as a feed; one of the same id is replaced. @throws PortsExhausted */
  async addComposedFeed(params: StageOrder<'composed.add'>): Promise<ComposedFeed> {
    const id = params.participantId;
    const feed = await ComposedFeed.open(params, this.#deps.ports);
    if (this.#isClosed) {
      feed.close();
      throw new UnknownParticipant('the scene was closed');
    }
    this.remove(id);
    this.#composedFeeds.set(id, feed);
    return feed;
  }

  /** @throws UnknownParticipant */
  endpoint(id: string): Endpoint {
    const member = this.#members.get(id);
    if (member?.kind === 'endpoint') return member;
    throw new UnknownParticipant(`no endpoint ${id}`);
  }

  /** @throws UnknownParticipant */
  browser(id: string): Browser {
    const member = this.#members.get(id);
    if (member?.kind === 'browser') return member;
    throw new UnknownParticipant(`no browser ${id}`);
  }

  /** @throws UnknownParticipant */
  composedFeed(id: string): ComposedFeed {
    const feed = this.#composedFeeds.get(id);
    if (feed) return feed;
    throw new UnknownParticipant(`no composed feed ${id}`);
  }

  remove(id: string): void {
    const feed = this.#composedFeeds.get(id);
    this.#composedFeeds.delete(id);
    const member = this.#members.get(id);
    if (!member && !feed) return;
    this.#members.delete(id);
    if (member) {
      for (const endpoint of this.#endpoints()) endpoint.picture.drop(member.source);
      this.#screens.forget(member.source);
      this.#deps.log.info({ participantId: id }, 'participant left the scene');
    }
    this.#direct(nowMs());
    member?.close();
    feed?.close();
  }

  speakers(ids: readonly string[]): void {
    this.#known = { ...this.#known, speakerIds: ids };
    this.#direct(nowMs());
  }

  people(people: Known['people']): void {
    this.#known = { ...this.#known, people };
    this.#direct(nowMs());
  }

  layOut(layout: Known['layout']): void {
    this.#known = { ...this.#known, layout };
    this.#direct(nowMs());
  }

  /** Writes a message across what everybody is shown; '' takes it away. */
  say(message: string): void {
    this.#known = { ...this.#known, message };
    this.#direct(nowMs());
  }

  /** Writes above what everybody is shown who has the floor and who waits; nobody takes it away. */
  giveFloor(order: Pick<StageOrder<'scene.floor'>, 'floor' | 'queue'>): void {
    const atMs = nowMs();
    this.#known = { ...this.#known, floor: floorStanding(order, atMs) };
    this.#direct(atMs);
  }

  /**
   * What a participant sends, or what an endpoint is shown; undefined when no picture comes in time.
   *
   * @throws UnknownParticipant
   */
  async snapshot(id: string, of: 'sent' | 'seen', maxWidth: number): Promise<Jpeg | undefined> {
    const seen = of === 'seen' ? this.endpoint(id).picture : undefined;
    if (seen?.canvas) return this.#screens.snapshotOfCanvas(seen.canvas, maxWidth);
    const sourceId = seen ? seen.shownId : id;
    if (sourceId === null || sourceId === undefined) return undefined;
    const source = this.#members.get(sourceId)?.source;
    if (!source) throw new UnknownParticipant(`no picture of ${sourceId}`);
    return source.isLive(nowMs()) ? this.#screens.snapshotOfCamera(source, maxWidth) : undefined;
  }

  /** Time passes: holes are given up, slates go on, the dead are not shown any more. */
  tick(atMs: number): void {
    for (const member of this.#members.values()) member.tick(atMs);
    this.#screens.tick(atMs);
    if (atMs - this.#directedMs >= DIRECT_INTERVAL_MS) this.#direct(atMs);
    if (atMs - this.#toldMs >= SECOND_MS) this.#tell(atMs);
  }

  report(atMs: number): void {
    for (const member of this.#members.values()) member.report(atMs);
    for (const { feed } of this.#composedFeeds.values()) feed.report(atMs);
  }

  /** Where its streams are. */
  positions(atMs: number): Omit<StageEventParams<'scene.positions'>, 'sceneId'> {
    return {
      endpoints: this.#endpoints().map(endpoint => ({
        participantId: endpoint.id,
        ...endpoint.positions(atMs),
      })),
      composed: [...this.#composedFeeds.values()].map(({ id, feed }) => ({
        participantId: id,
        feed: feed.position(atMs),
      })),
    };
  }

  status(atMs: number): ParticipantStatus[] {
    return [...this.#members.values()].map(member => {
      const { packets, lastPacketMs, lossRatio } = member.source.stream;
      return {
        participantId: member.id,
        kind: member.kind,
        packetsReceived: packets,
        packetsSent: 0,
        lastRtpAgoMs: lastPacketMs === undefined ? null : Math.round(atMs - lastPacketMs),
        receivedLossRatio: lossRatio,
        ...(member.kind === 'endpoint' && sentStatus(member)),
      };
    });
  }

  get canvases(): CanvasStatus[] {
    const { sceneId } = this.#deps;
    return this.#screens.canvases.map(({ groupName, shownIds, receiverIds, composed }) => ({
      sceneId,
      group: groupName,
      shownIds: [...shownIds],
      receivers: receiverIds.size,
      fps: composed.fps,
    }));
  }

  /** Cameras that are decoded now. */
  get decoders(): number {
    return this.#screens.decoders;
  }

  close(): void {
    this.#isClosed = true;
    for (const id of [...this.#members.keys(), ...this.#composedFeeds.keys()]) this.remove(id);
    this.#screens.close();
  }

  #add<T extends Member>(member: T): T {
    if (this.#isClosed) {
      member.close();
      throw new UnknownParticipant('the scene was closed');
    }
    this.remove(member.id);
    this.#members.set(member.id, member);
    const { kind } = member;
    this.#deps.log.info({ participantId: member.id, kind }, 'participant entered the scene');
    return member;
  }

  /** In the order in which they came. */
  #endpoints(): Endpoint[] {
    return [...this.#members.values()].filter(member => member.kind === 'endpoint');
  }

  /** Gives everybody the picture it is to see. */
  #direct(atMs: number): void {
    if (this.#isClosed) return;
    this.#directedMs = atMs;
    const facts = factsOf([...this.#members.values()], this.#known, atMs);
    const composedFeeds = [...this.#composedFeeds.values()];
    this.#screens.show(facts, { endpoints: this.#endpoints(), composedFeeds }, atMs);
  }

  #tell(atMs: number): void {
    this.#toldMs = atMs;
    const streams = [...this.#members.values()].map(({ id, source, isContent }) =>
      qualityOf(source, isContent, this.#screens.decodedOf(id), atMs),
    );
    this.#deps.events.onQuality(streams);
  }
}

function sentStatus({ picture, sent }: Endpoint) {
  const { lossRatio, roundTripMs } = sent.reception ?? {};
  return {
    packetsSent: sent.packets,
    showing: picture.shownId ?? null,
    ...(lossRatio !== undefined && { sentLossRatio: lossRatio }),
    ...(roundTripMs !== undefined && { roundTripMs }),
  };
}
