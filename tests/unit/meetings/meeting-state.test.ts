import { expect, it } from 'vitest';
import {
  type MeetingEvent,
  type MeetingState,
  nextMeetingState,
} from '../../../src/meetings/meeting-state.ts';

const STATES: MeetingState[] = ['scheduled', 'running', 'ended'];
const EVENTS: MeetingEvent[] = ['start', 'end'];
const ARROWS: Record<string, MeetingState> = {
  'scheduled start': 'running',
  'running end': 'ended',
};

it('has exactly the moves of the diagram', () => {
  for (const state of STATES)
    for (const event of EVENTS)
      expect(nextMeetingState(state, event), `${state} ${event}`).toBe(ARROWS[`${state} ${event}`]);
});
