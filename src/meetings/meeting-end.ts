import type { Clock } from '../calls/ports.ts';
import { GatewayError } from '../domain/errors.ts';
import { OneTimer } from './one-timer.ts';
import type { MeetingPlan } from './ports.ts';

export interface MeetingEndDeps {
  readonly clock: Clock;
  /** A meeting that ends when it is empty, or has no planned end, has to be empty for so long. */
  readonly emptyAfterMs: number;
  /** Fires when it is over. */
  readonly over: AbortSignal;
  /** How it ends as it is planned now. */
  readonly ending: () => MeetingPlan['ending'];
  readonly onEnd: (why: string) => void;
}

/**
 * When a meeting ends by itself: at its time; where it waits for an empty room, or has no time,
 * when nobody has been here or on the way for a while.
 */
export class MeetingEnd {
  readonly #deps: MeetingEndDeps;
  readonly #timer: OneTimer;
  #atMs: number | undefined;
  #isDeserted = false;

  constructor(deps: MeetingEndDeps, atMs: number | undefined) {
    this.#deps = deps;
    this.#timer = new OneTimer(deps.clock, deps.over);
    this.#atMs = atMs;
  }

  /** Undefined: until somebody ends it. */
  get atMs(): number | undefined {
    return this.#atMs;
  }

  /** Moves it. @throws GatewayError `bad-request` where there is none */
  extend(byMs: number): void {
    if (this.#atMs === undefined)
      throw new GatewayError(
        'bad-request',
        'The meeting has no planned end: end it when it is over.',
      );
    this.#atMs = Math.max(this.#atMs + byMs, this.#deps.clock.now());
    this.arm();
  }

  /** Whether nobody is here or on the way. */
  deserted(isDeserted: boolean): void {
    if (isDeserted === this.#isDeserted) return;
    this.#isDeserted = isDeserted;
    this.arm();
  }

  arm(): void {
    this.#timer.clear();
    const { clock, emptyAfterMs, ending, onEnd } = this.#deps;
    const nowMs = clock.now();
    const leftMs = Math.max(0, (this.#atMs ?? nowMs) - nowMs);
    if (ending() === 'at-time' && this.#atMs !== undefined)
      return this.#timer.set(leftMs, () => onEnd('its time is over'));
    if (!this.#isDeserted) return;
    this.#timer.set(Math.max(leftMs, emptyAfterMs), () => onEnd('everybody has left'));
  }
}
