/**
 * What becomes of a media connection that the browser says is in trouble, RFC 8445 §9.
 *
 *   well ──disconnected──▶ shaky ──overdue──▶ restarting ──overdue──▶ lost
 *    ▲                       │ ╲──failed──────▶  │
 *    └───────connected───────┴───────────────────┘
 *
 * `shaky` waits, since most interruptions pass by themselves.
 */
export type IceStep = 'well' | 'shaky' | 'restarting' | 'lost';
export type IceEvent = 'connected' | 'disconnected' | 'failed' | 'overdue';

const STEPS: Readonly<Record<IceStep, Partial<Record<IceEvent, IceStep>>>> = {
  well: { disconnected: 'shaky', failed: 'restarting' },
  shaky: { connected: 'well', failed: 'restarting', overdue: 'restarting' },
  restarting: { connected: 'well', overdue: 'lost' },
  lost: {},
};

/** How long a step may take. */
export const ICE_STEP_MS: Readonly<Record<IceStep, number | undefined>> = {
  well: undefined,
  shaky: 3_000,
  restarting: 8_000,
  lost: undefined,
};

/** The next step, or the same when the event means nothing in it. */
export function nextIceStep(step: IceStep, event: IceEvent): IceStep {
  return STEPS[step][event] ?? step;
}

/** What a state of the browser's connection means here; undefined where it means nothing. */
export function iceEventOf(state: string): IceEvent | undefined {
  if (state === 'connected' || state === 'completed') return 'connected';
  return state === 'disconnected' || state === 'failed' ? state : undefined;
}
