import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConferenceDirectory } from '../../../src/conferences/conference-directory.ts';
import type { LiveConference } from '../../../src/conferences/live-conference.ts';
import { LiveConferences } from '../../../src/conferences/live-conferences.ts';
import type { Seat } from '../../../src/conferences/seat.ts';
import { LayoutInput, SnapshotQuery } from '../../../src/contract/rest.ts';
import type { StreamQuality } from '../../../src/contract/stage.ts';
import type { Participant } from '../../../src/domain/conference.ts';
import type { ConferenceId, ParticipantId, SiteId } from '../../../src/domain/ids.ts';
import { openStore, type Store } from '../../../src/store/index.ts';
import { FakeClock, settle } from '../../fakes/fake-clock.ts';
import { FakeMediaRelay } from '../../fakes/fake-media-relay.ts';
import { FakeRoomBridge } from '../../fakes/fake-room-bridge.ts';
import { FakeStage, JPEG } from '../../fakes/fake-stage.ts';
import { ANYWHERE, LAN as EDITOR } from '../../support/principals.ts';

const ID = 'conference-1' as ConferenceId;
const [HUYEN, XA] = ['huyen', 'xa'] as [SiteId, SiteId];
const signal = AbortSignal.timeout(60_000);

describe('what halls see of a conference', () => {
  let stage: FakeStage;
  let clock: FakeClock;
  let store: Store;
  let conferences: LiveConferences;
  let directory: ConferenceDirectory;
  let warnings: { msg: string; method?: string }[];

  beforeEach(async () => {
    stage = new FakeStage();
    clock = new FakeClock();
    warnings = [];
    const log = pino({ level: 'warn' }, { write: line => void warnings.push(JSON.parse(line)) });
    const speaker = { minTalkMs: 300, holdMs: 1500 };
    const relay = new FakeMediaRelay();
    const engines = { relay, bridge: new FakeRoomBridge(), stage, clock };
    conferences = new LiveConferences({ ...engines, speaker, idleCloseMs: 0, log });
    store = await openStore({ file: ':memory:', log });
    directory = new ConferenceDirectory({ store, live: conferences, now: () => clock.now() });
    const sites = [HUYEN, XA].map(id => ({ id, name: `Site ${id}`, endpoints: [] }));
    await store.insertSites(sites, EDITOR);
    const names = { name: 'Giao ban', number: '1001', alias: 'giao-ban' };
    const layout = { layout: 'lecture', gridSize: 9 } as const;
    const members = [{ siteId: HUYEN, role: 'hq', dial: 'in' } as const];
    await store.insertConferences([{ id: ID, ...names, members, ...layout }], EDITOR);
  });
  afterEach(async () => {
    await conferences.close();
    await store.close();
  });

  const scene = () => stage.scenes.get(ID);
  const asked = (method: string) => stage.requests.filter(request => request.method === method);
  const live = () => conferences.find(ID) as LiveConference;

  async function enter(name: string, siteId?: SiteId): Promise<Seat> {
    const conference = await store.getConference(ID);
    if (!conference) throw new Error('no conference');
    const who = siteId ? { kind: 'endpoint' as const, siteId } : { kind: 'browser' as const };
    return conferences.enter(conference, { ...who, name }, signal);
  }

  describe('people', () => {
    it('all who are here are told when the scene opens, with and without a picture', async () => {
      const lan = await enter('Lan');
      lan.update({ muted: true });
      const hall = await enter('Xã Tân Phú', XA);
      hall.raiseHand(true);
      expect(asked('scene.people')).toEqual([]);
      await hall.conference.openScene(signal);
      const muted = { muted: true, handRaised: false };
      const asks = { muted: false, handRaised: true };
      expect(scene()?.people).toEqual([
        { participantId: lan.participantId, name: 'Lan', kind: 'browser', ...muted },
        { participantId: hall.participantId, name: 'Xã Tân Phú', kind: 'site', ...asks },
      ]);
    });

    it('coming, going, muting and renaming in one turn are told once', async () => {
      const hall = await enter('Xã Tân Phú', XA);
      await hall.conference.openScene(signal);
      const [lan, mai] = [await enter('Lan'), await enter('Mai')];
      await settle();
      const before = asked('scene.people').length;
      lan.update({ muted: true });
      hall.conference.roster.update(hall.participantId, { name: 'Xã Tân Phú 2' });
      await mai.leave();
      expect(asked('scene.people')).toHaveLength(before);
      await settle();
      expect(asked('scene.people')).toHaveLength(before + 1);
      expect(scene()?.people).toMatchObject([
        { name: 'Xã Tân Phú 2', muted: false },
        { name: 'Lan', muted: true },
      ]);
    });

    it('what halls do not show, like talk and cameras, is not told', async () => {
      const hall = await enter('Xã Tân Phú', XA);
      await hall.conference.openScene(signal);
      await settle();
      const before = asked('scene.people').length;
      hall.update({ hasVideo: true });
      hall.conference.talking(hall.participantId, true);
      await settle();
      expect(asked('scene.people')).toHaveLength(before);
    });

    it('are told again when the stage has come back', async () => {
      const hall = await enter('Xã Tân Phú', XA);
      await hall.conference.openScene(signal);
      stage.crash();
      const lan = await enter('Lan');
      await settle();
      stage.comeBack();
      await hall.conference.openScene(signal);
      expect(scene()?.people.map(({ name }) => name)).toEqual(['Xã Tân Phú', 'Lan']);
      expect(scene()?.layout).toMatchObject({ layout: 'lecture' });
      await lan.leave();
    });

    it('a stage that refuses is logged, ends nothing, and is told again at the next change', async () => {
      stage.refused.add('scene.people').add('scene.layout');
      const hall = await enter('Xã Tân Phú', XA);
      await hall.conference.openScene(signal);
      await settle();
      expect(warnings).toMatchObject([
        { msg: 'halls not told', method: 'scene.people' },
        { msg: 'halls not told', method: 'scene.layout' },
      ]);
      expect(hall.ended.aborted).toBe(false);
      stage.refused.clear();
      hall.update({ hasVideo: true });
      await settle();
      expect(scene()?.people).toHaveLength(1);
      expect(scene()?.layout).toMatchObject({ layout: 'lecture' });
    });
  });

  describe('layout', () => {
    const set = (input: LayoutInput) => directory.setLayout(ANYWHERE, ID, LayoutInput.parse(input));

    it('is the stored one, led by the site when it comes and not when it has left', async () => {
      const hall = await enter('Xã Tân Phú', XA);
      await hall.conference.openScene(signal);
      expect(scene()?.layout).toEqual({ sceneId: ID, layout: 'lecture', gridSize: 9 });
      const huyen = await enter('Huyện', HUYEN);
      await settle();
      expect(scene()?.layout).toMatchObject({ hqId: huyen.participantId });
      await huyen.leave();
      await settle();
      expect(scene()?.layout).not.toHaveProperty('hqId');
    });

    it('is changed while it runs, and for the next meeting', async () => {
      const hall = await enter('Xã Tân Phú', XA);
      await hall.conference.openScene(signal);
      const view = { layout: 'hq-speaker', hqSiteId: XA } as const;
      expect(await set(view)).toEqual(view);
      await settle();
      const hqId = hall.participantId;
      expect(scene()?.layout).toEqual({ sceneId: ID, layout: 'hq-speaker', hqId });
      expect(await directory.layout(ANYWHERE, ID)).toEqual(view);
      expect(await store.getConference(ID)).toMatchObject({
        layout: 'hq-speaker',
        members: [
          { siteId: XA, role: 'hq' },
          { siteId: HUYEN, role: 'site' },
        ],
      });
      expect(await store.getConference(ID)).not.toHaveProperty('gridSize');
    });

    it('a participant leads or is pinned as long as it is here; the site’s lead is kept', async () => {
      const hall = await enter('Xã Tân Phú', XA);
      await hall.conference.openScene(signal);
      const lan = await enter('Lan');
      const id = lan.participantId;
      const view = await set({ layout: 'lecture', hqParticipantId: id, pinnedParticipantId: id });
      expect(view).toEqual({ layout: 'lecture', hqParticipantId: id, pinnedParticipantId: id });
      await settle();
      expect(scene()?.layout).toMatchObject({ hqId: id, pinnedId: id });
      await lan.leave();
      await settle();
      expect(scene()?.layout).toEqual({ sceneId: ID, layout: 'lecture' });
      expect(await directory.layout(ANYWHERE, ID)).toEqual({ layout: 'lecture', hqSiteId: HUYEN });
      const huyen = await enter('Huyện', HUYEN);
      await settle();
      expect(scene()?.layout).toMatchObject({ hqId: huyen.participantId });
    });

    it('who leaves while it is being changed neither leads nor is pinned', async () => {
      const hall = await enter('Xã Tân Phú', XA);
      await hall.conference.openScene(signal);
      const { participantId: id, leave } = await enter('Lan');
      const update = store.updateConference.bind(store);
      store.updateConference = async (...change) => {
        await leave();
        return update(...change);
      };
      await set({ layout: 'grid', hqParticipantId: id, pinnedParticipantId: id });
      await settle();
      expect(scene()?.layout).toEqual({ sceneId: ID, layout: 'grid' });
      expect(await directory.layout(ANYWHERE, ID)).toEqual({ layout: 'grid', hqSiteId: HUYEN });
    });

    it('can be set before anybody is here', async () => {
      await set({ layout: 'grid', gridSize: 16 });
      const hall = await enter('Xã Tân Phú', XA);
      await hall.conference.openScene(signal);
      expect(scene()?.layout).toEqual({ sceneId: ID, layout: 'grid', gridSize: 16 });
    });

    it('somebody or a site that is not there changes nothing', async () => {
      await enter('Lan');
      const before = await directory.layout(ANYWHERE, ID);
      const nobody = { layout: 'grid', pinnedParticipantId: 'nobody' } as const;
      await expect(set(nobody)).rejects.toMatchObject({ code: 'not-found' });
      const nowhere = { layout: 'grid', hqSiteId: 'nowhere' } as const;
      await expect(set(nowhere)).rejects.toMatchObject({ code: 'bad-request' });
      expect(await directory.layout(ANYWHERE, ID)).toEqual(before);
      expect(await directory.setLayout(ANYWHERE, 'other', { layout: 'grid' })).toBeUndefined();
      expect(await directory.layout(ANYWHERE, 'other')).toBeUndefined();
    });

    it('one leads, not two', () => {
      const both = { layout: 'lecture', hqSiteId: 'a', hqParticipantId: 'b' };
      expect(LayoutInput.safeParse(both).error?.issues).toMatchObject([
        { path: ['hqParticipantId'] },
      ]);
    });
  });

  describe('snapshots', () => {
    let hall: Seat;
    const take = (participant: string, of: 'sent' | 'seen' = 'sent') =>
      directory.snapshot(ANYWHERE, ID, SnapshotQuery.parse({ participant, of, width: '320' }));

    beforeEach(async () => {
      hall = await enter('Xã Tân Phú', XA);
    });

    async function openScene() {
      await hall.conference.openScene(signal);
    }

    async function showCamera() {
      await openScene();
      hall.update({ hasVideo: true });
      scene()?.participants.set(hall.participantId, 'endpoint');
    }

    it('is a JPEG of what a participant sends or is shown', async () => {
      await showCamera();
      stage.pictures.add(hall.participantId);
      for (const of of ['sent', 'seen'] as const) {
        expect(await take(hall.participantId, of)).toEqual({ jpeg: JPEG, takenAtMs: 1_000 });
        const member = { sceneId: ID, participantId: hall.participantId };
        const params = { ...member, of, maxWidth: 320 };
        expect(asked('snapshot.take').at(-1)).toEqual({ method: 'snapshot.take', params });
      }
    });

    it('nobody of that name, and no such conference', async () => {
      await expect(take('nobody')).rejects.toMatchObject({ code: 'not-found' });
      const query = SnapshotQuery.parse({ participant: hall.participantId });
      expect(query).toEqual({ participant: hall.participantId, of: 'sent', width: 640 });
      expect(await directory.snapshot(ANYWHERE, 'other', query)).toBeUndefined();
    });

    const NOTHING: [when: string, arrange: () => Promise<void>, of: 'sent' | 'seen', RegExp][] = [
      ['no room codec has opened the scene', async () => undefined, 'sent', /room codec/],
      ['the camera is off', openScene, 'sent', /camera is off/],
      ['no key frame comes', showCamera, 'sent', /few seconds/],
      ['nothing is shown yet', showCamera, 'seen', /few seconds/],
      ['the codec takes no picture', openScene, 'seen', /shown nothing/],
    ];
    it.each(NOTHING)('when %s it is told what to do', async (_, arrange, of, message) => {
      await arrange();
      const refusal = { code: 'no-picture', message: expect.stringMatching(message) };
      await expect(take(hall.participantId, of)).rejects.toMatchObject(refusal);
    });

    it('what a browser is shown is not for the stage to say', async () => {
      await hall.conference.openScene(signal);
      const { participantId } = await enter('Lan');
      const refusal = { code: 'bad-request', message: expect.stringContaining('of=sent') };
      await expect(take(participantId, 'seen')).rejects.toMatchObject(refusal);
      expect(asked('snapshot.take')).toEqual([]);
    });

    it('a stage that is away is told as that', async () => {
      await showCamera();
      stage.crash();
      await expect(take(hall.participantId)).rejects.toMatchObject({ code: 'stage-down' });
    });
  });

  describe('quality', () => {
    let hall: Seat;
    let rosters: (readonly Participant[])[];

    beforeEach(async () => {
      hall = await enter('Xã Tân Phú', XA);
      rosters = [];
      live().roster.watch(roster => rosters.push(roster));
    });

    const quality = (participantId: string, lossRatio = 0): StreamQuality => ({
      participantId,
      content: false,
      packetsReceived: 150,
      lossRatio,
      jitterMs: 3,
      bitrateBps: 900_000,
      decoded: true,
      fps: 25,
      width: 1280,
      height: 720,
      frozenMs: 40,
      black: false,
      still: false,
    });

    async function second(...streams: StreamQuality[]): Promise<void> {
      await clock.advance(1000);
      stage.emit('scene.quality', { sceneId: ID, streams });
    }

    it('the administrator sees each picture as it came in over the last second', async () => {
      const lan = await enter('Lan');
      await second(quality(hall.participantId, 0.01));
      const { participantId: _, content: __, packetsReceived: ___, ...picture } = quality('', 0.01);
      expect(await directory.participants(ANYWHERE, ID)).toEqual([
        expect.objectContaining({ name: 'Xã Tân Phú', siteId: XA, picture }),
        expect.not.objectContaining({ picture: expect.anything() }),
      ]);
      await second();
      expect((await directory.participants(ANYWHERE, ID))?.[0]).not.toHaveProperty('picture');
      expect(live().quality.history(hall.participantId)).toHaveLength(1);
      await lan.leave();
    });

    it('a line that loses more than 5 % for 3 s is marked in the roster, once, and unmarked', async () => {
      const { participantId } = hall;
      rosters.length = 0;
      for (let n = 0; n < 5; n++) await second(quality(participantId, 0.08));
      expect(rosters.map(([first]) => first?.poorLine)).toEqual([true]);
      for (let n = 0; n < 3; n++) await second(quality(participantId));
      expect(rosters.map(([first]) => first?.poorLine)).toEqual([true, false]);
    });

    it('of those who left, and of strangers, nothing is kept', async () => {
      const left = await enter('Lan');
      await second(quality(left.participantId));
      const conference = live();
      await left.leave();
      await second(quality(left.participantId), quality('stranger'));
      for (const id of [left.participantId, 'stranger' as ParticipantId])
        expect(conference.quality.history(id)).toEqual([]);
    });

    it('a stage that goes away takes its judgement along', async () => {
      for (let n = 0; n < 3; n++) await second(quality(hall.participantId, 0.08));
      stage.crash();
      expect(live().roster.list()).toMatchObject([{ poorLine: false }]);
      expect((await directory.participants(ANYWHERE, ID))?.[0]).not.toHaveProperty('picture');
    });
  });
});
