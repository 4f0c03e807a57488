import pino from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { LiveConference } from '../../../src/conferences/live-conference.ts';
import { composedFeedId } from '../../../src/contract/feeds.ts';
import type { Participant, ParticipantKind } from '../../../src/domain/conference.ts';
import { newConferenceId, newParticipantId, type ParticipantId } from '../../../src/domain/ids.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { FakeMediaRelay } from '../../fakes/fake-media-relay.ts';
import { FakeRoomBridge } from '../../fakes/fake-room-bridge.ts';
import { FakeStage } from '../../fakes/fake-stage.ts';

const log = pino({ level: 'silent' });
const NEVER = new AbortController().signal;

let relay: FakeMediaRelay;
let bridge: FakeRoomBridge;
let stage: FakeStage;
let clock: FakeClock;
let live: LiveConference;
let conferenceId: ReturnType<typeof newConferenceId>;
let composed: ParticipantId;

beforeEach(async () => {
  relay = new FakeMediaRelay();
  bridge = new FakeRoomBridge();
  stage = new FakeStage();
  clock = new FakeClock();
  conferenceId = newConferenceId();
  composed = composedFeedId(conferenceId) as ParticipantId;
  live = new LiveConference(
    {
      id: conferenceId,
      name: 'Giao ban',
      number: '1001',
      alias: 'giao-ban',
      members: [],
      layout: 'auto',
    },
    {
      ...{
        relay,
        bridge,
        stage,
        clock,
        speaker: { minTalkMs: 1, holdMs: 1 },
        log,
      },
      onLayout: () => undefined,
    },
  );
  stage.onLost(() => live.stageLost());
  stage.onRestored(() => live.stageRestored());
  stage.onNotRestored(({ participantId }) =>
    live.notRestoredOnStage(participantId as ParticipantId),
  );
  relay.onLost(() => live.relayLost());
  bridge.on('seat.lost', ({ participantId }) => live.seatLost(participantId));
  await live.openRooms(NEVER);
});

/** Somebody who comes in; a viewer cannot decode H.264. */
function enter(needsComposed: boolean, kind: ParticipantKind = 'browser'): ParticipantId {
  const id = newParticipantId();
  const flags = {
    hasAudio: true,
    hasVideo: false,
    muted: false,
    speaking: false,
    sharing: false,
    chair: false,
    handRaised: false,
    away: false,
    poorLine: false,
    alarms: [],
  };
  const participant: Participant = { id, conferenceId, kind, name: id, joinedAtMs: 0, ...flags };
  live.add(participant);
  if (needsComposed) live.showComposed(id);
  return id;
}

/** Everything that is under way has an end in microtasks: the engines are fakes. */
const settled = () => new Promise(resolve => setImmediate(resolve));
const requests = (method: string) => stage.requests.filter(request => request.method === method);

/** What each engine holds of the feed. */
function held() {
  return {
    stage: stage.scenes.get(conferenceId)?.participants.get(composed) === 'composed',
    relay: relay.feeds.size,
    room: bridge.rooms.get(conferenceId)?.feeds.has(composed) ?? false,
  };
}
const ALL = { stage: true, relay: 1, room: true };
const NOTHING = { stage: false, relay: 0, room: false };

describe('the composed picture', () => {
  it('is not made for browsers that decode H.264', async () => {
    enter(false);
    await live.openScene(NEVER);
    await settled();
    expect(held()).toEqual(NOTHING);
  });

  it('opens the scene and is published for the first browser that does not, once for all', async () => {
    enter(true);
    enter(true);
    await settled();
    expect(held()).toEqual(ALL);
    expect(requests('composed.add')).toHaveLength(1);
    expect(requests('composed.connect')).toMatchObject([
      { params: { sceneId: conferenceId, participantId: composed, feed: { host: '127.0.0.1' } } },
    ]);
  });

  it('is gone everywhere when the last of them left', async () => {
    const first = enter(true);
    const second = enter(true);
    await settled();
    await live.remove(first);
    expect(held()).toEqual(ALL);
    await live.remove(second);
    expect(held()).toEqual(NOTHING);
  });

  it('of somebody who leaves while it is being made, nothing stays', async () => {
    const viewer = enter(true);
    await live.remove(viewer);
    await settled();
    expect(held()).toEqual(NOTHING);
  });

  it('ends with the conference', async () => {
    enter(true);
    await settled();
    await live.close('conference-closed');
    expect([relay.feeds.size, stage.scenes.size, bridge.rooms.size]).toEqual([0, 0, 0]);
  });
});

describe('what fails half-way', () => {
  const failure = new Error('refused');
  it.each<[string, () => void]>([
    ['the stage has none', () => stage.failNext.set('composed.add', failure)],
    ['the relay refuses the offer', () => relay.failNext.set('offerFeed', failure)],
    ['the room server refuses the feed', () => bridge.failNext.set('publishVideo', failure)],
    ['the relay refuses the answer', () => relay.failNext.set('answerFeed', failure)],
    ['the stage does not connect', () => stage.failNext.set('composed.connect', failure)],
  ])('when %s nothing stays, and it is tried again', async (_, fail) => {
    fail();
    enter(true);
    await settled();
    expect(held()).toEqual(NOTHING);
    await clock.advance(10_000);
    await settled();
    expect(held()).toEqual(ALL);
  });

  it('the next scene opening makes it at once', async () => {
    stage.failNext.set('composed.add', failure);
    enter(true);
    await settled();
    await live.openScene(NEVER);
    await settled();
    expect(held()).toEqual(ALL);
  });

  it('a stage that is away keeps nobody out, and brings the picture when it is back', async () => {
    stage.crash();
    enter(true);
    await settled();
    expect(live.roster.size).toBe(1);
    stage.comeBack();
    await settled();
    expect(held()).toEqual(ALL);
  });
});

describe('what is lost', () => {
  beforeEach(async () => {
    enter(true);
    await settled();
  });

  it('with the stage comes back with it', async () => {
    stage.crash();
    stage.comeBack();
    await settled();
    expect(held()).toEqual(ALL);
    expect(requests('composed.add')).toHaveLength(1);
  });

  it('is made anew when the stage comes back without it', async () => {
    stage.crash();
    stage.comeBack([{ sceneId: conferenceId, participantId: composed }]);
    await settled();
    expect(held()).toEqual(ALL);
    expect(requests('composed.add')).toHaveLength(2);
  });

  it('is not wanted any more by who leaves while the stage is away', async () => {
    stage.crash();
    for (const { id } of live.roster.list()) await live.remove(id);
    stage.comeBack();
    await settled();
    expect(held()).toEqual(NOTHING);
  });

  it('with the relay is released, and made anew when the next endpoint asks for the scene', async () => {
    relay.crash();
    await settled();
    expect(held()).toEqual(NOTHING);
    relay.comeBack();
    await live.openScene(NEVER);
    await settled();
    expect(held()).toEqual(ALL);
  });

  it('by the room server alone is made anew at once', async () => {
    bridge.kick(conferenceId, 'video', composed);
    await settled();
    expect(held()).toEqual(ALL);
    expect(requests('composed.add')).toHaveLength(2);
  });
});
