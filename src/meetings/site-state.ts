/**
 * Life of one site in a meeting.
 *
 *   not-called ──want──▶ waiting ──dial──▶ dialling ──ring──▶ ringing
 *       ▲                  ▲  │               │                  │
 *       └──cancel──────────┼──┴───────────────┴──────────────────┤
 *                          │                                     │
 *                          └──want── retry-at ◀──retry───────────┤ ◀─retry─ connected
 *                          └──want── failed   ◀──fail────────────┤             │ ▲
 *                          └──want── left     ◀──leave───────────┼─────────────┘ │
 *                                                                └────join───────┘
 *
 * A restarted gateway goes on by `retry` from `not-called`. `join` leads to `connected` from everywhere: a site may dial in by itself at any time.
 */
export type SiteState =
  | 'not-called'
  | 'waiting'
  | 'dialling'
  | 'ringing'
  | 'connected'
  | 'retry-at'
  | 'failed'
  | 'left';
export type SiteEvent = 'want' | 'dial' | 'ring' | 'join' | 'retry' | 'fail' | 'leave' | 'cancel';

const UNDER_WAY = {
  join: 'connected',
  retry: 'retry-at',
  fail: 'failed',
  cancel: 'not-called',
} as const;

const TRANSITIONS: Record<SiteState, Partial<Record<SiteEvent, SiteState>>> = {
  'not-called': { want: 'waiting', join: 'connected', retry: 'retry-at' },
  waiting: { dial: 'dialling', ...UNDER_WAY },
  dialling: { ring: 'ringing', ...UNDER_WAY },
  ringing: UNDER_WAY,
  connected: { retry: 'retry-at', leave: 'left' },
  'retry-at': { want: 'waiting', join: 'connected', cancel: 'not-called' },
  failed: { want: 'waiting', join: 'connected' },
  left: { want: 'waiting', join: 'connected' },
};

/** Next state, or undefined when the event means nothing in this state. */
export function nextSiteState(state: SiteState, event: SiteEvent): SiteState | undefined {
  return TRANSITIONS[state][event];
}
