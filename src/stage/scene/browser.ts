import { randomInt } from 'node:crypto';
import type { StageOrder } from '../../contract/stage.ts';
import type { PortPair, PortPairs } from '../rtp/port-pairs.ts';
import { buildPli } from '../rtp/rtcp.ts';
import { Source } from './source.ts';

const MIN_KEYFRAME_INTERVAL_MS = 500;

/** A browser's camera on the stage, as the room server forwards it. */
export class Browser {
  readonly kind = 'browser' as const;
  readonly source: Source;
  readonly name: string;
  /** Slides, not a camera. */
  readonly isContent: boolean;
  readonly #pair: PortPair;
  readonly #ssrc: number;
  readonly #ownSsrc = randomInt(1, 2 ** 32 - 1);
  #feedback: { readonly host: string; readonly rtcpPort: number } | undefined;

  private constructor(params: StageOrder<'browser.add'>, pair: PortPair) {
    this.#ssrc = params.ssrc;
    this.name = params.name;
    this.isContent = params.content;
    this.#pair = pair;
    this.source = new Source({
      id: params.participantId,
      codec: params.codec,
      keyframeRate: { minIntervalMs: () => MIN_KEYFRAME_INTERVAL_MS, burstAllowed: () => true },
      askForKeyframe: () => this.#askForKeyframe(),
      onKeyframeRequest: () => undefined, // nothing is sent to a browser from here
      onReception: () => undefined, // for the same reason
    });
    pair.listen(this.source);
  }

  /** Opens its port pair; `close` frees it. @throws PortsExhausted */
  static async open(params: StageOrder<'browser.add'>, ports: PortPairs): Promise<Browser> {
    return new Browser(params, await ports.open({ rtpPort: params.resume?.rtpPort }));
  }

  get id(): string {
    return this.source.id;
  }

  get ports() {
    const { rtpPort, rtcpPort } = this.#pair;
    return { rtpPort, rtcpPort };
  }

  /**
   * Asks for a key frame though nothing has come yet: of a camera in two sizes the room server
   * sends nothing at all before one.
   */
  connect(feedback: { readonly host: string; readonly rtcpPort: number }): void {
    this.#feedback = feedback;
    this.source.requestKeyframe();
  }

  tick(atMs: number): void {
    this.source.tick(atMs);
  }

  /** Nobody is sent a report of its stream, but its loss is counted over the same time as others'. */
  report(atMs: number): void {
    this.source.stream.reportBlock(atMs);
  }

  close(): void {
    this.#pair.close();
  }

  /** By the room server; false until its address is known. */
  #askForKeyframe(): boolean {
    if (!this.#feedback) return false;
    this.#pair.sendRtcp(buildPli(this.#ownSsrc, this.#ssrc), this.#feedback);
    return true;
  }
}
