import type { ReofferHandler, SignalingLeg } from '../../src/calls/ports.ts';
import type { EndReason } from '../../src/domain/call.ts';
import type { GatewayError } from '../../src/domain/errors.ts';

/** One caller: what it was told, and buttons to act as the peer. */
export class FakeLeg implements SignalingLeg {
  readonly sipTransport = 'udp';
  readonly remoteAddr = '192.0.2.20:5060';
  readonly userAgent = 'FakeEndpoint/1.0';
  readonly messages = [];
  readonly offerSdp: string | undefined;
  readonly ended: Promise<EndReason>;
  answerSdp: string | undefined;
  rejectedWith: GatewayError | undefined;
  hungUpWith: EndReason | undefined;
  keyframesRequested = 0;
  reoffers: ReofferHandler | undefined;
  offeredSdp: string | undefined;
  /** Our offers in the running call. */
  readonly reoffered: string[] = [];
  /** What it says to an offer of ours. */
  answerTo: (offerSdp: string) => string = () => '';
  pressKey: (key: string) => void = () => undefined;
  askForKeyframe: () => void = () => undefined;
  readonly #cancel = new AbortController();
  #end: (reason: EndReason) => void = () => undefined;

  constructor(offerSdp: string | undefined) {
    this.offerSdp = offerSdp;
    this.ended = new Promise(resolve => {
      this.#end = resolve;
    });
  }

  get cancelled(): AbortSignal {
    return this.#cancel.signal;
  }

  cancel(): void {
    this.#cancel.abort(new Error('cancelled by the peer'));
  }

  bye(reason: EndReason = 'peer-hangup'): void {
    this.#end(reason);
  }

  async accept(answerSdp: string): Promise<void> {
    this.answerSdp = answerSdp;
  }

  reject(error: GatewayError): void {
    if (!this.answerSdp) this.rejectedWith = error;
  }

  async hangup(reason: EndReason): Promise<void> {
    this.hungUpWith ??= reason;
  }

  async offer(offerSdp: string): Promise<string> {
    this.answerSdp = offerSdp;
    this.offeredSdp = offerSdp;
    return this.answerTo(offerSdp);
  }

  onReoffer(handler: ReofferHandler): void {
    this.reoffers = handler;
  }

  /** The peer offers anew; gives our answer. */
  async offerAnew(offerSdp: string): Promise<string> {
    return (await this.reoffers?.answer(offerSdp)) ?? '';
  }

  async reoffer(offerSdp: string, signal: AbortSignal): Promise<string> {
    signal.throwIfAborted();
    this.reoffered.push(offerSdp);
    return this.answerTo(offerSdp);
  }

  onKey(handler: (key: string) => void): void {
    this.pressKey = handler;
  }

  onKeyframeRequest(handler: () => void): void {
    this.askForKeyframe = handler;
  }

  async requestKeyframe(): Promise<void> {
    this.keyframesRequested += 1;
  }
}
