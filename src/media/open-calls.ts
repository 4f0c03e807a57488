import type { NgReply } from './ng-client.ts';
import { SilenceGauge } from './packet-times.ts';

interface OpenCall {
  readonly gauge: SilenceGauge;
  /** rtpengine has said that it holds the call. */
  confirmed: boolean;
  /** Settles when nothing is under way for the call; never rejects. */
  underWay: Promise<unknown>;
}

/** How many calls are asked for before all are believed lost. */
const WITNESSES = 3;

/** The calls we have opened at rtpengine, and what is under way for each. */
export class OpenCalls {
  readonly #calls = new Map<string, OpenCall>();

  has(id: string): boolean {
    return this.#calls.has(id);
  }

  /** A command that opens or changes the call has been sent. */
  asked(id: string, reply: Promise<NgReply>, nowMs: number): void {
    const call = this.#calls.get(id) ?? {
      gauge: new SilenceGauge(nowMs),
      confirmed: false,
      underWay: Promise.resolve(),
    };
    this.#calls.set(id, call);
    const settled = reply.then(
      ({ result }) => {
        if (result === 'ok') call.confirmed = true;
      },
      () => undefined, // Told to whoever asked.
    );
    call.underWay = Promise.all([call.underWay, settled]);
  }

  gaugeOf(id: string): SilenceGauge | undefined {
    return this.#calls.get(id)?.gauge;
  }

  /** Forgets a call; resolves when what was under way for it has settled. */
  async forget(id: string): Promise<void> {
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    await call?.underWay;
  }

  /** Forgets all; gives their ids. */
  forgetAll(): string[] {
    const ids = [...this.#calls.keys()];
    this.#calls.clear();
    return ids;
  }

  /** Some calls that rtpengine must know, unless it was started anew. */
  witnesses(): string[] {
    const confirmed = [...this.#calls].filter(([, call]) => call.confirmed);
    return confirmed.slice(0, WITNESSES).map(([id]) => id);
  }
}
