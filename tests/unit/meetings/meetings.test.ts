import pino from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ConferenceId, EndpointId, ParticipantId, SiteId } from '../../../src/domain/ids.ts';
import { Meetings } from '../../../src/meetings/meetings.ts';
import type { MeetingPlan, PlannedSite, PlanStore } from '../../../src/meetings/ports.ts';
import type { MeetingView } from '../../../src/meetings/views.ts';
import { FakeClock, settle } from '../../fakes/fake-clock.ts';
import { FakeMeetingCalls } from '../../fakes/fake-meeting-calls.ts';
import { FakeMeetingRooms } from '../../fakes/fake-meeting-rooms.ts';
import { MemoryMeetingStore } from '../../fakes/memory-meeting-store.ts';

const ID = 'c1' as ConferenceId;
const RETRY_MS = 120_000;
const MINUTE_MS = 60_000;
const log = pino({ level: 'silent' });

/** A clock on the wall of UTC. */
const wallClock = (atMs: number) => new Date(atMs).toISOString().slice(0, 16);
const site = (name: string, more: Partial<PlannedSite> = {}): PlannedSite => ({
  siteId: name as SiteId,
  name: `Xã ${name}`,
  role: 'site',
  dialOut: true,
  endpointIds: [`${name}-main` as EndpointId],
  ...more,
});
const withBackup = (name: string) =>
  site(name, { endpointIds: [`${name}-main`, `${name}-backup`] as EndpointId[] });
const many = (count: number) => Array.from({ length: count }, (_, index) => site(`s${index}`));

describe('a meeting', () => {
  let clock: FakeClock;
  let rooms: FakeMeetingRooms;
  let calls: FakeMeetingCalls;
  let store: MemoryMeetingStore;
  let plan: MeetingPlan | undefined;
  let meetings: Meetings;
  let told: MeetingView[];

  const planOf = (sites: readonly PlannedSite[], more: Partial<MeetingPlan> = {}): MeetingPlan => ({
    conference: {
      id: ID,
      name: 'Giao ban',
      number: '1001',
      alias: 'giao-ban',
      members: sites.map(({ siteId }) => ({ siteId, role: 'site', dial: 'out' })),
      layout: 'auto',
    },
    sites,
    muteOnEntry: false,
    ending: 'at-time',
    ...more,
  });
  const plans: PlanStore = {
    getPlan: async () => plan,
    listScheduled: async () => (plan?.schedule ? [plan] : []),
  };
  const pace = { atOnce: 100, perSecond: 1000 };

  async function open(pacing = pace) {
    meetings = await Meetings.open({
      ...{ plans, store, calls, rooms, clock, log },
      pace: pacing,
      ladder: { rounds: 3, retryAfterMs: RETRY_MS },
      emptyAfterMs: 10 * MINUTE_MS,
    });
    meetings.onChange(meeting => told.push(meeting));
  }

  /** The gateway dies: nothing that was begun goes on. */
  async function die() {
    await settle();
    await meetings.close();
    rooms = new FakeMeetingRooms();
    calls = new FakeMeetingCalls(rooms);
  }

  beforeEach(() => {
    clock = new FakeClock();
    rooms = new FakeMeetingRooms();
    calls = new FakeMeetingCalls(rooms);
    store = new MemoryMeetingStore();
    told = [];
  });

  async function start(sites: readonly PlannedSite[], pacing = pace) {
    plan = planOf(sites);
    await open(pacing);
    await meetings.start(ID, 'Lan');
    await clock.advance(200); // all have had their turn
  }

  const states = () => meetings.find(ID)?.sites.map(({ state }) => state);
  const one = () => meetings.find(ID)?.sites[0];

  it('calls its sites, and each has a state people can follow', async () => {
    await start([site('a'), site('b', { dialOut: false })]);
    expect(states()).toEqual(['dialling', 'not-called']);
    calls.last('a-main').ring();
    expect(states()).toEqual(['ringing', 'not-called']);
    calls.last('a-main').answer();
    expect(one()).toMatchObject({ state: 'connected', callId: 'call-1', participantIds: ['p-a'] });
    await settle();
    expect(told.at(-1)).toMatchObject({ name: 'Giao ban', startedBy: 'Lan', state: 'running' });
  });

  it('calls the backup, then all again after a while, then gives up and says why', async () => {
    await start([withBackup('a')]);
    for (const round of [1, 2, 3]) {
      calls.last('a-main').end('peer-unreachable');
      await clock.advance(10);
      expect(one(), `round ${round}`).toMatchObject({ state: 'dialling', attempts: round * 2 });
      calls.last('a-backup').ring();
      calls.last('a-backup').end('peer-no-answer');
      await clock.advance(10);
      if (round === 3) break;
      expect(one()).toMatchObject({
        state: 'retry-at',
        reason: { code: 'peer-no-answer', vi: expect.stringMatching(/đổ chuông/) },
      });
      expect((one()?.retryAtMs ?? 0) - clock.now()).toBeGreaterThan(RETRY_MS - 1000);
      await clock.advance(RETRY_MS);
    }
    expect(one()).toMatchObject({ state: 'failed', attempts: 6 });
    await clock.advance(10 * RETRY_MS);
    expect(calls.made).toHaveLength(6);
  });

  it('does not ask again where a person said no', async () => {
    await start([withBackup('a')]);
    calls.last('a-main').end('peer-declined');
    await settle();
    expect(one()).toMatchObject({ state: 'failed', reason: { code: 'peer-declined' } });
  });

  it('paces its calls', async () => {
    await start(many(20), { atOnce: 8, perSecond: 4 });
    expect(calls.made).toHaveLength(1);
    await clock.advance(1000);
    expect(calls.made).toHaveLength(5);
    await clock.advance(60_000);
    expect(calls.open).toHaveLength(8);
    expect(states()?.filter(state => state === 'waiting')).toHaveLength(12);
    calls.made[0]?.answer(); // one that is in makes room
    calls.made[1]?.end('peer-busy'); // and so does one that failed
    await clock.advance(1000);
    expect(calls.made).toHaveLength(10);
  });

  it('does not call who dials in meanwhile, whether its turn comes or its call rings', async () => {
    await start([site('a'), site('b')], { atOnce: 1, perSecond: 1000 });
    expect(states()).toEqual(['dialling', 'waiting']);
    calls.dialIn(ID, 'b' as SiteId);
    calls.last('a-main').ring();
    calls.dialIn(ID, 'a' as SiteId);
    await clock.advance(RETRY_MS * 3);
    expect(states()).toEqual(['connected', 'connected']);
    expect(calls.last('a-main').stoppedWith).toBe('cancelled');
    expect(calls.made).toHaveLength(1);
  });

  it('calls again who dropped by a fault, called or not, and not who hung up', async () => {
    await start([site('a'), site('b'), site('c')]);
    calls.last('a-main').answer();
    calls.last('b-main').answer();
    calls.last('c-main').end('peer-busy');
    await settle();
    const hangUp = calls.dialIn(ID, 'c' as SiteId);
    calls.last('a-main').end('media-timeout');
    calls.last('b-main').end('peer-hangup');
    hangUp('media-timeout');
    expect(states()).toEqual(['retry-at', 'left', 'retry-at']);
    await clock.advance(5010);
    expect(states()).toEqual(['dialling', 'left', 'dialling']);
    expect(meetings.find(ID)?.sites[1]?.reason?.code).toBe('peer-hangup');
  });

  it('redials one, and all that failed, at once', async () => {
    await start([site('a'), site('b'), site('c')]);
    calls.last('a-main').answer();
    calls.last('a-main').end('peer-hangup');
    calls.last('b-main').end('peer-declined');
    calls.last('c-main').end('peer-busy');
    await clock.advance(10);
    expect(states()).toEqual(['left', 'failed', 'retry-at']);
    meetings.redialFailed(ID);
    await clock.advance(100);
    expect(states()).toEqual(['left', 'dialling', 'dialling']);
    meetings.redial(ID, 'a' as SiteId);
    await clock.advance(100);
    expect(states()).toEqual(['dialling', 'dialling', 'dialling']);
    expect(() => meetings.redial(ID, 'nobody' as SiteId)).toThrow(/no such site/);
  });

  it('hangs up one, and cancels what is not here yet', async () => {
    await start([site('a'), site('b'), site('c')]);
    calls.last('a-main').answer();
    calls.last('b-main').ring();
    calls.last('c-main').end('peer-busy');
    await settle();
    meetings.cancelDialling(ID);
    await settle();
    expect(states()).toEqual(['connected', 'not-called', 'not-called']);
    expect(calls.last('b-main').stoppedWith).toBe('operator');
    meetings.hangUp(ID, 'a' as SiteId);
    await settle();
    expect(calls.last('a-main').stoppedWith).toBe('operator');
    expect(one()).toMatchObject({ state: 'left', reason: { code: 'operator' } });
    await clock.advance(10 * RETRY_MS);
    expect(calls.made).toHaveLength(3);
  });

  it('ends for everybody, and no call outlives it', async () => {
    await start([site('a'), site('b'), site('c')]);
    calls.last('a-main').answer();
    calls.last('c-main').end('peer-busy');
    await meetings.end(ID);
    await settle();
    expect(calls.open).toEqual([]);
    expect(calls.last('a-main').stoppedWith).toBe('room-hangup');
    expect(rooms.ended).toEqual([ID]);
    expect(rooms.rules.size).toBe(0);
    expect(meetings.find(ID)).toBeUndefined();
    expect(told.at(-1)).toMatchObject({ state: 'ended' });
    await clock.advance(10 * RETRY_MS);
    expect(calls.made).toHaveLength(3);
    expect(() => meetings.end(ID)).toThrow(/no meeting now/);
  });

  it('tells rooms what holds, and takes a message away after its time', async () => {
    await start([site('a')]);
    meetings.lock(ID, true);
    meetings.setMuteOnEntry(ID, true);
    meetings.say(ID, 'Nghỉ giải lao 10 phút', 60);
    const message = 'Nghỉ giải lao 10 phút';
    expect(rooms.rules.get(ID)).toEqual({ isLocked: true, muteOnEntry: true, message });
    expect(meetings.find(ID)?.message).toEqual({ text: message, untilMs: clock.now() + 60_000 });
    await clock.advance(30_000);
    meetings.say(ID, 'Họp tiếp', 60);
    await clock.advance(59_000);
    expect(rooms.rules.get(ID)?.message).toBe('Họp tiếp');
    await clock.advance(1000);
    expect(rooms.rules.get(ID)).toEqual({ isLocked: true, muteOnEntry: true });
  });

  it('mutes one and all but one, spotlights and puts out', async () => {
    await start([site('a'), site('b')]);
    calls.last('a-main').answer();
    calls.last('b-main').answer();
    const [a, b] = ['p-a', 'p-b'] as ParticipantId[];
    await meetings.mute(ID, a as ParticipantId, true);
    await meetings.muteAll(ID, true, a);
    expect(rooms.muted).toEqual([
      [a, true],
      [b, true],
    ]);
    expect(meetings.spotlight(ID, b)).toMatchObject({ spotlightId: b });
    calls.last('b-main').end('peer-hangup');
    expect(meetings.find(ID)?.spotlightId).toBeUndefined();
    meetings.putOut(ID, a as ParticipantId);
    expect(rooms.putOuts).toEqual([a]);
  });

  it('follows its conference while it runs', async () => {
    await start([site('a'), site('b', { dialOut: false })]);
    calls.last('a-main').answer();
    plan = planOf([site('b'), site('c')], { muteOnEntry: true });
    await meetings.conferenceChanged(ID);
    await clock.advance(100);
    expect(calls.last('a-main').stoppedWith).toBe('operator');
    expect(meetings.find(ID)?.sites.map(({ siteId, state }) => [siteId, state])).toEqual([
      ['b', 'dialling'],
      ['c', 'dialling'],
    ]);
    expect(rooms.rules.get(ID)?.muteOnEntry).toBe(true);
    expect(rooms.changes).toHaveLength(1);
    plan = undefined;
    await meetings.conferenceChanged(ID);
    expect(meetings.find(ID), 'of a deleted conference').toBeUndefined();
  });

  describe('by its plan', () => {
    /** Plans are of whole minutes. */
    beforeEach(() => clock.advance(MINUTE_MS - (clock.now() % MINUTE_MS)));

    const schedule = (inMin: number, durationMin = 60) => ({
      startsAt: wallClock(clock.now() + inMin * MINUTE_MS),
      durationMin,
      timeZone: 'UTC',
      exceptions: [],
    });

    it('starts and ends by itself', async () => {
      plan = planOf([site('a')], { schedule: schedule(30) });
      await open();
      await clock.advance(30 * MINUTE_MS - 1);
      expect(meetings.list()).toEqual([]);
      await clock.advance(1001);
      expect(meetings.list()).toMatchObject([
        { startedBy: 'schedule', sites: [{ state: 'dialling' }] },
      ]);
      calls.last('a-main').answer();
      await clock.advance(60 * MINUTE_MS);
      expect(meetings.list()).toEqual([]);
      expect(rooms.ended).toEqual([ID]);
      expect(calls.open).toEqual([]);
    });

    it('stands in the calendar as scheduled, running and ended', async () => {
      const rrule = 'FREQ=DAILY;COUNT=2';
      plan = planOf([site('a')], { schedule: { ...schedule(30), rrule } });
      await open();
      const span = [clock.now(), clock.now() + 3 * 24 * 60 * MINUTE_MS] as const;
      const inCalendar = async () => (await meetings.planned(...span)).map(({ state }) => state);
      expect(await inCalendar()).toEqual(['scheduled', 'scheduled']);
      await clock.advance(31 * MINUTE_MS);
      expect(await inCalendar()).toEqual(['running', 'scheduled']);
      await meetings.end(ID);
      expect(await inCalendar()).toEqual(['ended', 'scheduled']);
    });

    it('is started when its time begins though nobody looked then, and when it is planned in a hurry', async () => {
      plan = planOf([site('a')]);
      await open();
      await clock.advance(MINUTE_MS);
      plan = planOf([site('a')], { schedule: schedule(-10) });
      await meetings.conferenceChanged(ID);
      await clock.advance(10);
      expect(meetings.list()).toHaveLength(1);
    });

    it('lasts longer when it is extended, and never ends in the past', async () => {
      plan = planOf([site('a')], { schedule: schedule(0) });
      await open();
      await clock.advance(10);
      calls.last('a-main').answer();
      await clock.advance(59 * MINUTE_MS);
      meetings.extend(ID, 15);
      await clock.advance(15 * MINUTE_MS);
      expect(meetings.list()).toHaveLength(1);
      expect(meetings.extend(ID, -600).endsAtMs).toBe(clock.now());
      await clock.advance(1);
      expect(meetings.list()).toEqual([]);
    });

    it('is not started again after somebody ended it, also not by the next gateway', async () => {
      plan = planOf([site('a')], { schedule: schedule(0) });
      await open();
      await clock.advance(10);
      await meetings.end(ID);
      await clock.advance(2 * MINUTE_MS);
      expect(meetings.list()).toEqual([]);
      await die();
      await open();
      await clock.advance(2 * MINUTE_MS);
      expect(meetings.list()).toEqual([]);
      await meetings.start(ID, 'Lan');
      await clock.advance(56 * MINUTE_MS);
      expect(meetings.list(), 'its planned end holds all the same').toEqual([]);
    });

    it('started early is that occurrence, and ends with it', async () => {
      plan = planOf([site('a')], { schedule: schedule(20) });
      await open();
      const { endsAtMs, occurrenceStartMs } = await meetings.start(ID, 'Lan');
      expect(endsAtMs).toBe(clock.now() + 80 * MINUTE_MS);
      await clock.advance(21 * MINUTE_MS);
      expect(meetings.list()).toMatchObject([{ startedBy: 'Lan', occurrenceStartMs }]);
    });

    it('waits for everybody to leave where it is to', async () => {
      plan = planOf([site('a')], { schedule: schedule(0), ending: 'when-empty' });
      await open();
      await clock.advance(10);
      calls.last('a-main').answer();
      await clock.advance(300 * MINUTE_MS);
      expect(meetings.list()).toHaveLength(1);
      calls.last('a-main').end('peer-hangup');
      await clock.advance(9 * MINUTE_MS);
      expect(meetings.list()).toHaveLength(1);
      await clock.advance(2 * MINUTE_MS);
      expect(meetings.list()).toEqual([]);
    });
  });

  it('without a planned end ends when nobody is here or on the way', async () => {
    await start([site('a')]);
    calls.last('a-main').end('peer-busy');
    await clock.advance(2 * RETRY_MS);
    calls.last('a-main').answer();
    await clock.advance(600 * MINUTE_MS);
    calls.last('a-main').end('peer-hangup');
    await clock.advance(9 * MINUTE_MS);
    expect(meetings.list()).toHaveLength(1);
    await clock.advance(2 * MINUTE_MS);
    expect(meetings.list()).toEqual([]);
  });

  it('without a planned end cannot be extended', async () => {
    await start([site('a')]);
    expect(() => meetings.say(ID, 'x'.repeat(301))).toThrow(/at most 300/);
    expect(() => meetings.extend(ID, 15)).toThrow(/no planned end/);
  });

  it('goes on after a restart: who was in is called, waits go on, failures stay', async () => {
    await start([
      site('in'),
      site('busy'),
      site('no'),
      site('gone'),
      site('self', { dialOut: false }),
    ]);
    for (const name of ['in', 'gone']) calls.last(`${name}-main`).answer();
    calls.last('busy-main').end('peer-busy');
    calls.last('no-main').end('peer-declined');
    calls.last('gone-main').end('peer-hangup');
    calls.dialIn(ID, 'self' as SiteId);
    meetings.lock(ID, true);
    await clock.advance(20_000);
    expect(states()).toEqual(['connected', 'retry-at', 'failed', 'left', 'connected']);
    await die();
    await clock.advance(30_000);
    await open();
    await clock.advance(10);
    expect(states()).toEqual(['dialling', 'retry-at', 'failed', 'left', 'left']);
    expect(meetings.find(ID)).toMatchObject({ startedBy: 'Lan', isLocked: true });
    expect(rooms.rules.get(ID)?.isLocked).toBe(true);
    expect(calls.made.map(({ endpointId }) => endpointId)).toEqual(['in-main']);
    await clock.advance(RETRY_MS - 50_000);
    expect(calls.made.map(({ endpointId }) => endpointId)).toEqual(['in-main', 'busy-main']);
    calls.dialIn(ID, 'self' as SiteId);
    expect(states()?.at(-1)).toBe('connected');
  });

  it('whose time ran out while the gateway was away is over', async () => {
    plan = planOf([site('a')], {
      schedule: {
        startsAt: wallClock(clock.now()),
        durationMin: 60,
        timeZone: 'UTC',
        exceptions: [],
      },
    });
    await open();
    await clock.advance(10);
    await die();
    await clock.advance(61 * MINUTE_MS);
    await open();
    await clock.advance(10);
    expect(meetings.list()).toEqual([]);
    expect(calls.made).toEqual([]);
    expect(await store.loadMeetings()).toMatchObject([{ state: 'ended' }]);
  });

  it('a listener that throws stops neither the others nor the meeting', async () => {
    await start([site('a')]);
    meetings.onChange(() => {
      throw new Error('listener');
    });
    const before = told.length;
    calls.last('a-main').answer();
    await settle();
    expect(told.length).toBe(before + 1);
    expect(states()).toEqual(['connected']);
  });
});
