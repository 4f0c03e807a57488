import { randomInt } from 'node:crypto';
import type { StageParams } from '../../contract/stage.ts';
import type { PortPair, PortPairs } from '../rtp/port-pairs.ts';
import { buildPli } from '../rtp/rtcp.ts';
import { Source } from './source.ts';

const MIN_KEYFRAME_INTERVAL_MS = 500;

/** A browser's camera on the stage, as the room server forwards it. */
export class Browser {
  readonly kind = 'browser' as const;
  readonly source: Source;
  readonly #pair: PortPair;
  readonly #ssrc: number;
  readonly #ownSsrc = randomInt(1, 2 ** 32 - 1);
  #feedback: { readonly host: string; readonly rtcpPort: number } | undefined;

  private constructor(ssrc: number, source: Source, pair: PortPair) {
    this.#ssrc = ssrc;
    this.source = source;
    this.#pair = pair;
  }

  /** Opens its port pair; `close` frees it. @throws PortsExhausted */
  static async open(params: StageParams<'browser.add'>, ports: PortPairs): Promise<Browser> {
    const opened: { browser?: Browser } = {};
    const source = new Source({
      id: params.participantId,
      isShowable: params.codec === 'h264', // endpoints know no VP8
      minKeyframeIntervalMs: MIN_KEYFRAME_INTERVAL_MS,
      askForKeyframe: () => opened.browser && opened.browser.#askForKeyframe(),
      onKeyframeRequest: () => undefined, // nothing is sent to a browser from here
    });
    opened.browser = new Browser(params.ssrc, source, await ports.open(source));
    return opened.browser;
  }

  get id(): string {
    return this.source.id;
  }

  get ports() {
    const { rtpPort, rtcpPort } = this.#pair;
    return { rtpPort, rtcpPort };
  }

  connect(feedback: { readonly host: string; readonly rtcpPort: number }): void {
    this.#feedback = feedback;
  }

  tick(nowMs: number): void {
    this.source.tick(nowMs);
  }

  close(): void {
    this.#pair.close();
  }

  #askForKeyframe(): void {
    if (this.#feedback) this.#pair.sendRtcp(buildPli(this.#ownSsrc, this.#ssrc), this.#feedback);
  }
}
