import { beforeEach, describe, expect, test } from 'vitest';
import type { StageParams, StageResult } from '../../../src/contract/stage.ts';
import { Journal } from '../../../src/stage-client/journal.ts';

const SCENE = { sceneId: 's' };
const MEMBER = { ...SCENE, participantId: 'p' };
const HOST = '127.0.0.1';
const ports = (rtpPort: number) => ({ host: HOST, rtpPort, rtcpPort: rtpPort + 1 });
const TERMS = {
  payloadType: 97,
  sends: true,
  receives: true,
  keyframe: 'pli' as const,
  limits: {
    packetizationMode: 1 as const,
    profileLevelId: '42e01f',
    maxFs: 3_600,
    maxMbps: 108_000,
    maxBitrateBps: 2_000_000,
  },
};
const ENDPOINT: StageParams<'endpoint.add'> = { ...MEMBER, name: 'Xã', ...TERMS };
const ADDED: StageResult<'endpoint.add'> = {
  endpoint: ports(36_000),
  feed: { ...ports(36_002), ssrc: 7, payloadType: 107, cname: 'c' },
};

describe('what stands on the stage', () => {
  let journal: Journal;
  let nowMs: number;
  const replayed = () => [...journal.replay()];
  const methods = () => replayed().map(({ method }) => method);
  const positions = (participantId: string) => ({
    ...SCENE,
    endpoints: [
      {
        participantId,
        endpoint: { ssrc: 5, seq: 65_000, timestamp: 4_294_967_000 },
        feed: { ssrc: 7, seq: 100, timestamp: 9_000 },
      },
    ],
  });

  beforeEach(() => {
    nowMs = 10_000;
    journal = new Journal(() => nowMs);
    journal.obeyed('scene.open', { ...SCENE, title: 'Giao ban' }, {});
  });

  test('is asked for again in its order, with the last of each change', () => {
    journal.obeyed('endpoint.add', ENDPOINT, ADDED);
    journal.obeyed('scene.speakers', { ...SCENE, participantIds: ['p'] }, {});
    journal.obeyed('endpoint.connect', { ...MEMBER, endpoint: ports(30_000) }, {});
    journal.obeyed('endpoint.connect', { ...MEMBER, feed: ports(30_002) }, {});
    journal.obeyed('endpoint.update', { ...MEMBER, ...TERMS, receives: false }, {});
    journal.obeyed('scene.speakers', { ...SCENE, participantIds: ['q', 'p'] }, {});
    journal.obeyed('scene.open', { ...SCENE, title: 'Họp', lines: ['một'] }, {});
    journal.obeyed('endpoint.refresh', MEMBER, {});
    expect(replayed().map(({ method, params }) => [method, params])).toMatchObject([
      ['scene.open', { title: 'Họp', lines: ['một'] }],
      ['endpoint.add', { name: 'Xã' }],
      ['scene.speakers', { participantIds: ['q', 'p'] }],
      ['endpoint.connect', { endpoint: ports(30_000), feed: ports(30_002) }],
      ['endpoint.update', { receives: false }],
    ]);
  });

  test('a layout is taken whole: what is not pinned any more stays unpinned', () => {
    journal.obeyed('scene.layout', { ...SCENE, layout: 'auto', pinnedId: 'p' }, {});
    journal.obeyed('scene.layout', { ...SCENE, layout: 'grid' }, {});
    expect(replayed()[1]?.params).toEqual({ ...SCENE, layout: 'grid' });
  });

  test('the time to speak goes on meanwhile, also when it is over', () => {
    const floor = { name: 'Xã Đắk Ơ', remainingMs: 3_000 };
    journal.obeyed('scene.floor', { ...SCENE, floor, queue: ['Xã An Hòa'] }, {});
    nowMs += 5_000;
    const late = { ...SCENE, floor: { ...floor, remainingMs: -2_000 }, queue: ['Xã An Hòa'] };
    expect(replayed()[1]).toEqual({ method: 'scene.floor', params: late });
    const unlimited = { ...SCENE, floor: { name: 'Xã Đắk Ơ' } };
    journal.obeyed('scene.floor', unlimited, {});
    expect(replayed()[1]?.params).toEqual(unlimited);
  });

  test('of two changes the one counts that was asked for later, whenever it is noted', () => {
    const [early, late] = [journal.asked(), journal.asked()];
    const said = (text: string) => ({ ...SCENE, text });
    journal.obeyed('scene.message', said('Mời vào'), {}, late);
    expect(journal.isOutdated('scene.message', said('Nghỉ'), early)).toBe(true);
    expect(journal.obeyed('scene.message', said('Nghỉ'), {}, early)).toBe(true);
    expect(replayed()[1]?.params).toEqual(said('Mời vào'));
    expect(journal.isOutdated('scene.message', said('Hết'), journal.asked())).toBe(false);
  });

  test('what was meant for the one before is not said of who came anew', () => {
    const early = journal.asked();
    journal.obeyed('endpoint.add', ENDPOINT, ADDED);
    const silent = { ...MEMBER, ...TERMS, receives: false };
    journal.obeyed('endpoint.update', silent, {}, early);
    expect(methods()).toEqual(['scene.open', 'endpoint.add']);
  });

  test('time to speak counts from when it was given', () => {
    const early = journal.asked();
    nowMs += 1_000;
    const floor = { name: 'Xã Đắk Ơ', remainingMs: 3_000 };
    journal.obeyed('scene.floor', { ...SCENE, floor, queue: [] }, {}, early);
    expect(replayed()[1]?.params).toMatchObject({ floor: { remainingMs: 2_000 } });
  });

  test('an endpoint goes on at its ports, with numbers ahead of all it has sent', () => {
    journal.obeyed('endpoint.add', ENDPOINT, ADDED);
    journal.tellsPositions(positions('p'));
    nowMs += 2_000;
    expect(replayed()[1]?.params).toMatchObject({
      resume: {
        endpointRtpPort: 36_000,
        feedRtpPort: 36_002,
        endpoint: { ssrc: 5, seq: 1_464, timestamp: 179_704 },
        feed: { ssrc: 7, seq: 2_100, timestamp: 189_000 },
      },
    });
  });

  test('a telling that names only some leaves the others where they were', () => {
    journal.obeyed('endpoint.add', ENDPOINT, ADDED);
    journal.tellsPositions(positions('p'));
    journal.tellsPositions(positions('other'));
    expect(replayed()[1]?.params).toHaveProperty('resume.feed.seq', 2_100);
  });

  test('cameras, meters and announcers have their ports again', () => {
    const camera = { ...MEMBER, name: 'Lan', codec: 'h264' as const, payloadType: 107, ssrc: 1 };
    journal.obeyed('browser.add', camera, { source: ports(36_010) });
    journal.obeyed('meter.open', { ...MEMBER, codec: 'pcma' }, { copy: ports(36_012) });
    const spoken = { ...SCENE, participantId: 'q', codec: 'pcma' as const, payloadType: 8 };
    journal.obeyed('announcer.open', spoken, { sound: ports(36_014) });
    expect(replayed().map(({ params }) => params)).toMatchObject([
      {},
      { resume: { rtpPort: 36_010 } },
      { resume: { rtpPort: 36_012 } },
      { resume: { rtpPort: 36_014 } },
    ]);
  });

  test('what was removed does not come back', () => {
    journal.obeyed('endpoint.add', ENDPOINT, ADDED);
    journal.obeyed('endpoint.connect', { ...MEMBER, endpoint: ports(30_000) }, {});
    journal.obeyed('meter.open', { ...MEMBER, codec: 'pcma' }, { copy: ports(36_012) });
    journal.obeyed('participant.remove', MEMBER, {});
    expect(methods()).toEqual(['scene.open']);
    journal.obeyed('scene.close', SCENE, {});
    expect(methods()).toEqual([]);
  });

  test('a meter takes the announcer’s place, as on the stage', () => {
    const spoken = { ...MEMBER, codec: 'pcma' as const, payloadType: 8 };
    journal.obeyed('announcer.open', spoken, { sound: ports(36_014) });
    journal.obeyed('announcer.connect', { ...MEMBER, to: ports(30_000) }, {});
    journal.obeyed('meter.open', { ...MEMBER, codec: 'pcma' }, { copy: ports(36_012) });
    expect(methods()).toEqual(['scene.open', 'meter.open']);
  });

  test('what belongs to nothing that is known is not noted', () => {
    expect(journal.obeyed('endpoint.connect', MEMBER, {})).toBe(false);
    const elsewhere = { sceneId: 'never opened', participantIds: [] };
    expect(journal.obeyed('scene.speakers', elsewhere, {})).toBe(false);
    expect(methods()).toEqual(['scene.open']);
  });
});
