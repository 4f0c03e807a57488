import type { ReofferHandler, SignalingLeg } from '../../src/calls/ports.ts';
import type { EndReason } from '../../src/domain/call.ts';

/** What is the same of both kinds of legs: what was sent to the peer, and buttons to act as it. */
export abstract class FakeDialog implements SignalingLeg {
  readonly sipTransport = 'udp';
  readonly remoteAddr: string = '192.0.2.20:5060';
  readonly userAgent: string = 'FakeEndpoint/1.0';
  readonly messages = [];
  readonly ended: Promise<EndReason>;
  hungUpWith: EndReason | undefined;
  keyframesRequested = 0;
  reoffers: ReofferHandler | undefined;
  /** Our offers in the running call. */
  readonly reoffered: string[] = [];
  /** What it says to an offer of ours. */
  answerTo: (offerSdp: string) => string = () => '';
  pressKey: (key: string) => void = () => undefined;
  askForKeyframe: () => void = () => undefined;
  #end: (reason: EndReason) => void = () => undefined;

  constructor() {
    this.ended = new Promise(resolve => {
      this.#end = resolve;
    });
  }

  bye(reason: EndReason = 'peer-hangup'): void {
    this.#end(reason);
  }

  async hangup(reason: EndReason): Promise<void> {
    this.hungUpWith ??= reason;
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
