import type { Logger } from 'pino';
import type { StageEventParams, StageOrder, StageResult } from '../../contract/stage.ts';
import { nowMs } from '../clock.ts';
import type { PortPairs } from '../rtp/port-pairs.ts';
import { Browser } from './browser.ts';
import { Endpoint, type EndpointTerms } from './endpoint.ts';
import { type Candidate, selectPicture } from './select.ts';
import { Slates } from './slates.ts';

type ParticipantStatus = StageResult<'stage.status'>['scenes'][number]['participants'][number];

export interface SceneEvents {
  readonly onKeyframeNeeded: (participantId: string) => void;
  readonly onShowing: (participantId: string, shownId: string | null) => void;
}

/** No such participant in the scene. */
export class UnknownParticipant extends Error {
  override readonly name = 'UnknownParticipant';
}

/** One conference on the stage: its cameras, and who is shown which. */
export class Scene {
  readonly #ports: PortPairs;
  readonly #events: SceneEvents;
  readonly #log: Logger;
  readonly #slates: Slates;
  readonly #members = new Map<string, Endpoint | Browser>();
  #title: string;
  #speakerIds: readonly string[] = [];
  #isClosed = false;

  constructor(title: string, ports: PortPairs, events: SceneEvents, log: Logger) {
    this.#title = title;
    this.#ports = ports;
    this.#events = events;
    this.#log = log;
    this.#slates = new Slates(title, log);
  }

  get title(): string {
    return this.#title;
  }

  /** Changes what its slate says. */
  rewrite(title: string, lines?: readonly string[]): void {
    this.#title = title;
    this.#slates.rewrite(title, lines);
  }

  /** Adds an endpoint; one of the same id is replaced. @throws PortsExhausted */
  async addEndpoint(
    id: string,
    terms: EndpointTerms,
    resume?: StageOrder<'endpoint.add'>['resume'],
  ): Promise<Endpoint> {
    const endpoint = await Endpoint.open(
      {
        id,
        terms,
        resume,
        onKeyframeNeeded: () => this.#events.onKeyframeNeeded(id),
        onShowing: shownId => {
          this.#log.debug({ participantId: id, shownId }, 'picture switched');
          this.#events.onShowing(id, shownId);
        },
      },
      this.#ports,
    );
    this.#slates.get(endpoint.maxFs, nowMs()); // begins to be made now, not when it is wanted
    return this.#add(endpoint);
  }

  /** Adds a browser's camera; one of the same id is replaced. @throws PortsExhausted */
  async addBrowser(params: StageOrder<'browser.add'>): Promise<Browser> {
    return this.#add(await Browser.open(params, this.#ports));
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

  remove(id: string): void {
    const member = this.#members.get(id);
    if (!member) return;
    this.#members.delete(id);
    for (const endpoint of this.#endpoints()) endpoint.picture.drop(member.source);
    member.close();
    this.#log.info({ participantId: id }, 'participant left the scene');
    this.#direct(nowMs());
  }

  speakers(ids: readonly string[]): void {
    this.#speakerIds = ids;
    this.#direct(nowMs());
  }

  /** Time passes: holes are given up, slates go on, the dead are not shown any more. */
  tick(atMs: number): void {
    for (const member of this.#members.values()) member.tick(atMs);
    this.#direct(atMs);
  }

  report(atMs: number): void {
    for (const endpoint of this.#endpoints()) endpoint.report(atMs);
  }

  /** Where the streams of its endpoints are. */
  positions(atMs: number): StageEventParams<'scene.positions'>['endpoints'] {
    return this.#endpoints().map(endpoint => ({
      participantId: endpoint.id,
      ...endpoint.positions(atMs),
    }));
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

  close(): void {
    this.#isClosed = true;
    for (const id of [...this.#members.keys()]) this.remove(id);
  }

  #add<T extends Endpoint | Browser>(member: T): T {
    if (this.#isClosed) {
      member.close();
      throw new UnknownParticipant('the scene was closed');
    }
    this.remove(member.id);
    this.#members.set(member.id, member);
    const { kind } = member;
    this.#log.info({ participantId: member.id, kind }, 'participant entered the scene');
    return member;
  }

  /** In the order in which they came. */
  #endpoints(): Endpoint[] {
    return [...this.#members.values()].filter(member => member.kind === 'endpoint');
  }

  /** Gives every endpoint the picture it is to see. */
  #direct(atMs: number): void {
    if (this.#isClosed) return;
    const candidates = [...this.#members.values()].map(member => member.source.candidate(atMs));
    for (const endpoint of this.#endpoints()) {
      if (endpoint.receives) this.#directOne(endpoint, candidates, atMs);
      else endpoint.picture.blank();
    }
  }

  #directOne(endpoint: Endpoint, candidates: readonly Candidate[], atMs: number): void {
    const { id, maxFs, picture } = endpoint;
    const receiver = { id, maxFs, recentIds: picture.recentIds };
    const shownId = selectPicture(receiver, this.#speakerIds, candidates);
    const source = shownId === undefined ? undefined : this.#members.get(shownId)?.source;
    const slate = this.#slates.get(maxFs, atMs);
    if (source) picture.show(source, slate, atMs);
    else if (slate) picture.showSlate(slate, atMs);
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
