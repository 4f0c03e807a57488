/** How good the line is, and why not. */
import type { Counters, StreamCounters } from './counters.ts';

export type Grade = 'good' | 'poor' | 'bad';

/** `narrow`: less gets through than a picture takes. */
export type Flaw = 'loss' | 'delay' | 'narrow' | 'frozen';

export interface DirectionView {
  readonly grade: Grade;
  /** The worst; undefined while it is good. */
  readonly flaw: Flaw | undefined;
}

export interface NetworkView {
  /** From this computer to the others. */
  readonly up: DirectionView;
  readonly down: DirectionView;
  readonly upLossPct: number;
  readonly downLossPct: number;
  readonly roundTripMs: number | undefined;
}

/** From where on it is poor, and bad. */
const LIMITS: Readonly<Record<Flaw, { readonly poor: number; readonly bad: number }>> = {
  /** Per cent of packets. Opus repairs less than the first; pictures break up from the second. */
  loss: { poor: 3, bad: 10 },
  /** Milliseconds there and back: people begin to talk at the same time. */
  delay: { poor: 400, bad: 1000 },
  /** Per cent of what the picture wants and does not get. */
  narrow: { poor: 40, bad: 65 },
  /** Per cent of the time. */
  frozen: { poor: 20, bad: 60 },
};

const GRADES: readonly Grade[] = ['good', 'poor', 'bad'];

/** @param wantedUpBps what our picture would take; 0 while none is sent */
export function judgeNetwork(before: Counters, after: Counters, wantedUpBps: number): NetworkView {
  const up = difference(before, after, 'up');
  const down = difference(before, after, 'down');
  const { roundTripMs, availableUpBps } = after;
  const missing = wantedUpBps - (availableUpBps ?? wantedUpBps);
  return {
    up: worst({
      loss: up.lossPct,
      delay: roundTripMs ?? 0,
      narrow: wantedUpBps > 0 ? (100 * missing) / wantedUpBps : 0,
    }),
    down: worst({ loss: down.lossPct, frozen: down.frozenPct }),
    upLossPct: up.lossPct,
    downLossPct: down.lossPct,
    roundTripMs,
  };
}

/** The worse of both directions. */
export function overallGrade({ up, down }: NetworkView): Grade {
  return GRADES[Math.max(GRADES.indexOf(up.grade), GRADES.indexOf(down.grade))] ?? 'good';
}

function worst(values: Partial<Record<Flaw, number>>): DirectionView {
  const flaws = Object.entries(values) as [Flaw, number][];
  for (const grade of ['bad', 'poor'] as const) {
    const found = flaws.find(([flaw, value]) => value >= LIMITS[flaw][grade]);
    if (found) return { grade, flaw: found[0] };
  }
  return { grade: 'good', flaw: undefined };
}

/** A stream that is new has nothing to compare with, one that ended is over. */
function difference(before: Counters, after: Counters, direction: StreamCounters['direction']) {
  let [packets, lost, frozenMs] = [0, 0, 0];
  for (const [id, now] of after.streams) {
    const then = before.streams.get(id);
    if (!then || now.direction !== direction) continue;
    packets += Math.max(0, now.packets - then.packets);
    // Packets that come twice or late are taken off again: RFC 3550 §6.4.1.
    lost += Math.max(0, now.lost - then.lost);
    frozenMs = Math.max(frozenMs, now.frozenMs - then.frozenMs);
  }
  // What arrived was sent, too; of our own the packets count whether they arrived or not.
  const sent = direction === 'down' ? packets + lost : packets;
  const elapsedMs = Math.max(1, after.atMs - before.atMs);
  return {
    lossPct: sent === 0 ? 0 : Math.min(100, (100 * lost) / sent),
    frozenPct: (100 * frozenMs) / elapsedMs,
  };
}
