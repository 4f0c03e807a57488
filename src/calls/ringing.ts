import type { EndReason } from '../domain/call.ts';
import { GatewayError } from '../domain/errors.ts';
import { abortable } from '../util/abort.ts';
import type { Clock, OutgoingLeg } from './ports.ts';

export interface RingTimes {
  /** A device that shows nothing for so long is not there: one that is rings within a second or two. */
  readonly reactTimeoutMs: number;
  /** How long it may ring. */
  readonly ringTimeoutMs: number;
}

export interface RingingOptions {
  /** Each cancels the call; the reason is an `EndReason`. */
  readonly stop: readonly AbortSignal[];
  /** Told once, also when the device is invited again. */
  readonly onRinging: () => void;
}

/** Somebody did not want the call any more. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
  readonly reason: EndReason;

  constructor(reason: EndReason) {
    super(`stopped: ${reason}`);
    this.reason = reason;
  }
}

/** The time from an INVITE of ours to its answer, which has two ends; whoever made it closes it. */
export class Ringing {
  readonly #deps: RingTimes & { readonly clock: Clock };
  readonly #options: RingingOptions;
  readonly #stop: AbortSignal;
  readonly #over = new AbortController();
  #isRinging = false;

  constructor(deps: RingTimes & { readonly clock: Clock }, options: RingingOptions) {
    this.#deps = deps;
    this.#options = options;
    this.#stop = AbortSignal.any([...options.stop]);
  }

  /**
   * Invites and waits for the answer.
   *
   * @throws Stopped, and GatewayError `peer-no-answer`, `peer-unreachable` and what the leg throws
   */
  async invite(leg: OutgoingLeg, offerSdp: string): Promise<string> {
    if (this.#stop.aborted) throw new Stopped(this.#stop.reason);
    const { reactTimeoutMs, ringTimeoutMs } = this.#deps;
    const cancel = new AbortController();
    const stopped = () => cancel.abort(new Stopped(this.#stop.reason));
    this.#stop.addEventListener('abort', stopped, { once: true });
    let patience = this.#patience(cancel, 'peer-unreachable', reactTimeoutMs);
    const onRinging = () => {
      patience.abort();
      patience = this.#patience(cancel, 'peer-no-answer', ringTimeoutMs);
      if (this.#isRinging) return;
      this.#isRinging = true;
      this.#options.onRinging();
    };
    try {
      const { signal } = cancel;
      return await abortable(leg.invite(offerSdp, { signal, onRinging }), signal);
    } finally {
      patience.abort();
      this.#stop.removeEventListener('abort', stopped);
    }
  }

  close(): void {
    this.#over.abort(new Error('call over'));
  }

  /** Cancels with `code` after a while; aborted when it is not needed any more. */
  #patience(
    cancel: AbortController,
    code: 'peer-no-answer' | 'peer-unreachable',
    timeoutMs: number,
  ): AbortController {
    const done = new AbortController();
    const signal = AbortSignal.any([done.signal, this.#over.signal]);
    this.#deps.clock.sleep(timeoutMs, signal).then(
      () => cancel.abort(new GatewayError(code, `no answer within ${timeoutMs} ms`)),
      () => undefined, // answered, refused, or rings now
    );
    return done;
  }
}
