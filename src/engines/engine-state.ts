/**
 * Life of one supervised engine.
 *
 *   stopped ──start──▶ starting ──healthy──▶ running ──died──▶ waiting
 *                        ▲  │                                   │  │
 *                        │  └──died──▶ waiting ◀────────────────┘  │
 *                        └───────────────retry─────────────────────┘
 *   starting, waiting ──give-up──▶ failed          any ──stop──▶ stopped
 */
export type EngineState = 'stopped' | 'starting' | 'running' | 'waiting' | 'failed';
export type EngineEvent = 'start' | 'healthy' | 'died' | 'retry' | 'give-up' | 'stop';

const TRANSITIONS: Record<EngineState, Partial<Record<EngineEvent, EngineState>>> = {
  stopped: { start: 'starting', stop: 'stopped' },
  starting: { healthy: 'running', died: 'waiting', 'give-up': 'failed', stop: 'stopped' },
  running: { died: 'waiting', stop: 'stopped' },
  waiting: { retry: 'starting', 'give-up': 'failed', stop: 'stopped' },
  failed: { stop: 'stopped' },
};

/** Next state, or undefined when the event means nothing in this state. */
export function nextEngineState(state: EngineState, event: EngineEvent): EngineState | undefined {
  return TRANSITIONS[state][event];
}
