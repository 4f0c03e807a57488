import { describe, expect, test } from 'vitest';
import {
  type EngineEvent,
  type EngineState,
  nextEngineState,
} from '../../../src/engines/engine-state.ts';

const STATES: EngineState[] = ['stopped', 'starting', 'running', 'waiting', 'failed'];
const EVENTS: EngineEvent[] = ['start', 'healthy', 'died', 'retry', 'give-up', 'stop'];

const ARROWS: Record<string, EngineState> = {
  'stopped start': 'starting',
  'starting healthy': 'running',
  'starting died': 'waiting',
  'starting give-up': 'failed',
  'running died': 'waiting',
  'waiting retry': 'starting',
  'waiting give-up': 'failed',
  'stopped stop': 'stopped',
  'starting stop': 'stopped',
  'running stop': 'stopped',
  'waiting stop': 'stopped',
  'failed stop': 'stopped',
};

describe('life of an engine', () => {
  for (const state of STATES) {
    for (const event of EVENTS) {
      const next = ARROWS[`${state} ${event}`];
      test(`${state} on ${event} becomes ${next ?? 'nothing else'}`, () => {
        expect(nextEngineState(state, event)).toBe(next);
      });
    }
  }
});
