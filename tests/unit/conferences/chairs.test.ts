import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LiveConferences } from '../../../src/conferences/live-conferences.ts';
import type { OrderState } from '../../../src/conferences/moderation.ts';
import { hashPin } from '../../../src/conferences/pin.ts';
import type { Visit } from '../../../src/conferences/visit.ts';
import { type Joined, Visits } from '../../../src/conferences/visits.ts';
import type { WaitEnd } from '../../../src/conferences/waiting-room.ts';
import type { ChairAct, ChairView } from '../../../src/contract/chair.ts';
import type { Conference, Participant } from '../../../src/domain/conference.ts';
import type { ConferenceId } from '../../../src/domain/ids.ts';
import { Chairing } from '../../../src/meetings/chairing.ts';
import type { MeetingView } from '../../../src/meetings/views.ts';
import { FakeClock, settle } from '../../fakes/fake-clock.ts';
import { FakeMediaRelay } from '../../fakes/fake-media-relay.ts';
import { FakeRoomBridge } from '../../fakes/fake-room-bridge.ts';
import { FakeStage } from '../../fakes/fake-stage.ts';
import { MemoryStore } from '../../fakes/memory-store.ts';
import { pinsOf } from '../../support/pins.ts';
import { seated } from '../../support/seated.ts';

const log = pino({ level: 'silent' });
const ID = 'c1' as ConferenceId;
const CHAIR_PIN = '9876';
const RULES = { isLocked: false, muteOnEntry: false };

describe('a chair', () => {
  let clock: FakeClock;
  let stage: FakeStage;
  let conferences: LiveConferences;
  let visits: Visits;
  let chairing: Chairing;
  let people: readonly Participant[];
  /** What was asked of the meeting, when one runs. */
  let asked: string[];
  let runs: boolean;

  beforeEach(async () => {
    const bridge = new FakeRoomBridge();
    clock = new FakeClock();
    asked = [];
    runs = false;
    stage = new FakeStage();
    const engines = { relay: new FakeMediaRelay(), bridge, stage, clock };
    const speaker = { minTalkMs: 300, holdMs: 1500 };
    conferences = new LiveConferences({ ...engines, speaker, idleCloseMs: 0, log });
    const store = new MemoryStore();
    const conference: Conference = {
      ...{ id: ID, name: 'Giao ban', number: '1001', alias: 'giao-ban', members: [] },
      layout: 'auto',
      chairPinHash: await hashPin(CHAIR_PIN),
    };
    await store.insertConference(conference);
    visits = await Visits.open({
      ...{ store, pins: pinsOf(clock), conferences, bridge, clock, log },
      ...{ graceMs: 60_000, comeBackMs: 60_000 },
      joinTimeoutMs: 5000,
    });
    const meeting = { conferenceId: ID, endsAtMs: 90_000 } as unknown as MeetingView;
    const note =
      (what: string) =>
      (_: ConferenceId, ...more: unknown[]) => {
        asked.push([what, ...more].join(' '));
        return meeting;
      };
    chairing = new Chairing({
      ...{ conferences, waiters: visits, clock, log },
      meetings: {
        find: () => (runs ? meeting : undefined),
        onChange: () => () => undefined,
        lock: note('lock'),
        say: note('say'),
        extend: note('extend'),
        end: async () => void asked.push('end'),
      },
    });
    conferences.watch(ID, now => {
      people = now;
    });
  });

  afterEach(async () => {
    chairing.close();
    await visits.close();
    await conferences.close();
  });

  const join = (name: string, more: { pin?: string; pass?: string } = {}) =>
    visits.join({ alias: 'giao-ban', name, ...more });
  const chairComes = () => seated(visits, { alias: 'giao-ban', name: 'Hà', pin: CHAIR_PIN });
  const guestComes = (name: string) => seated(visits, { alias: 'giao-ban', name });
  const act = (what: ChairAct) => chairing.act(ID, what);
  const idOf = (visit: Visit) => visit.seat.participantId;
  const mutedNames = () => people.filter(({ muted }) => muted).map(({ name }) => name);
  const waitOf = (joined: Joined) => {
    if (!joined.wait) throw new Error('nobody waits');
    return joined.wait;
  };
  const watched = () => {
    const views: ChairView[] = [];
    chairing.watch(ID, view => views.push(view));
    return views;
  };
  const endOf = (joined: Joined) => {
    const ends: WaitEnd[] = [];
    waitOf(joined).onEnded(end => ends.push(end));
    return ends;
  };

  it('is who knows the PIN of chairs, and nobody else', async () => {
    expect((await chairComes()).isChair).toBe(true);
    expect((await guestComes('Lan')).isChair).toBe(false);
    await expect(join('Minh', { pin: '0000' })).rejects.toMatchObject({ code: 'pin-wrong' });
    expect(people.map(({ name, chair }) => [name, chair])).toEqual([
      ['Hà', true],
      ['Lan', false],
    ]);
  });

  it('is waited for; guests come in with it', async () => {
    const early = await join('Lan');
    expect(waitOf(early).reason).toBe('not-started');
    const ends = endOf(early);
    await chairComes();
    expect(ends).toEqual(['admitted']);
    await seated(visits, { alias: 'giao-ban', name: 'Lan', pass: waitOf(early).token });
    expect(people.map(({ name }) => name)).toEqual(['Hà', 'Lan']);
  });

  it('need not have come where a meeting was started', async () => {
    const ends = endOf(await join('Lan'));
    conferences.govern(ID, RULES);
    expect(ends).toEqual(['admitted']);
    await guestComes('Minh');
  });

  it('locks, sees who waits, lets in and turns away', async () => {
    await chairComes();
    const views = watched();
    await act({ do: 'lock', locked: true });
    const [lan, minh, an] = [await join('Lan'), await join('Minh'), await join('An')];
    expect(views.at(-1)).toMatchObject({
      locked: true,
      waiting: [{ name: 'Lan' }, { name: 'Minh' }, { name: 'An' }],
    });
    const ends = [lan, minh, an].map(endOf);
    await act({ do: 'admit', waitingIds: [waitOf(lan).id, 'nobody'] });
    await act({ do: 'turn-away', waitingId: waitOf(minh).id });
    expect(ends).toEqual([['admitted'], ['turned-away'], []]);
    await seated(visits, { alias: 'giao-ban', name: 'Lan', pass: waitOf(lan).token });
    expect(views.at(-1)?.waiting).toMatchObject([{ name: 'An' }]);
    await act({ do: 'lock', locked: false });
    expect(ends[2]).toEqual(['admitted']);
  });

  it('lets nobody in with a pass of another, of no value, or of who was put out', async () => {
    await chairComes();
    const lan = await guestComes('Lan');
    await act({ do: 'lock', locked: true });
    expect((await join('Minh', { pass: 'made-up' })).wait).toBeDefined();
    const again = await seated(visits, { alias: 'giao-ban', name: 'Lan', pass: lan.token });
    await act({ do: 'remove', participantId: idOf(again) });
    for (const pass of [lan.token, again.token])
      expect((await join('Lan', { pass })).wait).toBeDefined();
  });

  it('stops somebody’s sharing', async () => {
    await chairComes();
    const lan = await guestComes('Lan');
    lan.share();
    await act({ do: 'stop-sharing', participantId: idOf(lan) });
    expect(lan.isSharing).toBe(false);
  });

  it('holds muted also who comes back over a new connection, hours later', async () => {
    await chairComes();
    const lan = await guestComes('Lan');
    await act({ do: 'lock', locked: true });
    await act({ do: 'mute', participantId: idOf(lan), muted: true });
    await clock.advance(3 * 3600_000);
    const again = await seated(visits, { alias: 'giao-ban', name: 'Lan', pass: lan.token });
    expect(mutedNames()).toEqual(['Lan']);
    await again.leave();
    await clock.advance(3600_000);
    expect((await join('Lan', { pass: again.token })).wait).toBeDefined();
  });

  it('may become one while it is in the meeting, and is let go then', async () => {
    await chairComes();
    const lan = await guestComes('Lan');
    const leads: string[] = [];
    lan.onLeading(() => leads.push('Lan'));
    await act({ do: 'mute-all', muted: true });
    await act({ do: 'give-floor', participantId: people[0]?.id ?? '' });
    expect(lan.isHeldMuted).toBe(true);
    await expect(visits.lead(lan, '0000', '')).rejects.toMatchObject({ code: 'pin-wrong' });
    expect([lan.isChair, leads]).toEqual([false, []]);
    await visits.lead(lan, CHAIR_PIN, '');
    await settle();
    expect([lan.isChair, lan.isHeldMuted, leads]).toEqual([true, false, ['Lan']]);
    expect(people.map(({ chair }) => chair)).toEqual([true, true]);
    const again = await seated(visits, { alias: 'giao-ban', name: 'Lan', pass: lan.token });
    expect(again.isChair).toBe(true);
  });

  it('comes back as a chair over a lost connection', async () => {
    const chair = await chairComes();
    const again = await seated(visits, { alias: 'giao-ban', name: 'Hà', pass: chair.token });
    expect(again.isChair).toBe(true);
  });

  it('gives the floor: this one is heard and large, the others are not', async () => {
    await chairComes();
    const [lan, minh] = [await guestComes('Lan'), await guestComes('Minh')];
    const orders: OrderState[] = [];
    lan.onOrder(order => orders.push(order));
    minh.raiseHand(true);
    lan.raiseHand(true);
    expect(people.filter(({ handRaised }) => handRaised).map(({ name }) => name)).toHaveLength(2);
    expect(orders.at(-1)?.hands.map(hand => hand.participantId)).toEqual([idOf(minh), idOf(lan)]);
    await act({ do: 'give-floor', participantId: idOf(minh), limitSec: 120 });
    expect(mutedNames()).toEqual(['Lan']);
    expect(orders.at(-1)?.floor).toMatchObject({
      participantId: idOf(minh),
      endsAtMs: clock.now() + 120_000,
    });
    expect(conferences.find(ID)?.layout.pinnedParticipantId).toBe(idOf(minh));
    const late = await guestComes('An');
    await settle();
    expect(late.isHeldMuted).toBe(true);

    await act({ do: 'take-floor' });
    expect(mutedNames()).toEqual(['Lan', 'Minh', 'An']);
    expect(conferences.find(ID)?.layout.pinnedParticipantId).toBeUndefined();
    await act({ do: 'free-discussion' });
    expect(mutedNames()).toEqual([]);
    expect(orders.at(-1)).toMatchObject({ mode: 'free', hands: [{ participantId: idOf(lan) }] });
    await act({ do: 'lower-hand', participantId: idOf(lan) });
    expect(people.some(({ handRaised }) => handRaised)).toBe(false);
  });

  it('has the halls’ picture say who has the floor, for how long and who waits', async () => {
    const chair = await chairComes();
    const lan = await guestComes('Lan');
    chair.raiseHand(true);
    await conferences.find(ID)?.openScene(AbortSignal.timeout(5000));
    const told = () => stage.requests.findLast(({ method }) => method === 'scene.floor')?.params;
    expect(told()).toMatchObject({ queue: ['Hà'] });
    await act({ do: 'give-floor', participantId: idOf(lan), limitSec: 60 });
    expect(told()).toMatchObject({ floor: { name: 'Lan', remainingMs: 60_000 }, queue: ['Hà'] });
    await act({ do: 'take-floor' });
    expect(told()).toEqual({ sceneId: ID, queue: ['Hà'] });
  });

  it('who is held muted by itself stays so in a free discussion', async () => {
    await chairComes();
    const [lan, minh] = [await guestComes('Lan'), await guestComes('Minh')];
    await act({ do: 'mute', participantId: idOf(lan), muted: true });
    await act({ do: 'give-floor', participantId: idOf(minh) });
    await act({ do: 'free-discussion' });
    expect(mutedNames()).toEqual(['Lan']);
    await act({ do: 'ask-to-unmute', participantId: idOf(lan) });
    expect(mutedNames()).toEqual([]);
    let timesAsked = 0;
    lan.onNotice(notice => {
      timesAsked = notice.askedToUnmute;
    });
    expect(timesAsked).toBe(1);
  });

  it('the floor falls back when its holder leaves', async () => {
    await chairComes();
    const lan = await guestComes('Lan');
    await act({ do: 'give-floor', participantId: idOf(lan) });
    await lan.leave();
    expect(conferences.find(ID)?.moderation.order).toEqual({
      mode: 'ordered',
      hands: [],
      floor: undefined,
      spotlightId: undefined,
    });
  });

  it('puts somebody large for everybody, until that one leaves', async () => {
    await chairComes();
    const [lan, minh] = [await guestComes('Lan'), await guestComes('Minh')];
    const large: (string | undefined)[] = [];
    lan.onOrder(({ spotlightId }) => large.push(spotlightId));
    const views = watched();
    await act({ do: 'spotlight', participantId: idOf(minh) });
    expect([large.at(-1), views.at(-1)?.layout.pinnedParticipantId]).toEqual([
      idOf(minh),
      idOf(minh),
    ]);
    await act({ do: 'give-floor', participantId: idOf(lan) });
    expect(large.at(-1)).toBe(idOf(lan));
    await act({ do: 'spotlight', participantId: idOf(minh) });
    await minh.leave();
    expect([large.at(-1), views.at(-1)?.layout.pinnedParticipantId]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('mutes everybody but chairs and who has the floor, and lets them go', async () => {
    await chairComes();
    const lan = await guestComes('Lan');
    await guestComes('Minh');
    await act({ do: 'mute-all', muted: true });
    expect(mutedNames()).toEqual(['Lan', 'Minh']);
    await act({ do: 'mute-all', muted: false });
    expect(mutedNames()).toEqual([]);
    await act({ do: 'give-floor', participantId: idOf(lan) });
    await act({ do: 'mute-all', muted: true });
    expect(mutedNames()).toEqual(['Minh']);
  });

  it('says something on every screen for a while, without a meeting', async () => {
    await chairComes();
    const lan = await guestComes('Lan');
    let message: string | undefined;
    lan.onNotice(notice => {
      message = notice.message;
    });
    const views = watched();
    await act({ do: 'message', text: 'Nghỉ 10 phút', seconds: 30 });
    expect(message).toBe('Nghỉ 10 phút');
    expect(views.at(-1)?.message).toEqual({ text: 'Nghỉ 10 phút', untilMs: clock.now() + 30_000 });
    await clock.advance(30_000);
    expect(message).toBeUndefined();
    expect(views.at(-1)?.message).toBeUndefined();
  });

  it('leaves nothing behind for those who come when all have left', async () => {
    const chair = await chairComes();
    await act({ do: 'lock', locked: true });
    await chair.leave();
    await conferences.end(ID, 'conference-closed');
    expect(conferences.isLocked(ID)).toBe(false);
    expect(waitOf(await join('Lan')).reason).toBe('not-started');
  });

  it('leads the meeting that was started', async () => {
    await chairComes();
    runs = true;
    expect(watched().at(-1)?.endsAtMs).toBe(90_000);
    await act({ do: 'lock', locked: true });
    await act({ do: 'message', text: '', seconds: 30 });
    await act({ do: 'extend', minutes: 15 });
    await act({ do: 'end' });
    expect(asked).toEqual(['lock true', 'say  30', 'extend 15', 'end']);
    expect(people).toEqual([]);
  });

  it('is told what cannot be done', async () => {
    await chairComes();
    await expect(act({ do: 'extend', minutes: 15 })).rejects.toMatchObject({ code: 'bad-request' });
    for (const what of ['mute', 'give-floor', 'remove', 'spotlight'] as const) {
      const gone = { do: what, participantId: 'nobody', muted: true } as ChairAct;
      await expect(act(gone)).rejects.toMatchObject({ code: 'not-found' });
    }
  });

  it('chooses how halls see this meeting', async () => {
    const chair = await chairComes();
    const lan = await guestComes('Lan');
    const views = watched();
    await act({ do: 'layout', layout: { layout: 'lecture', hqParticipantId: idOf(lan) } });
    expect(views.at(-1)?.layout).toMatchObject({ layout: 'lecture', hqParticipantId: idOf(lan) });
    await act({ do: 'spotlight', participantId: idOf(chair) });
    expect(views.at(-1)?.layout.pinnedParticipantId).toBe(idOf(chair));
    await act({ do: 'spotlight' });
    expect(views.at(-1)?.layout.pinnedParticipantId).toBeUndefined();
  });

  it('reads what people write, also what was written before', async () => {
    const chair = await chairComes();
    chair.write('Chào cả nhà', 5);
    const lan = await guestComes('Lan');
    const texts: string[] = [];
    lan.onChat(lines => texts.push(...lines.map(({ name, text }) => `${name}: ${text}`)));
    lan.write('Xã em nghe rõ', 6);
    expect(texts).toEqual(['Hà: Chào cả nhà', 'Lan: Xã em nghe rõ']);
  });
});
