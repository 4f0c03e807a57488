import type { Logger } from 'pino';
import type { Clock } from '../calls/ports.ts';
import { type Occurrence, occurrences } from '../conferences/schedule.ts';
import type { MeetingPlan, PlanStore } from './ports.ts';

export interface SchedulerDeps {
  readonly plans: PlanStore;
  readonly clock: Clock;
  /** Told of what takes place now, again with each look; may run already. */
  readonly start: (plan: MeetingPlan, occurrence: Occurrence) => void;
  readonly log: Logger;
}

/** Plans are read again after this, also when nobody says that one has changed. */
const LOOK_AFTER_MS = 60_000;

/** Starts meetings at their planned time, also those whose time began while nobody looked. */
export class Scheduler {
  readonly #deps: SchedulerDeps;
  readonly #stop = new AbortController();
  #nap = new AbortController();

  constructor(deps: SchedulerDeps) {
    this.#deps = deps;
  }

  /** Goes on until `close`. */
  start(): void {
    void this.#go();
  }

  /** A plan has changed: looks at once. */
  changed(): void {
    this.#nap.abort(new Error('plan changed'));
  }

  close(): void {
    this.#stop.abort(new Error('closed'));
  }

  async #go(): Promise<void> {
    const { clock, log } = this.#deps;
    while (!this.#stop.signal.aborted) {
      this.#nap = new AbortController();
      const signal = AbortSignal.any([this.#stop.signal, this.#nap.signal]);
      const nextAtMs = await this.#look().catch(err => {
        log.warn({ err }, 'plans not read');
        return undefined;
      });
      const nowMs = clock.now();
      const waitMs = Math.min(LOOK_AFTER_MS, (nextAtMs ?? Number.POSITIVE_INFINITY) - nowMs);
      await clock.sleep(Math.max(1, waitMs), signal).catch(() => undefined); // closed, or woken
    }
  }

  /** Starts what is on; gives when the next begins, as far as it is near. */
  async #look(): Promise<number | undefined> {
    const nowMs = this.#deps.clock.now();
    const starts: number[] = [];
    for (const plan of await this.#deps.plans.listScheduled()) {
      for (const occurrence of this.#near(plan, nowMs)) {
        if (occurrence.startsAtMs <= nowMs) this.#deps.start(plan, occurrence);
        else starts.push(occurrence.startsAtMs);
      }
    }
    return starts.length > 0 ? Math.min(...starts) : undefined;
  }

  #near({ schedule, conference }: MeetingPlan, nowMs: number): Occurrence[] {
    try {
      return schedule ? occurrences(schedule, nowMs, nowMs + LOOK_AFTER_MS) : [];
    } catch (err) {
      // One plan that cannot be read must not stop the others.
      this.#deps.log.warn({ err, conferenceId: conference.id }, 'plan not understood');
      return [];
    }
  }
}
