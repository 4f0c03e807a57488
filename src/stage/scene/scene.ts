import type { Logger } from 'pino';
import type { StageParams } from '../../contract/stage.ts';
import type { PortPairs } from '../rtp/port-pairs.ts';
import { Browser } from './browser.ts';
import { Endpoint, type EndpointTerms } from './endpoint.ts';
import { selectPicture } from './select.ts';
import { Slates } from './slates.ts';
import type { Source } from './source.ts';

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
  readonly #slates: Slates;
  readonly #members = new Map<string, Endpoint | Browser>();
  #title: string;
  #speakerIds: readonly string[] = [];
  #isClosed = false;

  constructor(title: string, ports: PortPairs, events: SceneEvents, log: Logger) {
    this.#title = title;
    this.#ports = ports;
    this.#events = events;
    this.#slates = new Slates(title, log);
  }

  get title(): string {
    return this.#title;
  }

  retitle(title: string): void {
    this.#title = title;
    this.#slates.retitle(title);
  }

  /** Adds an endpoint; one of the same id is replaced. @throws PortsExhausted */
  async addEndpoint(id: string, terms: EndpointTerms): Promise<Endpoint> {
    const endpoint = await Endpoint.open(
      {
        id,
        terms,
        onKeyframeNeeded: () => this.#events.onKeyframeNeeded(id),
        onShowing: shownId => this.#events.onShowing(id, shownId),
      },
      this.#ports,
    );
    this.#slates.get(endpoint.maxFs); // begins to be made now, not when it is wanted
    return this.#add(endpoint);
  }

  /** Adds a browser's camera; one of the same id is replaced. @throws PortsExhausted */
  async addBrowser(params: StageParams<'browser.add'>): Promise<Browser> {
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
    for (const endpoint of this.#endpoints()) endpoint.drop(member.source);
    member.close();
    this.#direct(Date.now());
  }

  speakers(ids: readonly string[]): void {
    this.#speakerIds = ids;
    this.#direct(Date.now());
  }

  /** Time passes: holes are given up, slates go on, the dead are not shown any more. */
  tick(nowMs: number): void {
    for (const member of this.#members.values()) member.tick(nowMs);
    this.#direct(nowMs);
  }

  report(nowMs: number): void {
    for (const endpoint of this.#endpoints()) endpoint.report(nowMs);
  }

  status(nowMs: number) {
    return [...this.#members.values()].map(member => {
      const { packets, lastPacketMs } = member.source.stream;
      return {
        participantId: member.id,
        kind: member.kind as 'endpoint' | 'browser',
        packetsReceived: packets,
        packetsSent: member.kind === 'endpoint' ? member.packetsSent : 0,
        ...(member instanceof Endpoint && { showing: member.shownId ?? null }),
        lastRtpAgoMs: lastPacketMs === undefined ? null : nowMs - lastPacketMs,
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
    return member;
  }

  #endpoints(): Endpoint[] {
    return [...this.#members.values()].filter(member => member.kind === 'endpoint');
  }

  /** Gives every endpoint the picture it is to see. */
  #direct(nowMs: number): void {
    const members = [...this.#members.values()];
    const candidates = members.map(member => member.source.candidate(nowMs));
    for (const endpoint of this.#endpoints()) {
      if (!endpoint.receives) {
        endpoint.blank();
        continue;
      }
      const { id, maxFs, shownId } = endpoint;
      const receiver = { id, maxFs, shownId: shownId ?? undefined };
      const wanted = selectPicture(receiver, this.#speakerIds, candidates);
      const source: Source | undefined =
        wanted === undefined ? undefined : this.#members.get(wanted)?.source;
      if (source) endpoint.show(source);
      else this.#showSlate(endpoint, nowMs);
    }
  }

  #showSlate(endpoint: Endpoint, nowMs: number): void {
    const slate = this.#slates.get(endpoint.maxFs);
    if (slate) endpoint.showSlate(slate, nowMs);
  }
}
