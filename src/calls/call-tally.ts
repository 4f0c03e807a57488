import type { EndReason } from '../domain/call.ts';
import { type Blame, type GatewayErrorCode, OUTCOMES } from '../domain/errors.ts';

/** What tells kinds of calls apart; each takes few values. */
export interface CallKind {
  readonly direction: 'in' | 'out';
  readonly protocol: 'sip' | 'h323';
}

/** Calls that ended alike. */
export interface EndedCalls extends CallKind {
  readonly code: EndReason;
  /** Of a normal end, nobody. */
  readonly blame: Blame | 'nobody';
  readonly count: number;
}

/** How many calls ended how, since the start. */
export class CallTally {
  readonly #ended = new Map<string, EndedCalls>();

  ended(code: EndReason, { direction, protocol }: CallKind): void {
    const key = `${code} ${direction} ${protocol}`;
    const count = (this.#ended.get(key)?.count ?? 0) + 1;
    this.#ended.set(key, { code, blame: blameOf(code), direction, protocol, count });
  }

  list(): EndedCalls[] {
    return [...this.#ended.values()];
  }
}

function blameOf(code: EndReason): EndedCalls['blame'] {
  return code in OUTCOMES ? OUTCOMES[code as GatewayErrorCode].blame : 'nobody';
}
