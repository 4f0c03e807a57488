import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LiveConferences } from '../../../src/conferences/live-conferences.ts';
import type { ConferenceRules } from '../../../src/conferences/moderation.ts';
import type { Seat } from '../../../src/conferences/seat.ts';
import type { VisitNotice } from '../../../src/conferences/visit.ts';
import { Visits } from '../../../src/conferences/visits.ts';
import type { Conference, Participant } from '../../../src/domain/conference.ts';
import type { ConferenceId, ParticipantId, SiteId } from '../../../src/domain/ids.ts';
import { FakeClock, settle } from '../../fakes/fake-clock.ts';
import { FakeMediaRelay } from '../../fakes/fake-media-relay.ts';
import { FakeRoomBridge } from '../../fakes/fake-room-bridge.ts';
import { FakeStage } from '../../fakes/fake-stage.ts';
import { MemoryStore } from '../../fakes/memory-store.ts';
import { pinsOf } from '../../support/pins.ts';
import { seated } from '../../support/seated.ts';

const log = pino({ level: 'silent' });
const CONFERENCE: Conference = {
  id: 'c1' as ConferenceId,
  name: 'Giao ban',
  number: '1001',
  alias: 'giao-ban',
  members: [],
  layout: 'auto',
};
const OPEN: ConferenceRules = { isLocked: false, muteOnEntry: false };
const { id: ID } = CONFERENCE;

describe('who runs a meeting', () => {
  let bridge: FakeRoomBridge;
  let stage: FakeStage;
  let conferences: LiveConferences;
  let visits: Visits;
  let seen: readonly Participant[];

  beforeEach(async () => {
    bridge = new FakeRoomBridge();
    stage = new FakeStage();
    const relay = new FakeMediaRelay();
    const clock = new FakeClock();
    const speaker = { minTalkMs: 300, holdMs: 1500 };
    const engines = { relay, bridge, stage, clock };
    conferences = new LiveConferences({ ...engines, speaker, idleCloseMs: 0, log });
    const store = new MemoryStore();
    await store.insertConference(CONFERENCE);
    const times = { graceMs: 60_000, comeBackMs: 60_000, joinTimeoutMs: 5000 };
    const deps = { store, pins: pinsOf(clock), conferences, bridge, clock, log };
    visits = await Visits.open({ ...deps, ...times });
    conferences.watch(ID, participants => {
      seen = participants;
    });
  });

  afterEach(async () => {
    await visits.close();
    await conferences.close();
  });

  const signal = () => AbortSignal.timeout(5000);
  const join = () => seated(visits, { alias: 'giao-ban', name: 'Lan' });
  const enter = (more: { readonly isCalled?: boolean } = {}): Promise<Seat> =>
    conferences.enter(CONFERENCE, { kind: 'endpoint', name: 'Xã Tân Phú', ...more }, signal());

  it('locks it for everybody but those who are called', async () => {
    conferences.govern(ID, { ...OPEN, isLocked: true });
    await expect(enter()).rejects.toMatchObject({ code: 'conference-locked' });
    await enter({ isCalled: true });
    conferences.govern(ID, OPEN);
    await join();
    expect(seen.map(({ name }) => name)).toEqual(['Xã Tân Phú', 'Lan']);
  });

  it('is told of everybody, over the end of a conference and its next opening', async () => {
    const seat = await enter();
    expect(seen).toHaveLength(1);
    await conferences.end(ID, 'room-server-down');
    expect(seen).toEqual([]);
    await seat.leave();
    await enter();
    expect(seen).toHaveLength(1);
  });

  it('holds a browser’s microphone closed, whatever its page says', async () => {
    const visit = await join();
    const { participantId } = visit.seat;
    const notices: VisitNotice[] = [];
    visit.onNotice(notice => notices.push(notice));
    await conferences.mute(ID, participantId, true);
    expect(visit.isHeldMuted).toBe(true);
    visit.setMuted(false);
    expect(seen).toMatchObject([{ muted: true }]);
    visit.setMuted(true);
    await conferences.mute(ID, participantId, false);
    expect(seen, 'its own switch is closed').toMatchObject([{ muted: true }]);
    visit.setMuted(false);
    expect(seen).toMatchObject([{ muted: false }]);
    expect(notices.map(({ heldMuted }) => heldMuted)).toEqual([false, true, false]);
  });

  it('mutes whoever comes in, and an endpoint by its call', async () => {
    conferences.govern(ID, { ...OPEN, muteOnEntry: true });
    const visit = await join();
    expect(visit.isHeldMuted).toBe(true);
    const seat = await enter();
    const muted: boolean[] = [];
    const setMuted = async (wanted: boolean) => void muted.push(wanted);
    seat.control({ setMuted, putOut: () => undefined });
    await conferences.mute(ID, seat.participantId, false);
    expect(muted).toEqual([true, false]);
  });

  it('mutes an observer, and everybody where the conference says so, without a meeting', async () => {
    const siteId = 'site-1' as SiteId;
    const observer = { siteId, role: 'observer' as const, dial: 'out' as const };
    const mutedIn = async (conference: Conference): Promise<boolean[]> => {
      const who = { kind: 'endpoint' as const, name: 'Xã Tân Phú', siteId };
      const seat = await conferences.enter(conference, who, signal());
      const muted: boolean[] = [];
      const setMuted = async (wanted: boolean) => void muted.push(wanted);
      seat.control({ setMuted, putOut: () => undefined });
      await conferences.end(ID, 'conference-closed');
      await seat.leave();
      return muted;
    };
    expect(await mutedIn(CONFERENCE)).toEqual([]);
    expect(await mutedIn({ ...CONFERENCE, members: [observer] })).toEqual([true]);
    expect(await mutedIn({ ...CONFERENCE, muteOnEntry: true })).toEqual([true]);
  });

  it('tells the stage how a site wants to see what is left open', async () => {
    const who = { kind: 'endpoint' as const, name: 'Xã Tân Phú', hallLayout: 'grid' as const };
    const seat = await conferences.enter(CONFERENCE, who, signal());
    await seat.conference.openScene(signal());
    const told = stage.requests.findLast(({ method }) => method === 'scene.people');
    expect(told?.params).toMatchObject({ people: [{ layout: 'grid' }] });
  });

  it('puts out a browser and an endpoint', async () => {
    const visit = await join();
    let why: string | undefined;
    visit.onEnded(reason => {
      why = reason;
    });
    conferences.putOut(ID, visit.seat.participantId);
    await settle();
    expect(why).toBe('removed');
    expect(seen).toEqual([]);
    const seat = await enter();
    let isPutOut = false;
    seat.control({
      setMuted: async () => undefined,
      putOut: () => {
        isPutOut = true;
      },
    });
    conferences.putOut(ID, seat.participantId);
    expect(isPutOut).toBe(true);
    const stranger = 'nobody' as ParticipantId;
    expect(() => conferences.putOut(ID, stranger)).toThrow(/no such participant/);
    await expect(conferences.mute(ID, stranger, true)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('says something on every screen, also to who comes later', async () => {
    const visit = await join();
    const notices: VisitNotice[] = [];
    visit.onNotice(notice => notices.push(notice));
    const seat = await enter();
    await seat.conference.openScene(signal());
    conferences.govern(ID, { ...OPEN, message: 'Nghỉ giải lao' });
    await settle();
    expect(stage.scenes.get(ID)).toMatchObject({ message: 'Nghỉ giải lao' });
    expect(notices.at(-1)).toEqual({
      heldMuted: false,
      askedToUnmute: 0,
      message: 'Nghỉ giải lao',
    });
    const late: VisitNotice[] = [];
    (await join()).onNotice(notice => late.push(notice));
    expect(late).toEqual([{ heldMuted: false, askedToUnmute: 0, message: 'Nghỉ giải lao' }]);
    conferences.govern(ID, OPEN);
    await settle();
    expect(stage.scenes.get(ID)).toMatchObject({ message: '' });
    expect(notices.at(-1)).toEqual({ heldMuted: false, askedToUnmute: 0 });
  });

  it('says it also in a scene that is opened later', async () => {
    conferences.govern(ID, { ...OPEN, message: 'Sắp bắt đầu' });
    const seat = await enter();
    await seat.conference.openScene(signal());
    await settle();
    expect(stage.scenes.get(ID)).toMatchObject({ message: 'Sắp bắt đầu' });
  });

  it('gives somebody the large place, and takes a changed name and layout over', async () => {
    const seat = await enter();
    await seat.conference.openScene(signal());
    conferences.spotlight(ID, seat.participantId);
    conferences.changed({ ...CONFERENCE, name: 'Giao ban tuần', layout: 'grid' });
    await settle();
    expect(stage.scenes.get(ID)).toMatchObject({
      title: 'Giao ban tuần',
      layout: { layout: 'grid', pinnedId: seat.participantId },
    });
    conferences.spotlight(ID, undefined);
    expect(seat.conference.layout).toEqual({ layout: 'grid' });
    expect(() => conferences.spotlight(ID, 'nobody' as ParticipantId)).toThrow(/no such/);
  });
});
