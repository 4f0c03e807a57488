import pino from 'pino';
import { beforeEach, describe, expect, test } from 'vitest';
import { BrowserVideo } from '../../../src/conferences/browser-video.ts';
import { newConferenceId, type ParticipantId } from '../../../src/domain/ids.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { FakeRoomBridge } from '../../fakes/fake-room-bridge.ts';
import { FakeStage } from '../../fakes/fake-stage.ts';

const NEVER = new AbortController().signal;
const CAMERA = { codec: 'h264', mid: '0', isLayered: false, name: 'An', content: false } as const;
const FAILURE = new Error('no answer');

let bridge: FakeRoomBridge;
let stage: FakeStage;
let clock: FakeClock;
let videos: BrowserVideo;
let browser: ParticipantId;
let conferenceId: ReturnType<typeof newConferenceId>;

beforeEach(async () => {
  bridge = new FakeRoomBridge();
  stage = new FakeStage();
  clock = new FakeClock();
  conferenceId = newConferenceId();
  await bridge.openRooms(conferenceId, 'Giao ban', NEVER);
  await stage.request('scene.open', { sceneId: conferenceId, title: 'Giao ban' });
  const page = bridge.openBrowser(conferenceId, 'An');
  await page.publish();
  browser = page.participantId;
  const log = pino({ level: 'silent' });
  videos = new BrowserVideo(conferenceId, { bridge, stage, clock, log });
  videos.sceneOpened();
});

/** Everything that is under way has an end in microtasks: the engines are fakes. */
const settled = () => new Promise(resolve => setImmediate(resolve));
const onStage = () => stage.scenes.get(conferenceId)?.participants.size;
const copies = () => bridge.rooms.get(conferenceId)?.forwards.size;
const standing = () => [onStage(), copies()];

describe.each([
  ['the stage does not take it', () => stage.failNext.set('browser.add', FAILURE)],
  ['the room server does not send it', () => bridge.failNext.set('forwardVideo', FAILURE)],
  ['the stage does not connect it', () => stage.failNext.set('browser.connect', FAILURE)],
] as const)('when %s', (_, fail) => {
  beforeEach(async () => {
    fail();
    videos.published(browser, CAMERA);
    await settled();
  });

  test('nothing of it stays', () => {
    expect(standing()).toEqual([0, 0]);
  });

  test('it is on the stage in a while, without anybody doing anything', async () => {
    await clock.advance(10_000);
    await settled();
    expect(standing()).toEqual([1, 1]);
  });

  test('it is there at once when the stage is back', async () => {
    videos.stageRestored();
    await settled();
    expect(standing()).toEqual([1, 1]);
  });

  test('it does not come any more when it was switched off meanwhile', async () => {
    videos.unpublished(browser);
    await clock.advance(60_000);
    await settled();
    expect(standing()).toEqual([0, 0]);
  });
});

describe('a camera on the stage', () => {
  beforeEach(async () => {
    videos.published(browser, CAMERA);
    await settled();
  });

  test('is copied anew when the stage came back without it', async () => {
    stage.comeBack([{ sceneId: conferenceId, participantId: browser }]);
    videos.notRestored(browser);
    await settled();
    expect(standing()).toEqual([1, 1]);
    expect(stage.requests.filter(({ method }) => method === 'browser.add')).toHaveLength(2);
  });

  test('leaves the stage also when the room server does not answer', async () => {
    const [copy] = bridge.rooms.get(conferenceId)?.forwards ?? [];
    expect(copy).toBeDefined();
    bridge.failNext.set('stopForward', FAILURE);
    await videos.remove(browser);
    expect(onStage()).toBe(0);
  });

  test('leaves nothing when all is closed', async () => {
    await videos.close();
    expect(standing()).toEqual([0, 0]);
  });
});
