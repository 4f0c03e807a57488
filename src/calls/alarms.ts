import type { Alarm } from '../contract/alarms.ts';

/** For so long nothing has to come of what should. */
export const ALARM_AFTER_MS = 3_000;

/** How one of an endpoint's streams is found. */
export interface StreamLook {
  /** Whether the endpoint should send it now, and it could be noticed if it did. */
  readonly isDue: boolean;
  /** Time since its last packet; may go back further than it has been due. */
  readonly silentMs: number;
}

export interface AlarmChange {
  readonly alarm: Alarm;
  readonly isStanding: boolean;
  /** 0 when it begins. */
  readonly stoodMs: number;
}

/** How long an alarm has stood in all. */
export interface AlarmTotal {
  readonly alarm: Alarm;
  readonly totalSec: number;
}

/** The times an alarm stood: the one that lasts, and those before. */
interface Stood {
  sinceMs: number | undefined;
  beforeMs: number;
}

/**
 * Which alarms stand for one endpoint. One begins when nothing has come for 3 s of what
 * was due all that time; it ends with the next packet, or when nothing is due any more.
 */
export class Alarms {
  readonly #dueSinceMs = new Map<Alarm, number>();
  readonly #stood = new Map<Alarm, Stood>();

  /** Takes a look at the stream that an alarm is about; gives what that changes. */
  look(alarm: Alarm, { isDue, silentMs }: StreamLook, nowMs: number): AlarmChange | undefined {
    const dueSinceMs = this.#dueSinceMs.get(alarm) ?? nowMs;
    if (isDue) this.#dueSinceMs.set(alarm, dueSinceMs);
    else this.#dueSinceMs.delete(alarm);
    const missedMs = isDue ? Math.min(silentMs, nowMs - dueSinceMs) : 0;
    return missedMs >= ALARM_AFTER_MS ? this.#begin(alarm, nowMs) : this.#end(alarm, nowMs);
  }

  /** In the order they first began. */
  get standing(): readonly Alarm[] {
    const all = [...this.#stood];
    return all.filter(([, { sinceMs }]) => sinceMs !== undefined).map(([alarm]) => alarm);
  }

  /** Of every alarm there was. */
  totals(nowMs: number): readonly AlarmTotal[] {
    return [...this.#stood].map(([alarm, { sinceMs = nowMs, beforeMs }]) => {
      return { alarm, totalSec: Math.round((beforeMs + nowMs - sinceMs) / 1000) };
    });
  }

  #begin(alarm: Alarm, nowMs: number): AlarmChange | undefined {
    const stood = this.#stood.get(alarm) ?? { sinceMs: undefined, beforeMs: 0 };
    if (stood.sinceMs !== undefined) return undefined;
    this.#stood.set(alarm, { ...stood, sinceMs: nowMs });
    return { alarm, isStanding: true, stoodMs: 0 };
  }

  #end(alarm: Alarm, nowMs: number): AlarmChange | undefined {
    const stood = this.#stood.get(alarm);
    if (stood?.sinceMs === undefined) return undefined;
    const stoodMs = nowMs - stood.sinceMs;
    this.#stood.set(alarm, { sinceMs: undefined, beforeMs: stood.beforeMs + stoodMs });
    return { alarm, isStanding: false, stoodMs };
  }
}
