import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KeptOrders } from '../../../src/conferences/kept-orders.ts';
import type { ConferenceEnd } from '../../../src/conferences/live-conference.ts';
import { LiveConferences } from '../../../src/conferences/live-conferences.ts';
import type { Seat } from '../../../src/conferences/seat.ts';
import type { Conference } from '../../../src/domain/conference.ts';
import type { ConferenceId, ParticipantId, SiteId } from '../../../src/domain/ids.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { FakeMediaRelay } from '../../fakes/fake-media-relay.ts';
import { FakeRoomBridge } from '../../fakes/fake-room-bridge.ts';
import { FakeStage } from '../../fakes/fake-stage.ts';
import { MemoryStore } from '../../fakes/memory-store.ts';

const log = pino({ level: 'silent' });
const CONFERENCE: Conference = {
  id: 'c1' as ConferenceId,
  name: 'Giao ban',
  number: '1001',
  alias: 'giao-ban',
  members: [],
  layout: 'auto',
};
const { id: ID } = CONFERENCE;
const LAN = { kind: 'browser' as const, name: 'Lan', participantId: 'lan' as ParticipantId };
const MINH = { kind: 'browser' as const, name: 'Minh', participantId: 'minh' as ParticipantId };
const HALL = { kind: 'endpoint' as const, name: 'Xã Tân Phú', siteId: 'site-1' as SiteId };
const LIMIT_MS = 180_000;

describe('the order of speaking, over the end of the rooms', () => {
  const store = new MemoryStore();
  let clock: FakeClock;
  let conferences: LiveConferences;
  let orders: KeptOrders;
  const held = new Map<string, boolean>();

  beforeEach(async () => {
    clock = new FakeClock();
    await start();
  });

  afterEach(async () => {
    await conferences.end(ID, 'conference-closed');
    await orders.close();
    await conferences.close();
    held.clear();
  });

  /** A gateway that begins with what the last one has left. */
  async function start(): Promise<void> {
    const engines = {
      relay: new FakeMediaRelay(),
      bridge: new FakeRoomBridge(),
      stage: new FakeStage(),
    };
    const speaker = { minTalkMs: 300, holdMs: 1500 };
    orders = await KeptOrders.open({ store, clock, log });
    conferences = new LiveConferences({
      ...engines,
      clock,
      speaker,
      orders,
      idleCloseMs: 60_000,
      log,
    });
  }

  async function enter(who: typeof LAN | typeof HALL): Promise<Seat> {
    const seat = await conferences.enter(CONFERENCE, who, AbortSignal.timeout(5000));
    seat.control({
      setMuted: async muted => void held.set(who.name, muted),
      putOut: () => undefined,
    });
    return seat;
  }

  /** The hall has the floor, Minh and then Lan ask for it; then all are gone. */
  async function interrupted(reason: ConferenceEnd): Promise<void> {
    const seats = [await enter(LAN), await enter(MINH), await enter(HALL)];
    const [lan, minh, hall] = seats;
    minh?.raiseHand(true);
    await clock.advance(1000);
    lan?.raiseHand(true);
    await moderation().giveFloor(hall?.participantId as ParticipantId, LIMIT_MS);
    await conferences.end(ID, reason);
    for (const seat of seats) await seat.leave();
    held.clear();
  }

  const live = () => conferences.find(ID);
  const moderation = () => {
    const found = live()?.moderation;
    if (!found) throw new Error('nobody is here');
    return found;
  };

  it('who had the floor and who asked for it have and do so again when back, in whatever order', async () => {
    await interrupted('room-server-down');
    await enter(LAN);
    expect(moderation().order).toMatchObject({
      mode: 'ordered',
      hands: [{ participantId: 'lan' }],
      floor: undefined,
    });
    expect(held.get('Lan'), 'the order holds before all are back').toBe(true);
    await enter(MINH);
    await clock.advance(5000);
    const hall = await enter(HALL);
    const { hands, floor, spotlightId } = moderation().order;
    expect(hands.map(({ participantId }) => participantId)).toEqual(['minh', 'lan']);
    expect(floor?.participantId).toBe(hall.participantId);
    expect(floor?.endsAtMs).toBe((floor?.sinceMs ?? 0) + LIMIT_MS);
    expect(floor?.sinceMs).toBe(clock.now() - 5000);
    expect(spotlightId).toBe(hall.participantId);
    expect(held.get(HALL.name) ?? false).toBe(false);
    expect(live()?.roster.get(MINH.participantId)?.handRaised).toBe(true);
  });

  it('holds over a restart of the gateway, also one that lets everybody leave first', async () => {
    const seats = [await enter(LAN), await enter(MINH)];
    await moderation().giveFloor(LAN.participantId);
    seats[1]?.raiseHand(true);
    orders.freeze();
    for (const seat of seats) await seat.leave();
    await conferences.close();
    await orders.close();
    await start();
    await enter(LAN);
    await enter(MINH);
    expect(moderation().order).toMatchObject({
      floor: { participantId: 'lan' },
      hands: [{ participantId: 'minh' }],
      spotlightId: 'lan',
    });
  });

  it('what a chair decides meanwhile stands', async () => {
    await interrupted('room-server-down');
    const { participantId } = await enter(LAN);
    await moderation().giveFloor(participantId);
    const hall = await enter(HALL);
    expect(moderation().order.floor?.participantId).toBe(participantId);
    expect(moderation().order.spotlightId).toBe(participantId);
    await moderation().freeDiscussion();
    expect(held.get(HALL.name)).toBe(false);
    await hall.leave();
  });

  it('who is not back yet is remembered over a second end, too', async () => {
    await interrupted('room-server-down');
    const lan = await enter(LAN);
    await conferences.end(ID, 'room-server-down');
    await lan.leave();
    const hall = await enter(HALL);
    expect(moderation().order.floor?.participantId).toBe(hall.participantId);
  });

  it('a meeting that is over takes it along, and so does a quarter of an hour', async () => {
    await interrupted('conference-closed');
    await enter(LAN);
    expect(moderation().order).toMatchObject({ mode: 'free', hands: [] });
    await conferences.end(ID, 'conference-closed');
    await interrupted('room-server-down');
    await clock.advance(15 * 60_000 + 1);
    await enter(LAN);
    expect(moderation().order).toMatchObject({ mode: 'free', hands: [] });
    expect(await store.listOrders()).toEqual([]);
  });

  it('what was written a day ago says nothing of today', async () => {
    await interrupted('shutdown');
    await orders.close();
    expect(await store.listOrders()).toHaveLength(1);
    await clock.advance(25 * 3_600_000);
    await start();
    expect(await store.listOrders()).toEqual([]);
    await enter(LAN);
    expect(moderation().order.mode).toBe('free');
  });
});
