import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CallList } from '../../../src/calls/call-list.ts';
import { CallLog } from '../../../src/calls/call-log.ts';
import { CallTally } from '../../../src/calls/call-tally.ts';
import { runInboundCall } from '../../../src/calls/inbound-call.ts';
import { PROMPT_IDS, type Prompts } from '../../../src/calls/menu/prompts.ts';
import { LiveConferences } from '../../../src/conferences/live-conferences.ts';
import { hashPin } from '../../../src/conferences/pin.ts';
import type { EndReason } from '../../../src/domain/call.ts';
import { GatewayError } from '../../../src/domain/errors.ts';
import type {
  CallId,
  ConferenceId,
  EndpointId,
  ParticipantId,
  SiteId,
} from '../../../src/domain/ids.ts';
import { FakeClock, settle } from '../../fakes/fake-clock.ts';
import { FakeLeg } from '../../fakes/fake-leg.ts';
import { FakeMediaRelay } from '../../fakes/fake-media-relay.ts';
import { FakeRoomBridge } from '../../fakes/fake-room-bridge.ts';
import { FakeStage } from '../../fakes/fake-stage.ts';
import { MemoryStore } from '../../fakes/memory-store.ts';

const CONFERENCE = 'conference-1' as ConferenceId;

const offer = (...media: string[]) =>
  `${['v=0', 'o=- 1 1 IN IP4 192.0.2.20', 's=-', 'c=IN IP4 192.0.2.20', 't=0 0', ...media].join('\r\n')}\r\n`;
const PCMA = ['m=audio 5000 RTP/AVP 8'];
const G722 = ['m=audio 5000 RTP/AVP 9'];
const H264 = [
  'm=video 5002 RTP/AVP 97',
  'a=rtpmap:97 H264/90000',
  'a=fmtp:97 profile-level-id=42e01f;packetization-mode=1',
];

const prompt = (title: string) => ({ title, lines: [], pcm: Buffer.alloc(16_000) });
const PROMPTS = Object.fromEntries(PROMPT_IDS.map(id => [id, prompt(id)])) as unknown as Prompts;

const BOTH = { nack: true, tmmbr: true };
const NEITHER = { nack: false, tmmbr: false };

describe('an inbound call', () => {
  let relay: FakeMediaRelay;
  let bridge: FakeRoomBridge;
  let stage: FakeStage;
  let clock: FakeClock;
  let calls: CallList;
  let callLog: CallLog;
  let tally: CallTally;
  let conferences: LiveConferences;
  let store: MemoryStore;
  let wrongPins: string[];
  let logged: { msg: string; endReason?: EndReason; code?: string }[];

  beforeEach(async () => {
    relay = new FakeMediaRelay();
    bridge = new FakeRoomBridge();
    stage = new FakeStage();
    clock = new FakeClock();
    calls = new CallList();
    callLog = new CallLog(10);
    tally = new CallTally();
    logged = [];
    wrongPins = [];
    store = new MemoryStore();
    const endpoint = {
      id: 'endpoint-1' as EndpointId,
      siteId: 'site-1' as SiteId,
      sipUsername: 'xa-1',
      ha1: { md5: '', sha256: undefined },
      fixedAddresses: [],
    };
    await store.insertSite({ id: endpoint.siteId, name: 'Xã Tân Phú', endpoints: [endpoint] });
    const meeting = {
      id: CONFERENCE,
      name: 'Giao ban',
      number: '1001',
      alias: 'giao-ban',
      members: [],
      layout: 'auto' as const,
    };
    await store.insertConference(meeting);
    const speaker = { minTalkMs: 300, holdMs: 1500 };
    const log = pino({ level: 'silent' });
    conferences = new LiveConferences({
      relay,
      bridge,
      stage,
      clock,
      speaker,
      idleCloseMs: 0,
      log,
    });
  });

  afterEach(() => conferences.close());

  const log = () => pino({}, { write: (line: string) => void logged.push(JSON.parse(line)) });

  function dial(leg: FakeLeg, dialled = '1001', sipUsername = 'xa-1'): Promise<void> {
    return runInboundCall(
      {
        relay,
        bridge,
        stage,
        clock,
        calls,
        callLog,
        tally,
        conferences,
        sites: store,
        conferenceStore: store,
        mediaTerms: {
          maxVideoBitrateBps: 768_000,
          maxSentBitrateBps: 768_000,
          srtp: 'best-effort',
        },
        prompts: PROMPTS,
        onWrongPin: sipUsername => void wrongPins.push(sipUsername),
        setUpTimeoutMs: 5000,
        silentTimeoutMs: 30_000,
        log: log(),
      },
      { leg, sipUsername, dialled, sipCallId: 'sip-1' },
    );
  }

  const room = () => bridge.rooms.get(CONFERENCE);
  const participants = () => conferences.find(CONFERENCE)?.roster.list() ?? [];

  function expectNothingLeft(): void {
    expect(relay.legs.size + relay.feeds.size + relay.copies.size).toBe(0);
    expect(stage.meters.size).toBe(0);
    expect(room()?.audio.size ?? 0).toBe(0);
    expect(room()?.feeds.size ?? 0).toBe(0);
    expect(stage.scenes.get(CONFERENCE)?.participants.size ?? 0).toBe(0);
    expect(calls.list()).toEqual([]);
    expect(participants()).toEqual([]);
  }

  it('is answered, is in the sound and on the stage, and leaves nothing after BYE', async () => {
    const leg = new FakeLeg(offer(...PCMA, ...H264));
    const done = dial(leg);
    await settle();
    await settle();
    expect(leg.answerSdp).toMatch(/m=audio \d+ RTP\/AVP 8[\s\S]*m=video \d+ RTP\/AVP 97/);
    expect(room()).toMatchObject({ audio: { size: 1 }, feeds: { size: 1 } });
    expect(participants()).toMatchObject([{ name: 'Xã Tân Phú', hasAudio: true, hasVideo: true }]);
    expect(calls.list()).toMatchObject([{ state: 'connected', siteName: 'Xã Tân Phú' }]);
    leg.bye();
    await done;
    expectNothingLeft();
    expect(logged.at(-1)).toMatchObject({ msg: 'call ended', endReason: 'peer-hangup' });
    const verdict = { result: 'completed', reason: 'peer-hangup' };
    expect(callLog.list()).toMatchObject([{ dialled: '1001', inviteToAnswerMs: 0, verdict }]);
    const kind = { direction: 'in', protocol: 'sip' };
    expect(tally.list()).toEqual([{ code: 'peer-hangup', blame: 'nobody', ...kind, count: 1 }]);
  });

  it.each<[situation: string, lines: string[], terms: object]>([
    [
      'H.263, lost packets and bitrates',
      ['m=video 5002 RTP/AVP 34', 'a=rtcp-fb:* nack', 'a=rtcp-fb:* ccm tmmbr'],
      { codec: 'h263', payloadType: 34, sends: true, receives: true, feedback: BOTH },
    ],
    [
      'H.261, which is only received,',
      ['m=video 5002 RTP/AVP 31'],
      { codec: 'h261', payloadType: 31, sends: true, receives: false, feedback: NEITHER },
    ],
    ['H.264', H264, { codec: 'h264', payloadType: 97, feedback: NEITHER }],
  ])('the stage is told of %s', async (_, lines, terms) => {
    const leg = new FakeLeg(offer(...PCMA, ...lines));
    const done = dial(leg);
    await settle();
    await settle();
    const added = stage.requests.find(({ method }) => method === 'endpoint.add');
    expect(added).toMatchObject({ params: terms });
    leg.bye();
    await done;
    expectNothingLeft();
  });

  it('with G.722 joins the sound as Opus', async () => {
    const leg = new FakeLeg(offer(...G722));
    const done = dial(leg);
    await settle();
    await settle();
    expect(leg.answerSdp).toContain('a=rtpmap:9 G722/8000');
    expect(participants()).toMatchObject([{ hasAudio: true, hasVideo: false }]);
    leg.bye();
    await done;
    expectNothingLeft();
  });

  it('pain 4: without SDP is offered everything, and settled by the answer in the ACK', async () => {
    const leg = new FakeLeg(undefined);
    leg.answerTo = () => offer('m=audio 5000 RTP/AVP 0', ...H264);
    const done = dial(leg);
    await settle();
    await settle();
    expect(leg.offeredSdp).toMatch(/m=audio \d+ RTP\/AVP [\d ]+\r\n[\s\S]*m=video \d+ RTP\/AVP/);
    expect(relay.offers.at(-1)).toContain('m=audio 5000 RTP/AVP 0');
    expect(participants()).toMatchObject([{ hasAudio: true, hasVideo: true }]);
    leg.bye();
    await done;
    expectNothingLeft();
  });

  it('pain 4: without SDP, from a site that requires SRTP, is offered by a relay that has a key', async () => {
    const siteId = 'site-2' as SiteId;
    const endpoint = {
      id: 'endpoint-2' as EndpointId,
      siteId,
      sipUsername: 'xa-2',
      ha1: { md5: '', sha256: undefined },
      fixedAddresses: [],
    };
    await store.insertSite({ id: siteId, name: 'Kín', srtp: 'required', endpoints: [endpoint] });
    const leg = new FakeLeg(undefined);
    leg.answerTo = () => offer(...PCMA);
    await dial(leg, '1001', 'xa-2');
    expect(relay.offers[0]?.match(/RTP\/SAVP/g)).toHaveLength(2);
    const keys = relay.offers[0]?.match(/inline:\S{40}/g) ?? [];
    expect(new Set(keys).size).toBe(2);
    expect(leg.hungUpWith, 'an answer in the clear').toBe('no-common-crypto');
    expectNothingLeft();
  });

  it('pain 4: an ACK without SDP ends the call with its reason', async () => {
    const leg = new FakeLeg(undefined);
    leg.answerTo = () => {
      throw new GatewayError('answer-missing', 'ACK brings no answer to our offer');
    };
    await dial(leg);
    expect(leg.hungUpWith).toBe('answer-missing');
    expectNothingLeft();
  });

  describe('pain 5: negotiated again', () => {
    const HELD = ['m=audio 5000 RTP/AVP 8', 'a=inactive', ...H264, 'a=inactive'];
    let leg: FakeLeg;
    let done: Promise<void>;

    beforeEach(async () => {
      leg = new FakeLeg(offer(...PCMA, ...H264));
      done = dial(leg);
      await settle();
      await settle();
    });

    afterEach(async () => {
      leg.bye();
      await done;
      expectNothingLeft();
    });

    it('on hold is muted and shows no picture; resumed it is as before', async () => {
      const { participantId = '' } = calls.list()[0] ?? {};
      for (let round = 0; round < 10; round++) {
        expect(await leg.offerAnew(offer(...HELD))).toMatch(/a=inactive[\s\S]*a=inactive/);
        expect(participants()).toMatchObject([{ hasVideo: false, muted: true }]);
        expect([...bridge.muted]).toEqual([participantId]);
        expect(await leg.offerAnew(offer(...PCMA, ...H264))).not.toContain('a=inactive');
        expect(participants()).toMatchObject([{ hasVideo: true, muted: false }]);
        expect(bridge.muted.size).toBe(0);
      }
      expect(room()).toMatchObject({ audio: { size: 1 }, feeds: { size: 1 } });
    });

    it('on hold does not speak, and speaks again when it still talks after', async () => {
      const participantId = participants()[0]?.id ?? '';
      await leg.offerAnew(offer(...HELD));
      stage.emit('participant.talking', { sceneId: CONFERENCE, participantId, talking: true });
      await clock.advance(300);
      expect(participants()[0]).toMatchObject({ speaking: false });
      expect(stage.scenes.get(CONFERENCE)?.speakers).toEqual([]);
      await leg.offerAnew(offer(...PCMA, ...H264));
      await clock.advance(300);
      expect(participants()[0]).toMatchObject({ speaking: true });
      expect(stage.scenes.get(CONFERENCE)?.speakers).toEqual([participantId]);
    });

    it('the picture goes off and on again in its place', async () => {
      const off = await leg.offerAnew(offer(...PCMA, 'm=video 0 RTP/AVP 97'));
      expect(off).toContain('m=video 0 RTP/AVP 97');
      expect(participants()).toMatchObject([{ hasVideo: false, hasAudio: true, muted: false }]);
      const on = await leg.offerAnew(offer(...PCMA, ...H264));
      expect(on).toMatch(/m=video [1-9]\d* RTP\/AVP 97/);
      expect(participants()).toMatchObject([{ hasVideo: true }]);
    });

    it('another coder takes another place in the sound', async () => {
      expect(await leg.offerAnew(offer(...G722, ...H264))).toContain('a=rtpmap:9 G722/8000');
      expect(room()).toMatchObject({ audio: { size: 1 } });
    });

    it('the same description again gives the same answer', async () => {
      const first = await leg.offerAnew(offer(...PCMA, ...H264));
      expect(await leg.offerAnew(offer(...PCMA, ...H264))).toBe(first);
    });

    it('nothing in common is refused and the call goes on as it was', async () => {
      await expect(leg.offerAnew(offer('m=audio 5000 RTP/AVP 18'))).rejects.toMatchObject({
        code: 'no-common-codec',
      });
      expect(participants()).toMatchObject([{ hasVideo: true, hasAudio: true, muted: false }]);
    });

    it('a re-INVITE without SDP is offered what stands, and its answer is taken', async () => {
      const ours = await leg.reoffers?.offer();
      expect(ours).toMatch(/m=audio \d+ RTP\/AVP 8[\s\S]*m=video \d+ RTP\/AVP 97/);
      await leg.reoffers?.accept(offer('m=audio 6000 RTP/AVP 8', ...H264));
      expect(relay.offers.at(-1)).toContain('m=audio 6000 RTP/AVP 8');
    });
  });

  it('a camera that comes later is published then', async () => {
    const leg = new FakeLeg(offer(...PCMA, 'm=video 0 RTP/AVP 97'));
    const done = dial(leg);
    await settle();
    await settle();
    expect(participants()).toMatchObject([{ hasVideo: false }]);
    await leg.offerAnew(offer(...PCMA, ...H264));
    await settle();
    expect(room()).toMatchObject({ feeds: { size: 1 } });
    expect(participants()).toMatchObject([{ hasVideo: true }]);
    leg.bye();
    await done;
    expectNothingLeft();
  });

  describe('in the voice menu', () => {
    const OTHER = 'conference-2' as ConferenceId;
    let leg: FakeLeg;
    let done: Promise<void>;
    const lobbyTitle = () => [...stage.scenes].find(([id]) => id.startsWith('lobby-'))?.[1].title;
    const rest = async () => {
      for (let i = 0; i < 6; i++) await new Promise(resolve => setTimeout(resolve, 5));
    };
    /** A PIN takes its time to be compared: as long as two others that begin after it. */
    const pinCompared = async () => {
      for (let i = 0; i < 2; i++) await hashPin('0000');
      await rest();
    };
    const type = async (keys: string) => {
      for (const key of keys) leg.pressKey(key);
      await pinCompared();
    };
    const press = (digit: string, participantId: string) =>
      stage.emit('participant.digit', { sceneId: 'any', participantId, digit });

    beforeEach(async () => {
      const words = { name: 'Kín', number: '1002', alias: 'kin' };
      const other = { id: OTHER, ...words, members: [], layout: 'auto' as const };
      await store.insertConference({ ...other, pinHash: await hashPin('4711') });
      leg = new FakeLeg(offer('m=audio 5000 RTP/AVP 9', ...H264));
    });

    const startMenu = async (dialled = '') => {
      done = dial(leg, dialled);
      await rest();
    };
    const members = () => conferences.find(OTHER)?.roster.list() ?? [];

    it('a caller of the bare host types the number and is taken in', async () => {
      await startMenu();
      expect(leg.answerSdp).toContain('a=rtpmap:9 G722/8000');
      expect(calls.list()).toMatchObject([{ state: 'connected', siteName: 'Xã Tân Phú' }]);
      expect(calls.list()[0]?.conferenceId).toBeUndefined();
      expect(lobbyTitle()).toBe('enter-number');
      const first = leg.answerSdp;
      leg.pressKey('1');
      await rest();
      expect(lobbyTitle()).toBe('1');
      await type('001#');
      expect(participants()).toMatchObject([
        { name: 'Xã Tân Phú', hasAudio: true, hasVideo: true },
      ]);
      expect(calls.list()).toMatchObject([{ conferenceId: CONFERENCE }]);
      expect(stage.announcers.size).toBe(0);
      expect(lobbyTitle()).toBeUndefined();
      expect(leg.answerSdp).toBe(first);
      leg.bye();
      await done;
      expectNothingLeft();
    });

    it('the PIN is asked for, shown as dots, and wrong ones are told of', async () => {
      await startMenu('1002');
      expect(lobbyTitle()).toBe('enter-pin');
      leg.pressKey('4');
      leg.pressKey('4');
      await rest();
      expect(lobbyTitle()).toBe('••');
      await type('*0000#');
      expect(wrongPins).toEqual(['xa-1']);
      expect(lobbyTitle()).toBe('wrong-pin');
      await type('4711#');
      expect(members()).toHaveLength(1);
      leg.bye();
      await done;
      expectNothingLeft();
    });

    it('three wrong PINs end the call, with goodbye said', async () => {
      await startMenu('1002');
      for (let i = 0; i < 3; i++) await type('0000#');
      expect(lobbyTitle()).toBe('goodbye');
      await clock.advance(1000);
      await done;
      expect(leg.hungUpWith).toBe('pin-wrong');
      expect(wrongPins).toHaveLength(3);
      expectNothingLeft();
      expect(stage.scenes.size).toBe(0);
    });

    it('pain 17: a wrong number is told so and may be typed anew', async () => {
      await startMenu('999');
      expect(lobbyTitle()).toBe('unknown-number');
      await type('1001#');
      expect(participants()).toHaveLength(1);
      leg.bye();
      await done;
      expectNothingLeft();
    });

    it('pain 13: keys in the sound count as well, and never twice', async () => {
      await startMenu('1002');
      const [participantId = ''] = stage.announcers.keys();
      for (const key of '4711#') {
        press(key, participantId);
        leg.pressKey(key);
      }
      await pinCompared();
      expect(members()).toHaveLength(1);
      leg.bye();
      await done;
    });

    it('speaks and hears keys again when the stage comes back without its place', async () => {
      await startMenu('1002');
      const [participantId = ''] = stage.announcers.keys();
      const sceneId = [...stage.scenes.keys()].find(id => id.startsWith('lobby-')) ?? '';
      stage.crash();
      const before = stage.requests.length;
      stage.comeBack([{ sceneId, participantId }]);
      await rest();
      expect([...stage.announcers.keys()]).toEqual([participantId]);
      const asked = stage.requests.slice(before).map(({ method }) => method);
      expect(asked.filter(method => method.startsWith('announcer.'))).toEqual([
        'announcer.open',
        'announcer.connect',
      ]);
      for (const key of '4711#') press(key, participantId);
      await pinCompared();
      expect(members()).toHaveLength(1);
      leg.bye();
      await done;
      expectNothingLeft();
    });

    it('nobody at the keys is asked three times, then the call ends', async () => {
      await startMenu();
      for (let i = 0; i < 4; i++) await clock.advance(12_000);
      await done;
      expect(leg.hungUpWith).toBe('menu-unanswered');
      expectNothingLeft();
    });

    it.each([
      ['the caller', () => leg.bye(), 'peer-hangup'],
      ['an operator', () => calls.requestEndOfAll('operator'), 'operator'],
    ])('%s can end it', async (_, end, reason) => {
      await startMenu();
      end();
      await done;
      expect(logged.at(-1)).toMatchObject({ endReason: reason });
      expectNothingLeft();
      expect(stage.scenes.size).toBe(0);
    });

    it('the sites of a conference are not asked for its PIN, and need not dial it', async () => {
      const own = {
        layout: 'auto' as const,
        id: 'conference-3' as ConferenceId,
        name: 'Của xã',
        number: '1003',
        alias: 'xa',
      };
      const pinHash = await hashPin('1234');
      await store.insertConference({
        ...own,
        members: [{ siteId: 'site-1' as SiteId, role: 'site', dial: 'in' }],
        pinHash,
      });
      await startMenu();
      expect(conferences.find(own.id)?.roster.list()).toHaveLength(1);
      leg.bye();
      await done;
    });
  });

  async function connected() {
    const leg = new FakeLeg(offer(...PCMA, ...H264));
    const done = dial(leg);
    await settle();
    await settle();
    const keys = async (typed: string) => {
      for (const key of typed) leg.pressKey(key);
      await settle();
    };
    return { leg, done, keys };
  }

  it('*1 raises and lowers the hand', async () => {
    const { leg, done, keys } = await connected();
    expect(participants()).toMatchObject([{ handRaised: false }]);
    await keys('*1');
    expect(participants()).toMatchObject([{ handRaised: true, muted: false }]);
    await keys('*1');
    expect(participants()).toMatchObject([{ handRaised: false }]);
    leg.bye();
    await done;
    expectNothingLeft();
  });

  it('held muted it is not heard whatever it presses; let go, its own switch counts', async () => {
    const { leg, done, keys } = await connected();
    const [participant] = participants();
    if (!participant) return expect.fail('nobody here');
    const { conferenceId, id } = participant;
    const isHeard = () => [bridge.muted.size === 0, participants()[0]?.muted === false];
    await conferences.mute(conferenceId, id, true);
    expect(isHeard()).toEqual([false, false]);
    await keys('*6');
    await keys('*6');
    expect(isHeard()).toEqual([false, false]);
    await conferences.mute(conferenceId, id, false);
    expect(isHeard()).toEqual([true, true]);
    await conferences.mute(conferenceId, id, true);
    await keys('*6');
    await conferences.mute(conferenceId, id, false);
    expect(isHeard()).toEqual([false, false]);
    await keys('*6');
    expect(isHeard()).toEqual([true, true]);
    leg.bye();
    await done;
    expectNothingLeft();
  });

  it('given the floor it is heard though it had muted itself, if it had asked for it', async () => {
    const { leg, done, keys } = await connected();
    const [participant] = participants();
    if (!participant) return expect.fail('nobody here');
    const { conferenceId, id } = participant;
    const moderation = conferences.find(conferenceId)?.moderation;
    await keys('*6');
    await moderation?.giveFloor(id);
    expect(participants()).toMatchObject([{ muted: true }]);
    await moderation?.freeDiscussion();
    await keys('*1');
    await moderation?.giveFloor(id);
    expect([bridge.muted.size, participants()[0]?.muted]).toEqual([0, false]);
    leg.bye();
    await done;
    expectNothingLeft();
  });

  it('*6 mutes and unmutes itself; other codes do nothing yet', async () => {
    const { leg, done, keys } = await connected();
    await keys('*6');
    expect(participants()).toMatchObject([{ muted: true }]);
    expect(bridge.muted.size).toBe(1);
    await keys('6*2*9');
    expect(participants()).toMatchObject([{ muted: true, handRaised: false }]);
    await leg.offerAnew(offer('m=audio 5000 RTP/AVP 0', ...H264));
    expect([bridge.muted.size, participants()[0]?.muted]).toEqual([1, true]);
    await keys('*6');
    expect(participants()).toMatchObject([{ muted: false }]);
    expect(bridge.muted.size).toBe(0);
    leg.bye();
    await done;
    expectNothingLeft();
  });

  const REFUSALS: [string, () => [FakeLeg, string?, string?], string][] = [
    ['an unknown account', () => [new FakeLeg(offer(...PCMA)), '1001', 'x'], 'not-authorized'],
    ['a body that only claims to be SDP', () => [new FakeLeg('v=1 nonsense')], 'sdp-invalid'],
    ['G.729 alone', () => [new FakeLeg(offer('m=audio 5000 RTP/AVP 18'))], 'no-common-codec'],
  ];
  it.each(REFUSALS)('%s is refused and leaves nothing', async (_, make, code) => {
    const [leg, dialled, user] = make();
    await dial(leg, dialled, user);
    expect(leg.rejectedWith?.code).toBe(code);
    expect(callLog.list()).toMatchObject([{ verdict: { result: 'refused', reason: code } }]);
    expectNothingLeft();
  });

  const OUTAGES: [string, () => void, string][] = [
    ['rtpengine down', () => relay.crash(), 'media-relay-down'],
    ['Janus down', () => bridge.crash(), 'room-server-down'],
    ['the stage down', () => stage.crash(), 'stage-down'],
    [
      'Janus refusing the seat',
      () => void bridge.failNext.set('joinAudio', new GatewayError('room-server-refused', 'full')),
      'room-server-refused',
    ],
  ];
  it.each(OUTAGES)(
    '%s is refused, is logged with blame, and leaves nothing',
    async (_, fail, code) => {
      fail();
      const leg = new FakeLeg(offer(...PCMA, ...H264));
      await dial(leg);
      expect(leg.rejectedWith?.code).toBe(code);
      expect(logged.find(line => line.msg === 'call refused')).toMatchObject({
        code,
        blame: 'upstream',
      });
      expectNothingLeft();
    },
  );

  it('whose feed cannot be published is hung up and leaves nothing', async () => {
    bridge.failNext.set('publishVideo', new GatewayError('room-server-refused', 'no'));
    const leg = new FakeLeg(offer(...PCMA, ...H264));
    await dial(leg);
    expect(leg.answerSdp).toBeDefined();
    expect(leg.hungUpWith).toBe('room-server-refused');
    expectNothingLeft();
  });

  it('cancelled while it is set up is not answered and leaves nothing', async () => {
    const leg = new FakeLeg(offer(...PCMA, ...H264));
    relay.beforeOffer = Promise.resolve().then(() => leg.cancel());
    await dial(leg);
    expect(leg.answerSdp).toBeUndefined();
    expect(logged.at(-1)).toMatchObject({ endReason: 'cancelled' });
    expectNothingLeft();
  });

  const ENDS: [string, (leg: FakeLeg) => unknown, EndReason][] = [
    [
      'an operator',
      () => calls.requestEnd(calls.list()[0]?.callId as CallId, 'operator'),
      'operator',
    ],
    ['the conference', () => conferences.end(CONFERENCE, 'conference-closed'), 'room-hangup'],
    ['the loss of Janus', () => bridge.crash(), 'room-server-down'],
    [
      'the room server putting it out',
      () => {
        const participantId = calls.list()[0]?.participantId ?? ('' as ParticipantId);
        bridge.emit('seat.lost', { conferenceId: CONFERENCE, participantId });
      },
      'room-server-refused',
    ],
    ['the loss of the SIP server', leg => leg.bye('sip-server-down'), 'sip-server-down'],
    [
      'silence',
      () => {
        relay.silentMs = 30_000;
        return clock.advance(5000);
      },
      'media-timeout',
    ],
  ];
  it.each(ENDS)('ended by %s is hung up and leaves nothing', async (_, end, reason) => {
    const leg = new FakeLeg(offer(...PCMA, ...H264));
    const done = dial(leg);
    await settle();
    await settle();
    await end(leg);
    await done;
    expect(leg.hungUpWith).toBe(reason);
    expect(logged.at(-1)).toMatchObject({ endReason: reason });
    expectNothingLeft();
  });

  describe('when the media relay dies', () => {
    let leg: FakeLeg;
    let done: Promise<void>;

    beforeEach(async () => {
      leg = new FakeLeg(offer(...PCMA, ...H264));
      leg.answerTo = () => offer('m=audio 6000 RTP/AVP 8', ...H264);
      done = dial(leg);
      await settle();
      await settle();
    });
    const dies = async (awayMs: number) => {
      relay.crash();
      await clock.advance(awayMs);
      relay.comeBack();
      await settle();
      await settle();
    };

    it('stays, is offered the new ports, and is heard, seen and metered again', async () => {
      const before = leg.answerSdp?.match(/m=audio (\d+)/)?.[1];
      await dies(3000);
      expect(leg.reoffered).toHaveLength(1);
      expect(leg.reoffered[0]).toMatch(/m=audio [1-9]\d* RTP\/AVP 8[\s\S]*m=video [1-9]/);
      expect(leg.reoffered[0]).not.toContain(`m=audio ${before} `);
      expect(relay.offers.at(-1)).toContain('m=audio 6000 RTP/AVP 8');
      expect([relay.legs.size, relay.feeds.size, relay.copies.size]).toEqual([1, 1, 1]);
      expect(room()).toMatchObject({ audio: { size: 1 }, feeds: { size: 1 } });
      expect(participants()).toMatchObject([{ hasAudio: true, hasVideo: true, muted: false }]);
      await clock.advance(60_000);
      leg.bye();
      await done;
      expectNothingLeft();
    });

    it('shows no picture meanwhile', async () => {
      relay.crash();
      await settle();
      expect(room()).toMatchObject({ feeds: { size: 0 } });
      leg.bye();
      await done;
      expectNothingLeft();
    });

    it('stays as well when that happens twice', async () => {
      await dies(1000);
      await dies(14_000);
      expect(leg.reoffered).toHaveLength(2);
      leg.bye();
      await done;
      expectNothingLeft();
    });

    it('ends when it is away for 15 s', async () => {
      relay.crash();
      await clock.advance(15_000);
      await done;
      expect(leg.hungUpWith).toBe('media-relay-down');
      expectNothingLeft();
    });

    it('ends when the endpoint takes no offer', async () => {
      leg.answerTo = () => {
        throw new GatewayError('offer-refused', 'peer refused our offer with 488');
      };
      await dies(1000);
      await done;
      expect(leg.hungUpWith).toBe('media-relay-down');
      expectNothingLeft();
    });
  });

  describe('pain 12: nothing comes of what should', () => {
    let leg: FakeLeg;
    let done: Promise<void>;
    let packets: number;

    beforeEach(async () => {
      packets = 0;
      leg = new FakeLeg(offer(...PCMA, ...H264));
      leg.answerTo = () => offer(...PCMA, ...H264);
      done = dial(leg);
      await settle();
      await settle();
    });
    const hangUp = async () => {
      leg.bye();
      await done;
      expectNothingLeft();
    };

    /** Time passes; the stage counts the camera's packets every second. */
    async function pass(sec: number, { picture = true } = {}): Promise<void> {
      for (let n = 0; n < sec; n += 1) {
        await clock.advance(1000);
        packets += picture ? 50 : 0;
        if (!stage.health().ok) continue;
        const { id = '' } = participants()[0] ?? {};
        const line = { content: false, lossRatio: 0, jitterMs: 0, bitrateBps: 0, decoded: false };
        const streams = [{ participantId: id, packetsReceived: packets, ...line }];
        stage.emit('scene.quality', { sceneId: CONFERENCE, streams });
      }
    }
    const alarms = () => participants()[0]?.alarms;
    const alarmLines = () =>
      logged.filter(line => 'alarm' in line).map(({ msg: _, ...line }) => line);

    it('is no alarm while all comes', async () => {
      await pass(60);
      expect(alarms()).toEqual([]);
      await hangUp();
      expect(callLog.list()[0]?.alarms).toEqual([]);
    });

    it('of its sound is an alarm until it comes, and is kept', async () => {
      await pass(5);
      relay.soundlessMs = 60_000;
      await pass(5);
      expect(alarms()).toEqual(['no-sound']);
      expect(callLog.list()[0]?.alarms).toMatchObject([{ alarm: 'no-sound' }]);
      relay.soundlessMs = 0;
      await pass(2);
      expect(alarms()).toEqual([]);
      await hangUp();
      const [kept] = callLog.list()[0]?.alarms ?? [];
      expect(kept?.alarm).toBe('no-sound');
      expect(kept?.totalSec).toBeGreaterThan(0);
      const line = { alarm: 'no-sound', siteId: 'site-1', callId: expect.any(String) };
      expect(alarmLines()).toMatchObject([
        { ...line, level: 40 },
        { ...line, level: 30 },
      ]);
    });

    it('of its picture is an alarm until it comes, also when it never came', async () => {
      await pass(4, { picture: false });
      expect(alarms()).toEqual(['no-picture']);
      await pass(1);
      expect(alarms()).toEqual([]);
      await hangUp();
    });

    it('of both is kept of a call that ends meanwhile', async () => {
      relay.soundlessMs = 60_000;
      await pass(10, { picture: false });
      expect(new Set(alarms())).toEqual(new Set(['no-sound', 'no-picture']));
      await hangUp();
      expect(callLog.list()[0]?.alarms).toHaveLength(2);
    });

    it.each([
      ['on hold', ['a=inactive']],
      ['on hold with music', ['a=sendonly']],
    ])('%s is no alarm, and ends one', async (_, hold) => {
      relay.soundlessMs = 60_000;
      await pass(5, { picture: false });
      await leg.offerAnew(offer(...PCMA, ...hold, ...H264, ...hold));
      await pass(2, { picture: false });
      expect(alarms()).toEqual([]);
      await pass(30, { picture: false });
      expect(alarms()).toEqual([]);
      await leg.offerAnew(offer(...PCMA, ...H264));
      await pass(6, { picture: false });
      expect(new Set(alarms())).toEqual(new Set(['no-sound', 'no-picture']));
      await hangUp();
    });

    it('of a line that is closed is no alarm', async () => {
      await leg.offerAnew(offer(...PCMA, 'm=video 0 RTP/AVP 97'));
      await pass(30, { picture: false });
      expect(alarms()).toEqual([]);
      await hangUp();
    });

    it('is no alarm while the stage is away, of the picture, nor right after', async () => {
      await pass(5, { picture: false });
      stage.crash();
      expect(alarms()).toEqual([]);
      await pass(20, { picture: false });
      stage.comeBack();
      await pass(2, { picture: false });
      expect(alarms()).toEqual([]);
      await hangUp();
    });

    it('is no alarm while the relay is away, nor right after', async () => {
      relay.soundlessMs = 60_000;
      await pass(5, { picture: false });
      relay.crash();
      await pass(2, { picture: false });
      expect(alarms()).toEqual([]);
      await pass(10, { picture: false });
      expect(alarms()).toEqual([]);
      relay.comeBack();
      await pass(2, { picture: false });
      expect(alarms()).toEqual([]);
      await hangUp();
    });

    it('is no alarm of the picture while the relay does not answer, before that is an outage', async () => {
      await pass(5);
      relay.isMute = true;
      await pass(30, { picture: false });
      expect(alarms()).toEqual([]);
      expect(calls.list(), 'and the call goes on').toHaveLength(1);
      await hangUp();
    });
  });

  it('pain 12: in the voice menu nothing is missed', async () => {
    const leg = new FakeLeg(offer(...PCMA));
    const done = dial(leg, '');
    relay.soundlessMs = 60_000;
    await settle();
    await clock.advance(10_000);
    leg.bye();
    await done;
    expect(callLog.list()[0]?.alarms).toEqual([]);
    expectNothingLeft();
  });

  describe('when the stage dies', () => {
    let leg: FakeLeg;
    let done: Promise<void>;
    let participantId: string;

    beforeEach(async () => {
      leg = new FakeLeg(offer(...PCMA, ...H264));
      done = dial(leg);
      await settle();
      await settle();
      participantId = participants()[0]?.id ?? '';
    });

    it('stays; who talked is not taken for talking on', async () => {
      stage.emit('participant.talking', { sceneId: CONFERENCE, participantId, talking: true });
      stage.crash();
      await clock.advance(30_000);
      expect(calls.list()).toHaveLength(1);
      expect(participants()[0]).toMatchObject({ speaking: false });
      stage.comeBack();
      leg.bye();
      await done;
      expectNothingLeft();
    });

    it('is opened anew on a stage that came back without it, and the endpoint is asked nothing', async () => {
      const connected = () =>
        stage.requests
          .filter(({ method }) => method === 'endpoint.connect')
          .map(each => each.params);
      stage.crash();
      const before = connected().length;
      stage.comeBack([{ sceneId: CONFERENCE, participantId }]);
      await settle();
      await settle();
      expect(stage.scenes.get(CONFERENCE)?.participants.get(participantId)).toBe('endpoint');
      expect(connected().slice(before)).toMatchObject([{ endpoint: {} }, { feed: {} }]);
      expect(stage.meters).toEqual(new Set([participantId]));
      expect(room()).toMatchObject({ audio: { size: 1 }, feeds: { size: 1 } });
      expect(leg.reoffered).toEqual([]);
      await leg.offerAnew(offer(...PCMA, 'm=video 5002 RTP/AVP 97', 'a=rtpmap:97 H264/90000'));
      leg.bye();
      await done;
      expectNothingLeft();
    });

    it('hung up while the stage is away leaves nothing on it', async () => {
      stage.crash();
      leg.bye();
      await done;
      stage.comeBack();
      expectNothingLeft();
    });
  });

  it('is not taken for silent while the relay says it talks', async () => {
    const leg = new FakeLeg(offer(...PCMA));
    const done = dial(leg);
    await settle();
    await clock.advance(10 * 60_000);
    expect(calls.list()).toHaveLength(1);
    leg.bye();
    await done;
  });

  it('answers a later offer with the same coder, and takes a medium that was not there', async () => {
    const leg = new FakeLeg(offer(...PCMA));
    const done = dial(leg);
    await settle();
    await settle();
    const answer = await leg.offerAnew(offer(...PCMA, 'a=sendonly', ...H264));
    expect(answer).toMatch(
      /m=audio [1-9]\d* RTP\/AVP 8[\s\S]*a=recvonly[\s\S]*m=video [1-9]\d* RTP\/AVP 97/,
    );
    await settle();
    leg.bye();
    await done;
    expectNothingLeft();
  });

  it.each([
    ['with a picture', [...PCMA, ...H264]],
    ['of sound only', PCMA],
  ])('%s is metered, and is the speaker when it talks', async (_, media) => {
    const leg = new FakeLeg(offer(...media));
    const done = dial(leg);
    await settle();
    await settle();
    const participantId = participants()[0]?.id ?? '';
    expect(stage.meters).toEqual(new Set([participantId]));
    expect(relay.copies.size).toBe(1);
    stage.emit('participant.talking', { sceneId: CONFERENCE, participantId, talking: true });
    await clock.advance(300);
    expect(participants()[0]).toMatchObject({ speaking: true });
    expect(stage.scenes.get(CONFERENCE)?.speakers).toEqual([participantId]);
    leg.bye();
    await done;
    expectNothingLeft();
  });

  it('pain 2: key frames are asked for by INFO in both directions', async () => {
    const leg = new FakeLeg(offer(...PCMA, ...H264));
    const done = dial(leg);
    await settle();
    await settle();
    const id = participants()[0]?.id ?? '';
    stage.emit('endpoint.keyframe-needed', { sceneId: CONFERENCE, participantId: id });
    stage.emit('endpoint.keyframe-needed', { sceneId: CONFERENCE, participantId: 'other' });
    leg.askForKeyframe();
    expect(leg.keyframesRequested).toBe(1);
    expect(stage.requests.at(-1)).toMatchObject({ method: 'endpoint.refresh' });
    leg.bye();
    await done;
  });
});
