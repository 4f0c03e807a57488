import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LiveConferences } from '../../../src/conferences/live-conferences.ts';
import { hashPin } from '../../../src/conferences/pin.ts';
import type { Visit } from '../../../src/conferences/visit.ts';
import { Visits } from '../../../src/conferences/visits.ts';
import { type ConferenceId, newConferenceId } from '../../../src/domain/ids.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { FakeMediaRelay } from '../../fakes/fake-media-relay.ts';
import { FakeRoomBridge } from '../../fakes/fake-room-bridge.ts';
import { FakeStage } from '../../fakes/fake-stage.ts';
import { MemoryStore } from '../../fakes/memory-store.ts';
import { pinsOf } from '../../support/pins.ts';
import { seated } from '../../support/seated.ts';

const GRACE_MS = 10_000;
const COME_BACK_MS = 60_000;
const log = pino({ level: 'silent' });

describe('a visit', () => {
  let bridge: FakeRoomBridge;
  let conferences: LiveConferences;
  let conferenceId: ConferenceId;
  let visits: Visits;
  let visit: Visit;
  let ends: string[];
  let store: MemoryStore;
  let stage: FakeStage;

  beforeEach(async () => {
    vi.useFakeTimers();
    bridge = new FakeRoomBridge();
    const relay = new FakeMediaRelay();
    store = new MemoryStore();
    conferenceId = newConferenceId();
    const meeting = {
      id: conferenceId,
      name: 'Giao ban',
      number: '1001',
      alias: 'giao-ban',
      members: [],
      layout: 'auto' as const,
    };
    await store.insertConference(meeting);
    const speaker = { minTalkMs: 300, holdMs: 1500 };
    stage = new FakeStage();
    const engines = { relay, bridge, stage, clock: new FakeClock() };
    conferences = new LiveConferences({ ...engines, speaker, idleCloseMs: 60_000, log });
    const deps = {
      store,
      pins: pinsOf(engines.clock),
      conferences,
      bridge,
      clock: engines.clock,
      log,
    };
    const times = { graceMs: GRACE_MS, comeBackMs: COME_BACK_MS, joinTimeoutMs: 5000 };
    visits = await Visits.open({ ...deps, ...times });
    visit = await seated(visits, { alias: 'giao-ban', name: 'Lan' });
    ends = [];
    visit.onEnded(reason => ends.push(reason));
    visit.onEnded(() => ends.push('not heard'))();
  });

  afterEach(async () => {
    await conferences.close();
    vi.useRealTimers();
  });

  const roster = () => conferences.find(conferenceId)?.roster.list() ?? [];

  it('begins with the PIN where the conference has one', async () => {
    const pinHash = await hashPin('4711');
    const guarded = {
      id: newConferenceId(),
      name: 'Kín',
      number: '1002',
      alias: 'kin',
      members: [],
      layout: 'auto' as const,
    };
    await store.insertConference({ ...guarded, pinHash });
    const join = (pin?: string) => seated(visits, { alias: 'kin', name: 'Lan', pin });
    await expect(join()).rejects.toMatchObject({ code: 'pin-required' });
    await expect(join('0000')).rejects.toMatchObject({ code: 'pin-wrong' });
    expect(conferences.find(guarded.id)).toBeUndefined();
    expect((await join('4711')).conferenceId).toBe(guarded.id);
  });

  it.each([
    ['that cannot decode H.264 is given the composed picture', ['vp8'], true],
    ['that can is not', ['h264', 'vp8'], false],
    ['that says nothing is not', undefined, false],
  ] as const)('of a browser %s', async (_, decodes, isGiven) => {
    await seated(visits, { alias: 'giao-ban', name: 'Minh', ...(decodes && { decodes }) });
    await vi.advanceTimersByTimeAsync(0);
    expect(stage.requests.some(({ method }) => method === 'composed.add')).toBe(isGiven);
  });

  it('that is left tells its listeners, once, and is found no more', async () => {
    await Promise.all([visit.leave(), visit.leave()]);
    await conferences.end(conferenceId, 'conference-closed');
    expect(ends).toEqual(['left']);
    expect(visits.find(visit.token)).toBeUndefined();
  });

  it('that is left is over before its listeners hear of it', async () => {
    const found: unknown[] = [];
    visit.onEnded(() => found.push(visits.find(visit.token)));
    await visit.leave();
    expect(found).toEqual([undefined]);
    expect(roster()).toEqual([]);
  });

  it.each([
    [
      'the conference',
      'conference-closed',
      () => conferences.end(conferenceId, 'conference-closed'),
    ],
    ['the room server', 'room-server-down', async () => bridge.crash()],
  ] as const)('ends with %s, once', async (_, reason, end) => {
    await end();
    await visit.leave();
    expect(ends).toEqual([reason]);
    expect(visits.find(visit.token)).toBeUndefined();
  });

  it('that never opens a socket lasts for the grace', async () => {
    await vi.advanceTimersByTimeAsync(GRACE_MS - 1);
    expect(ends).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(ends).toEqual(['stayed-away']);
  });

  it('lasts for as long as a socket is open, and is kept a while longer', async () => {
    await vi.advanceTimersByTimeAsync(GRACE_MS - 1);
    visit.attached();
    await vi.advanceTimersByTimeAsync(COME_BACK_MS * 2);
    visit.detached();
    await vi.advanceTimersByTimeAsync(COME_BACK_MS - 1);
    expect(ends).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(ends).toEqual(['stayed-away']);
    expect(roster()).toEqual([]);
  });

  it('puts the browser out of the rooms when it ends', async () => {
    const inRooms = bridge.openBrowser(conferenceId, 'Lan', visit.seat.participantId);
    await inRooms.publish();
    await visit.leave();
    expect(bridge.inRooms(conferenceId)).toEqual({ audio: [], video: [] });
  });
});
