import { expect, it } from 'vitest';
import { nextSiteState, type SiteEvent, type SiteState } from '../../../src/meetings/site-state.ts';

const STATES: SiteState[] = [
  ...(['not-called', 'waiting', 'dialling', 'ringing'] as const),
  ...(['connected', 'retry-at', 'failed', 'left'] as const),
];
const EVENTS: SiteEvent[] = [
  ...(['want', 'dial', 'ring', 'join'] as const),
  ...(['retry', 'fail', 'leave', 'cancel'] as const),
];
const ARROWS: Record<string, SiteState> = {
  'not-called want': 'waiting',
  'not-called join': 'connected',
  'not-called retry': 'retry-at',
  'waiting dial': 'dialling',
  'waiting join': 'connected',
  'waiting fail': 'failed',
  'waiting retry': 'retry-at',
  'waiting cancel': 'not-called',
  'dialling ring': 'ringing',
  'dialling join': 'connected',
  'dialling retry': 'retry-at',
  'dialling fail': 'failed',
  'dialling cancel': 'not-called',
  'ringing join': 'connected',
  'ringing retry': 'retry-at',
  'ringing fail': 'failed',
  'ringing cancel': 'not-called',
  'connected retry': 'retry-at',
  'connected leave': 'left',
  'retry-at want': 'waiting',
  'retry-at join': 'connected',
  'retry-at cancel': 'not-called',
  'failed want': 'waiting',
  'failed join': 'connected',
  'left want': 'waiting',
  'left join': 'connected',
};

it('has exactly the moves of the diagram', () => {
  for (const state of STATES)
    for (const event of EVENTS)
      expect(nextSiteState(state, event), `${state} ${event}`).toBe(ARROWS[`${state} ${event}`]);
});
