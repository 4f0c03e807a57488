import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LiveConferences } from '../../../src/conferences/live-conferences.ts';
import type { Visit } from '../../../src/conferences/visit.ts';
import { Visits } from '../../../src/conferences/visits.ts';
import type { ContentFloorView } from '../../../src/contract/content-floor.ts';
import { contentFeedId } from '../../../src/contract/feeds.ts';
import { newConferenceId, type ParticipantId } from '../../../src/domain/ids.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { FakeMediaRelay } from '../../fakes/fake-media-relay.ts';
import { FakeRoomBridge } from '../../fakes/fake-room-bridge.ts';
import { FakeStage } from '../../fakes/fake-stage.ts';
import { MemoryStore } from '../../fakes/memory-store.ts';
import { pinsOf } from '../../support/pins.ts';
import { seated } from '../../support/seated.ts';

const log = pino({ level: 'silent' });
const conferenceId = newConferenceId();
const MEETING = {
  name: 'Giao ban',
  number: '1001',
  alias: 'giao-ban',
  members: [],
  layout: 'auto' as const,
};

describe('sharing a screen', () => {
  let bridge: FakeRoomBridge;
  let stage: FakeStage;
  let conferences: LiveConferences;
  let clock: FakeClock;
  let visits: Visits;
  let lan: Visit;
  let minh: Visit;

  beforeEach(async () => {
    bridge = new FakeRoomBridge();
    stage = new FakeStage();
    const store = new MemoryStore();
    await store.insertConference({ id: conferenceId, ...MEETING });
    clock = new FakeClock();
    const engines = { relay: new FakeMediaRelay(), bridge, stage, clock };
    const speaker = { minTalkMs: 300, holdMs: 1500 };
    conferences = new LiveConferences({ ...engines, speaker, idleCloseMs: 60_000, log });
    const limits = { graceMs: 10_000, comeBackMs: 60_000, joinTimeoutMs: 5000 };
    const deps = { store, pins: pinsOf(clock), conferences, bridge, clock, log };
    visits = await Visits.open({ ...deps, ...limits });
    lan = await seated(visits, { alias: 'giao-ban', name: 'Lan' });
    minh = await seated(visits, { alias: 'giao-ban', name: 'Minh' });
    await conferences.find(conferenceId)?.openScene(new AbortController().signal);
  });
  afterEach(() => conferences.close());

  const settled = () => new Promise(resolve => setImmediate(resolve));
  const contentOf = ({ seat }: Visit) => contentFeedId(seat.participantId) as ParticipantId;
  const screenOf = (visit: Visit) => bridge.openBrowser(conferenceId, visit.name, contentOf(visit));
  const sharers = () =>
    conferences
      .find(conferenceId)
      ?.roster.list()
      .filter(({ sharing }) => sharing)
      .map(({ name }) => name);
  const onStage = (visit: Visit) =>
    stage.scenes.get(conferenceId)?.participants.has(contentOf(visit));

  it('is told to everybody and goes to the stage as content, with the sharer’s name', async () => {
    lan.share();
    await screenOf(lan).publish();
    await settled();
    expect(sharers()).toEqual(['Lan']);
    expect(stage.requests.find(({ method }) => method === 'browser.add')).toMatchObject({
      params: { participantId: contentOf(lan), name: 'Lan', content: true, codec: 'h264' },
    });
  });

  it('leaves the sharer’s camera as it is', async () => {
    await bridge.openBrowser(conferenceId, 'Lan', lan.seat.participantId).publish();
    lan.share();
    const screen = screenOf(lan);
    await screen.publish();
    await screen.unpublish();
    await settled();
    expect(conferences.find(conferenceId)?.roster.get(lan.seat.participantId)).toMatchObject({
      hasVideo: true,
      sharing: false,
      chair: false,
      handRaised: false,
    });
  });

  it('is for one at a time; the second is told who', () => {
    lan.share();
    expect(() => minh.share()).toThrow(
      expect.objectContaining({ code: 'content-taken', details: { name: 'Lan' } }),
    );
    expect([lan.isSharing, minh.isSharing]).toEqual([true, false]);
  });

  it('ends when the screen is not published any more, and is free for the next', async () => {
    lan.share();
    const screen = screenOf(lan);
    await screen.publish();
    await screen.unpublish();
    await settled();
    expect(sharers()).toEqual([]);
    expect(onStage(lan)).toBe(false);
    minh.share();
    expect(minh.isSharing).toBe(true);
  });

  it('taken anew is not ended by the news of the last time', async () => {
    lan.share();
    const screen = screenOf(lan);
    await screen.publish();
    lan.share();
    await screen.unpublish();
    expect(lan.isSharing).toBe(true);
  });

  it('that is stopped is put out of the room, whatever the browser does', async () => {
    lan.share();
    await screenOf(lan).publish();
    await lan.stopSharing();
    await settled();
    expect(bridge.inRooms(conferenceId).video).toEqual([]);
    expect([sharers(), onStage(lan)]).toEqual([[], false]);
  });

  it('ends with the visit', async () => {
    lan.share();
    await screenOf(lan).publish();
    await lan.leave();
    expect(bridge.inRooms(conferenceId).video).toEqual([]);
    expect(onStage(lan)).toBe(false);
    minh.share();
    expect(minh.isSharing).toBe(true);
  });

  /** All that a browser is told of it; the last is how it stands. */
  const told = (visit: Visit) => {
    const views: ContentFloorView[] = [];
    visit.onContent(view => views.push(view));
    return () => views.at(-1);
  };
  const requestOf = (view: ContentFloorView | undefined) => view?.request;

  it('that is asked for is granted when who shares lets it go, and kept for who asked', async () => {
    const [lanIsTold, minhIsTold] = [told(lan), told(minh)];
    lan.share();
    await screenOf(lan).publish();
    minh.requestContent(true);
    expect(lanIsTold()).toMatchObject({ holder: { name: 'Lan' }, requests: [{ name: 'Minh' }] });
    expect(requestOf(minhIsTold())).toBe('requested');
    await lan.stopSharing();
    expect(minhIsTold()).toMatchObject({ holder: { name: 'Minh' }, request: 'granted' });
    expect(() => lan.share()).toThrow(
      expect.objectContaining({ code: 'content-taken', details: { name: 'Minh' } }),
    );
    minh.share();
    await screenOf(minh).publish();
    await settled();
    expect([requestOf(minhIsTold()), sharers()]).toEqual(['none', ['Minh']]);
    await clock.advance(60_000);
    expect(minh.isSharing).toBe(true);
  });

  it('that is asked for in vain goes on, and who asked is told so until it ends', () => {
    const [lanIsTold, minhIsTold] = [told(lan), told(minh)];
    lan.share();
    minh.requestContent(true);
    minh.denyContent();
    expect(requestOf(minhIsTold())).toBe('requested');
    lan.denyContent();
    expect([lanIsTold()?.requests, requestOf(minhIsTold())]).toEqual([[], 'denied']);
    void lan.stopSharing();
    expect(minhIsTold()).toEqual({ requests: [], request: 'none', revoked: 0 });
  });

  it('that was granted and is not begun goes to the next after half a minute', async () => {
    const ha = await seated(visits, { alias: 'giao-ban', name: 'Hà' });
    const haIsTold = told(ha);
    lan.share();
    for (const visit of [minh, ha]) visit.requestContent(true);
    void lan.stopSharing();
    expect([minh.isSharing, requestOf(haIsTold())]).toEqual([true, 'requested']);
    await clock.advance(30_000);
    expect([minh.isSharing, requestOf(haIsTold())]).toEqual([false, 'granted']);
    ha.requestContent(false);
    expect(haIsTold()).toEqual({ requests: [], request: 'none', revoked: 0 });
  });

  it('that is asked for by who leaves is asked for no longer', async () => {
    const lanIsTold = told(lan);
    lan.share();
    minh.requestContent(true);
    await minh.leave();
    expect(lanIsTold()?.requests).toEqual([]);
  });

  it('that a chair ends is put out of the room, and its sharer is told', async () => {
    const lanIsTold = told(lan);
    lan.share();
    await screenOf(lan).publish();
    const content = conferences.find(conferenceId)?.content;
    await content?.revoke(minh.seat.participantId);
    expect(sharers()).toEqual(['Lan']);
    await content?.revoke(lan.seat.participantId);
    expect(lanIsTold()).toEqual({ requests: [], request: 'none', revoked: 1 });
    expect([sharers(), bridge.inRooms(conferenceId).video]).toEqual([[], []]);
    await expect(content?.revoke('gone' as ParticipantId)).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('without having asked is put out of the room', async () => {
    await screenOf(minh).publish();
    await settled();
    expect(bridge.inRooms(conferenceId).video).toEqual([]);
    expect(sharers()).toEqual([]);
  });
});
