import { describe, expect, it } from 'vitest';
import { type LegEvent, type LegState, nextLegState } from '../../../src/domain/call.ts';
import { GatewayError, OUTCOMES, toGatewayError } from '../../../src/domain/errors.ts';

describe('life of a leg', () => {
  const STATES: LegState[] = ['offered', 'ringing', 'answered', 'connected', 'ended'];
  const EVENTS: LegEvent[] = ['admit', 'answer', 'ack', 'end'];
  const ALLOWED: Record<string, LegState> = {
    'offered admit': 'ringing',
    'ringing answer': 'answered',
    'answered ack': 'connected',
    'offered end': 'ended',
    'ringing end': 'ended',
    'answered end': 'ended',
    'connected end': 'ended',
  };

  it('has exactly the moves of the diagram', () => {
    for (const state of STATES)
      for (const event of EVENTS)
        expect(nextLegState(state, event), `${state} ${event}`).toBe(ALLOWED[`${state} ${event}`]);
  });
});

describe('errors', () => {
  it.each(Object.entries(OUTCOMES))('%s has a status people can act on', (_, outcome) => {
    expect(outcome.httpStatus).toBeGreaterThanOrEqual(400);
    if ('sipStatus' in outcome) expect(outcome.sipStatus).toBeGreaterThanOrEqual(400);
    if ('sipStatus' in outcome && outcome.sipStatus === 503)
      expect(outcome).toHaveProperty('retryAfterSec');
    if ('sipStatus' in outcome && outcome.sipStatus === 488)
      expect(outcome).toHaveProperty('warning');
  });

  it('anything thrown becomes ours, with its cause', () => {
    const cause = new TypeError('boom');
    expect(toGatewayError(cause)).toMatchObject({ code: 'internal', cause });
    const ours = new GatewayError('conflict', 'taken');
    expect(toGatewayError(ours)).toBe(ours);
  });
});
