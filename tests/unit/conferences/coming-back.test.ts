import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LiveConferences } from '../../../src/conferences/live-conferences.ts';
import { hashPin } from '../../../src/conferences/pin.ts';
import type { Visit } from '../../../src/conferences/visit.ts';
import { Visits } from '../../../src/conferences/visits.ts';
import type { Conference } from '../../../src/domain/conference.ts';
import type { ConferenceId } from '../../../src/domain/ids.ts';
import { FakeClock, settle } from '../../fakes/fake-clock.ts';
import { FakeMediaRelay } from '../../fakes/fake-media-relay.ts';
import { FakeRoomBridge } from '../../fakes/fake-room-bridge.ts';
import { FakeStage } from '../../fakes/fake-stage.ts';
import { MemoryStore } from '../../fakes/memory-store.ts';
import { pinsOf } from '../../support/pins.ts';
import { seated } from '../../support/seated.ts';

const COME_BACK_MS = 60_000;
const CHAIR_PIN = '9876';
const ID = 'c1' as ConferenceId;
const OTHER_ID = 'c2' as ConferenceId;
const log = pino({ level: 'silent' });

describe('who comes back over a new connection', () => {
  let clock: FakeClock;
  let bridge: FakeRoomBridge;
  let store: MemoryStore;
  let conferences: LiveConferences;
  let visits: Visits;
  let lan: Visit;
  let minh: Visit;

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    clock = new FakeClock();
    bridge = new FakeRoomBridge();
    store = new MemoryStore();
    const meeting = { name: 'Giao ban', members: [], layout: 'auto' as const };
    const chairPinHash = await hashPin(CHAIR_PIN);
    const all: Conference[] = [
      { ...meeting, id: ID, number: '1001', alias: 'giao-ban', chairPinHash },
      { ...meeting, id: OTHER_ID, number: '1002', alias: 'khac' },
    ];
    for (const one of all) await store.insertConference(one);
    await startGateway();
    lan = await comes('Lan');
    minh = await comes('Minh');
  });

  afterEach(async () => {
    await visits.close();
    await conferences.close();
    vi.useRealTimers();
  });

  /** Also in the place of one that was killed. */
  const startGateway = async () => {
    const engines = { relay: new FakeMediaRelay(), bridge, stage: new FakeStage(), clock };
    const speaker = { minTalkMs: 300, holdMs: 1500 };
    conferences = new LiveConferences({ ...engines, speaker, idleCloseMs: 60_000, log });
    conferences.govern(ID, { isLocked: false });
    conferences.govern(OTHER_ID, { isLocked: true });
    const times = { graceMs: 10_000, comeBackMs: COME_BACK_MS, joinTimeoutMs: 5000 };
    const deps = { store, pins: pinsOf(clock), conferences, bridge, clock, log };
    visits = await Visits.open({ ...deps, ...times });
  };
  const join = (name: string, pass?: string, alias = 'giao-ban') =>
    visits.join({ alias, name, pass });
  const comes = async (name: string, pin?: string) => {
    const visit = await seated(visits, { alias: 'giao-ban', name, pin });
    visit.attached();
    return visit;
  };
  const comesBack = async (visit: Visit) => {
    const again = await seated(visits, { alias: 'giao-ban', name: visit.name, pass: visit.token });
    again.attached();
    return again;
  };
  const live = () => {
    const found = conferences.find(ID);
    if (!found) throw new Error('nobody is there');
    return found;
  };
  const idOf = (visit: Visit) => visit.seat.participantId;
  const people = () => live().roster.list();
  const lock = () => conferences.govern(ID, { isLocked: true });
  const isHere = (visit: Visit) => live().roster.get(idOf(visit)) !== undefined;
  const floor = () => live().moderation.order.floor;
  const hands = () => live().moderation.order.hands.map(({ participantId }) => participantId);

  it('is the same participant, with the floor and the time that is left of it', async () => {
    await live().moderation.giveFloor(idOf(lan), 120_000);
    const given = floor();
    lan.detached();
    await clock.advance(20_000);
    const again = await comesBack(lan);
    expect([idOf(again), again.isBack]).toEqual([idOf(lan), true]);
    expect(floor()).toEqual(given);
    expect(live().layout.pinnedParticipantId).toBe(idOf(lan));
    expect(again.isHeldMuted).toBe(false);
  });

  it('has its place in the queue and the spotlight', async () => {
    lan.raiseHand(true);
    minh.raiseHand(true);
    live().spotlight(idOf(lan));
    lan.detached();
    await comesBack(lan);
    expect(hands()).toEqual([idOf(lan), idOf(minh)]);
    expect(live().layout.pinnedParticipantId).toBe(idOf(lan));
  });

  it('leads on as a chair, and is held muted as it was, or as it became meanwhile', async () => {
    const chair = await comes('Hà', CHAIR_PIN);
    await live().moderation.mute(idOf(lan), true);
    for (const one of [chair, lan, minh]) one.detached();
    await live().moderation.mute(idOf(minh), true);
    const [chairAgain, lanAgain, minhAgain] = [
      await comesBack(chair),
      await comesBack(lan),
      await comesBack(minh),
    ];
    await settle();
    expect(chairAgain.isChair).toBe(true);
    expect([lanAgain.isHeldMuted, minhAgain.isHeldMuted]).toEqual([true, true]);
    lanAgain.detached();
    await live().moderation.mute(idOf(lan), false);
    expect((await comesBack(lanAgain)).isHeldMuted).toBe(false);
  });

  it('let go once is not muted as if it had just come in', async () => {
    conferences.govern(ID, { isLocked: false, muteOnEntry: true });
    const an = await comes('An');
    await settle();
    expect(an.isHeldMuted).toBe(true);
    await live().moderation.mute(idOf(an), false);
    const again = await comesBack(an);
    await settle();
    expect(again.isHeldMuted).toBe(false);
  });

  it('is shown as away to the others until it is there again', async () => {
    const away = () => people().map(one => one.away);
    expect(away()).toEqual([false, false]);
    lan.detached();
    expect(away()).toEqual([true, false]);
    const again = await seated(visits, { alias: 'giao-ban', name: 'Lan', pass: lan.token });
    expect(away()).toEqual([true, false]);
    again.attached();
    expect(away()).toEqual([false, false]);
  });

  it('replaces a connection that still stands: never twice in the roster, no old media', async () => {
    const ends: string[] = [];
    lan.onEnded(reason => ends.push(reason));
    const twice: number[] = [];
    live().roster.watch(list => twice.push(list.filter(({ name }) => name === 'Lan').length));
    await bridge.openBrowser(ID, 'Lan', idOf(lan)).publish();
    expect(people()[0]).toMatchObject({ hasVideo: true });
    const again = await comesBack(lan);
    expect(ends).toEqual(['handed-over']);
    expect(bridge.inRooms(ID)).toEqual({ audio: [], video: [] });
    expect(new Set(twice)).toEqual(new Set([1]));
    expect(visits.find(lan.token)).toBeUndefined();
    lan.detached();
    expect(people()).toMatchObject([{ away: false, hasVideo: false }, {}]);
    await lan.leave();
    expect(isHere(again)).toBe(true);
  });

  it('shared a screen: that has ended, and may be shown again', async () => {
    lan.share();
    lan.detached();
    expect(lan.isSharing).toBe(false);
    const again = await comesBack(lan);
    again.share();
    expect(again.isSharing).toBe(true);
    expect((await comesBack(again)).isSharing).toBe(false);
  });

  it('after the time is gone with all it had, and need not wait to be let in', async () => {
    await live().moderation.giveFloor(idOf(lan));
    lock();
    lan.detached();
    await vi.advanceTimersByTimeAsync(COME_BACK_MS);
    expect([isHere(lan), floor()]).toEqual([false, undefined]);
    const again = await comesBack(lan);
    expect(again.isBack).toBe(false);
    expect(people().map(({ name }) => name)).toEqual(['Minh', 'Lan']);
  });

  it.each([
    ['left by the button', () => lan.leave()],
    ['was removed', async () => live().moderation.putOut(idOf(lan))],
    [
      'was removed while it was away',
      async () => {
        lan.detached();
        live().moderation.putOut(idOf(lan));
      },
    ],
  ])('is nobody known when it %s', async (_, goes) => {
    await live().moderation.giveFloor(idOf(lan));
    lock();
    await goes();
    await settle();
    expect([isHere(lan), floor()]).toEqual([false, undefined]);
    const { visit, wait } = await join('Lan', lan.token);
    expect([visit, wait?.reason]).toEqual([undefined, 'locked']);
  });

  it('may try again with the old pass while the answer was lost, and no longer', async () => {
    lock();
    const lost = await seated(visits, { alias: 'giao-ban', name: 'Lan', pass: lan.token });
    const again = await seated(visits, { alias: 'giao-ban', name: 'Lan', pass: lan.token });
    expect(idOf(again)).toBe(idOf(lan));
    again.attached();
    for (const old of [lan.token, lost.token])
      expect((await join('Lan', old)).wait?.reason).toBe('locked');
    expect(visits.find(again.token)).toBe(again);
    expect(people()).toHaveLength(2);
  });

  it('does nothing with the pass of another conference', async () => {
    lock();
    const elsewhere = await join('Lan', lan.token, 'khac');
    expect(elsewhere.wait?.reason).toBe('locked');
    expect(visits.find(lan.token)).toBe(lan);
    expect(people()[0]).toMatchObject({ id: idOf(lan), away: false });
  });

  it('is the same participant also in a conference that was opened anew', async () => {
    await conferences.end(ID, 'room-server-down');
    const again = await comesBack(lan);
    expect([idOf(again), again.isBack]).toEqual([idOf(lan), false]);
  });

  it('comes in without waiting when the gateway was killed, and leads without the PIN', async () => {
    const chair = await comes('Hà', CHAIR_PIN);
    await settle();
    await startGateway();
    lock();
    const [chairAgain, lanAgain] = [await comesBack(chair), await comesBack(lan)];
    expect([chairAgain.isChair, lanAgain.isChair]).toEqual([true, false]);
    expect([idOf(chairAgain), idOf(lanAgain)]).toEqual([idOf(chair), idOf(lan)]);
    expect((await join('Lan', lan.token)).wait?.reason).toBe('locked');
    await clock.advance(16 * 60_000);
    expect((await join('Minh', minh.token)).wait?.reason).toBe('locked');
  });

  it('waits when the gateway was away for days, or put them out before', async () => {
    live().moderation.putOut(idOf(lan));
    await settle();
    await startGateway();
    lock();
    expect((await join('Lan', lan.token)).wait?.reason).toBe('locked');
    await clock.advance(2 * 24 * 3_600_000);
    await startGateway();
    lock();
    expect((await join('Minh', minh.token)).wait?.reason).toBe('locked');
    expect(await store.listPasses()).toEqual([]);
  });

  it('leaves nothing in the database that opens a door', async () => {
    await settle();
    const stored = JSON.stringify(await store.listPasses());
    expect(stored).toContain(idOf(lan));
    expect(stored).not.toContain(lan.token);
  });
});
