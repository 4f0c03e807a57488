import { expect, test } from 'vitest';
import type { MediaRelay, Silence } from '../../../src/calls/ports.ts';
import { waitForSilence } from '../../../src/calls/silence.ts';
import type { CallId } from '../../../src/domain/ids.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

const CALL = 'call-1' as CallId;
const TALKS: Silence = { anyMs: 0, audioMs: 0 };

function aWatch() {
  const clock = new FakeClock();
  const state = { silence: TALKS as Silence | undefined, isOutage: false, isOver: false };
  const relay = { silence: async () => state.silence } as unknown as MediaRelay;
  const deps = { relay, clock, isOutage: () => state.isOutage, onLook: () => undefined };
  const stop = new AbortController();
  void waitForSilence(deps, CALL, 30_000, stop.signal).then(() => {
    state.isOver = true;
  });
  const pass = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 500) await clock.advance(500);
  };
  return { state, pass };
}

test('a relay that was started anew and does not know the leg yet ends no call', async () => {
  const { state, pass } = aWatch();
  await pass(3_000);
  state.silence = undefined;
  await pass(3_000); // its death is noticed
  state.isOutage = true;
  await pass(10_000);
  state.isOutage = false;
  state.silence = TALKS;
  await pass(10_000);
  expect(state.isOver).toBe(false);
});

test('a leg that the relay does not know for long is over', async () => {
  const { state, pass } = aWatch();
  state.silence = undefined;
  await pass(10_000);
  expect(state.isOver).toBe(true);
});
