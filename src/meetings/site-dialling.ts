import type { Logger } from 'pino';
import type { Clock } from '../calls/ports.ts';
import type { EndReason } from '../domain/call.ts';
import { toGatewayError } from '../domain/errors.ts';
import type { CallId, ConferenceId, EndpointId } from '../domain/ids.ts';
import { BOTTOM, isFault, type Ladder, nextRung, type SitePosition } from './ladder.ts';
import type { Pacer } from './pacer.ts';
import type { MeetingCalls, PlannedSite, SavedSite } from './ports.ts';
import { nextSiteState, type SiteEvent, type SiteState } from './site-state.ts';

/** A line that broke is given this long before it is called again. */
const AFTER_FAULT_MS = 5_000;

export interface SiteDiallingDeps {
  readonly conferenceId: ConferenceId;
  readonly calls: MeetingCalls;
  readonly pacer: Pacer;
  readonly clock: Clock;
  readonly ladder: Omit<Ladder, 'endpointIds'>;
  readonly onChange: () => void;
  readonly log: Logger;
}

const UNDER_WAY: readonly SiteState[] = ['waiting', 'dialling', 'ringing'];

/** Why a call to a site was stopped, as `EndReason`. */
type StopReason = Extract<EndReason, 'operator' | 'room-hangup' | 'cancelled' | 'shutdown'>;

/** One site of a running meeting: brings it in, and knows how it stands. */
export class SiteDialling {
  readonly #deps: SiteDiallingDeps;
  #plan: PlannedSite;
  #state: SiteState = 'not-called';
  #sinceMs: number;
  #position = BOTTOM;
  #attempts = 0;
  #reason: EndReason | undefined;
  #retryAtMs: number | undefined;
  #callId: CallId | undefined;
  /** Stops what brings the site in, or the call of ours that stands. */
  #stop: AbortController | undefined;
  #isHere = false;
  #isOver = false;

  constructor(deps: SiteDiallingDeps, plan: PlannedSite) {
    this.#deps = deps;
    this.#plan = plan;
    this.#sinceMs = deps.clock.now();
  }

  get siteId() {
    return this.#plan.siteId;
  }

  get name(): string {
    return this.#plan.name;
  }

  get state(): SiteState {
    return this.#state;
  }

  get callId(): CallId | undefined {
    return this.#callId;
  }

  get saved(): SavedSite {
    return {
      siteId: this.siteId,
      state: this.#state,
      sinceMs: this.#sinceMs,
      position: this.#position,
      attempts: this.#attempts,
      ...(this.#reason && { reason: this.#reason }),
      ...(this.#retryAtMs !== undefined && { retryAtMs: this.#retryAtMs }),
    };
  }

  /** The plan was changed: another name, other endpoints, to be dialled or not any more. */
  replan(plan: PlannedSite): void {
    const wasDialled = this.#plan.dialOut;
    this.#plan = plan;
    if (plan.dialOut && !wasDialled) this.dial();
    if (!plan.dialOut && wasDialled) this.cancel();
    this.#deps.onChange();
  }

  /** Brings the site in, from the bottom of its ladder; nothing to do where that is under way, or it is here. */
  dial(): void {
    this.#dialFrom(BOTTOM, 0);
  }

  /** Gives up bringing it in; one that is here stays. */
  cancel(): void {
    if (this.#state === 'connected') return;
    this.#abort('operator');
    this.#move('cancel', { reason: undefined });
  }

  /** Ends our own call to it, or the attempt at one. */
  hangUp(reason: StopReason): void {
    this.cancel();
    this.#abort(reason);
  }

  /** Goes on where a gateway that died has left it. */
  resume(saved: SavedSite): void {
    this.#attempts = saved.attempts;
    this.#reason = saved.reason as EndReason | undefined;
    const { state } = saved;
    if (state === 'failed' || state === 'left' || state === 'not-called') {
      this.#state = state;
      this.#sinceMs = saved.sinceMs;
      return;
    }
    if (!this.#plan.dialOut) {
      // It dials in by itself: whether it will again is its own business.
      this.#state = state === 'connected' ? 'left' : 'not-called';
      if (state === 'connected') this.#reason = 'shutdown';
      return;
    }
    const waitMs = saved.retryAtMs === undefined ? 0 : saved.retryAtMs - this.#deps.clock.now();
    const wasHere = state === 'connected';
    this.#dialFrom(wasHere ? BOTTOM : saved.position, Math.max(0, waitMs));
  }

  /** Told whenever an endpoint of it is in the conference or none is any more. */
  present(isHere: boolean): void {
    if (isHere === this.#isHere) return;
    this.#isHere = isHere;
    if (!isHere) return; // why, the end of its call will tell
    if (this.#state !== 'connected' && !this.#isOurCallUp) this.#abort('cancelled');
    this.#move('join', { reason: undefined });
    this.#position = BOTTOM;
  }

  /** A call of the site that stood has ended. */
  callEnded(reason: EndReason): void {
    if (this.#isHere || this.#isOver || this.#state !== 'connected') return;
    if (!isFault(reason) || !this.#plan.dialOut) return this.#move('leave', { reason });
    this.#reason = reason;
    this.#dialFrom(BOTTOM, AFTER_FAULT_MS);
  }

  /** The meeting is over: nothing is begun any more; calls are ended with `reason`, or left alone. */
  close(reason: StopReason | undefined): void {
    this.#isOver = true;
    if (reason) this.#abort(reason);
  }

  get #isOurCallUp(): boolean {
    return this.#callId !== undefined;
  }

  #dialFrom(position: SitePosition, waitMs: number): void {
    if (this.#isOver || this.#isHere) return;
    if (UNDER_WAY.includes(this.#state)) return;
    this.#abort('operator');
    const stop = new AbortController();
    this.#stop = stop;
    this.#climb(position, waitMs, stop.signal).catch(err => {
      if (!stop.signal.aborted) this.#deps.log.error({ err, siteId: this.siteId }, 'not dialled');
    });
  }

  /** Brings the site in: one call after the other, read downward. Rejects when it was stopped. */
  async #climb(from: SitePosition, firstWaitMs: number, signal: AbortSignal): Promise<void> {
    let position = from;
    let waitMs = firstWaitMs;
    for (;;) {
      this.#position = position;
      if (waitMs > 0) await this.#waitUntilRetry(waitMs, signal);
      this.#move('want', { reason: this.#reason });
      const reason = await this.#callOnce(position, signal);
      if (reason === undefined) return;
      const next = nextRung(this.#ladder, position, reason);
      if (next.kind === 'give-up') return this.#move('fail', { reason });
      this.#reason = reason;
      ({ position, waitMs } = next);
      if (waitMs === 0) this.#move('retry', { reason });
    }
  }

  async #waitUntilRetry(waitMs: number, signal: AbortSignal): Promise<void> {
    const retryAtMs = this.#deps.clock.now() + waitMs;
    this.#move('retry', { reason: this.#reason });
    this.#retryAtMs = retryAtMs;
    this.#deps.onChange();
    await this.#deps.clock.sleep(waitMs, signal);
  }

  /** One call; gives why it did not get through, undefined when it did. */
  async #callOnce({ step }: SitePosition, signal: AbortSignal): Promise<EndReason | undefined> {
    const endpointId = this.#ladder.endpointIds[step];
    if (!endpointId) return 'peer-address-missing';
    const giveBack = await this.#deps.pacer.turn(signal);
    try {
      signal.throwIfAborted();
      this.#attempts += 1;
      this.#move('dial', { reason: this.#reason });
      return await this.#call(endpointId, signal, giveBack);
    } finally {
      giveBack();
    }
  }

  async #call(
    endpointId: EndpointId,
    signal: AbortSignal,
    giveBack: () => void,
  ): Promise<EndReason | undefined> {
    const { calls, conferenceId } = this.#deps;
    let isUp = false;
    try {
      const end = await calls.call({
        conferenceId,
        endpointId,
        stop: signal,
        onProgress: (state, callId) => {
          if (state === 'ringing') return this.#move('ring', { reason: this.#reason });
          isUp = true;
          this.#callId = callId; // before the site is seen in the conference
          giveBack();
        },
      });
      if (this.#callId === end.callId) this.#callId = undefined;
      // Of a call that stood, `callEnded` is told; one that was stopped is nobody's failure.
      return isUp || signal.aborted ? undefined : end.reason;
    } catch (thrown) {
      const { code, message } = toGatewayError(thrown);
      this.#deps.log.info({ siteId: this.siteId, code, reason: message }, 'site not called');
      return code;
    }
  }

  get #ladder(): Ladder {
    return { ...this.#deps.ladder, endpointIds: this.#plan.endpointIds };
  }

  #abort(reason: StopReason): void {
    const stop = this.#stop;
    this.#stop = undefined;
    stop?.abort(reason);
  }

  /** The one place where the state changes; an event that means nothing now changes nothing. */
  #move(event: SiteEvent, { reason }: { readonly reason: EndReason | undefined }): void {
    const state = nextSiteState(this.#state, event);
    if (!state || (this.#isOver && event !== 'leave')) return;
    this.#state = state;
    this.#sinceMs = this.#deps.clock.now();
    this.#reason = reason;
    this.#retryAtMs = undefined;
    this.#deps.log.info({ siteId: this.siteId, event, state, reason }, 'site');
    this.#deps.onChange();
  }
}
