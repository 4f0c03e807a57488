import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CallList } from '../../../src/calls/call-list.ts';
import { CallLog } from '../../../src/calls/call-log.ts';
import { CallTally } from '../../../src/calls/call-tally.ts';
import { type OutboundEnd, runOutboundCall } from '../../../src/calls/outbound-call.ts';
import { LiveConferences } from '../../../src/conferences/live-conferences.ts';
import type { EndReason } from '../../../src/domain/call.ts';
import type { Conference } from '../../../src/domain/conference.ts';
import type { GatewayErrorCode } from '../../../src/domain/errors.ts';
import type { ConferenceId, EndpointId, SiteId } from '../../../src/domain/ids.ts';
import type { SrtpPolicy } from '../../../src/sdp/index.ts';
import { FakeClock, settle } from '../../fakes/fake-clock.ts';
import { FakeDialler } from '../../fakes/fake-dialler.ts';
import { FakeMediaRelay } from '../../fakes/fake-media-relay.ts';
import { FakeRoomBridge } from '../../fakes/fake-room-bridge.ts';
import { FakeStage } from '../../fakes/fake-stage.ts';

const CONFERENCE: Conference = {
  id: 'conference-1' as ConferenceId,
  name: 'Giao ban',
  number: '1001',
  alias: 'giao-ban',
  members: [],
  layout: 'auto',
};
const ENDPOINT = {
  id: 'endpoint-1' as EndpointId,
  siteId: 'site-1' as SiteId,
  sipUsername: 'xa-1',
  ha1: { md5: '', sha256: undefined },
  fixedAddresses: [],
};
const TARGET = { uri: 'sip:10.1.0.7', siteNetworks: [] };
const REACT_MS = 10_000;
const RING_MS = 45_000;

const answer = (...media: string[]) =>
  `${['v=0', 'o=- 1 1 IN IP4 192.0.2.20', 's=-', 'c=IN IP4 192.0.2.20', 't=0 0', ...media].join('\r\n')}\r\n`;
const PCMA = ['m=audio 5000 RTP/AVP 8'];
const H264 = [
  'm=video 5002 RTP/AVP 97',
  'a=rtpmap:97 H264/90000',
  'a=fmtp:97 profile-level-id=42e01f;packetization-mode=1',
];

describe('an outbound call', () => {
  let relay: FakeMediaRelay;
  let bridge: FakeRoomBridge;
  let stage: FakeStage;
  let clock: FakeClock;
  let calls: CallList;
  let callLog: CallLog;
  let tally: CallTally;
  let conferences: LiveConferences;
  let dialler: FakeDialler;
  let stop: AbortController;
  let progress: string[];

  beforeEach(() => {
    relay = new FakeMediaRelay();
    bridge = new FakeRoomBridge();
    stage = new FakeStage();
    clock = new FakeClock();
    calls = new CallList();
    callLog = new CallLog(10);
    tally = new CallTally();
    dialler = new FakeDialler();
    stop = new AbortController();
    progress = [];
    const speaker = { minTalkMs: 300, holdMs: 1500 };
    const log = pino({ level: 'silent' });
    const engines = { relay, bridge, stage, clock };
    conferences = new LiveConferences({ ...engines, speaker, idleCloseMs: 0, log });
  });

  afterEach(() => conferences.close());

  function call(srtp: SrtpPolicy = 'best-effort'): Promise<OutboundEnd> {
    const mediaTerms = { maxVideoBitrateBps: 768_000, maxSentBitrateBps: 768_000, srtp };
    return runOutboundCall(
      {
        ...{ relay, bridge, stage, clock, conferences },
        ...{ calls, callLog, tally, dialler, mediaTerms },
        setUpTimeoutMs: 5000,
        silentTimeoutMs: 30_000,
        reactTimeoutMs: REACT_MS,
        ringTimeoutMs: RING_MS,
        log: pino({ level: 'silent' }),
      },
      {
        endpoint: ENDPOINT,
        site: { id: ENDPOINT.siteId, name: 'Xã Tân Phú' },
        target: TARGET,
        conference: CONFERENCE,
        stop: stop.signal,
        onProgress: state => progress.push(state),
      },
    );
  }

  const room = () => bridge.rooms.get(CONFERENCE.id);
  const participants = () => conferences.find(CONFERENCE.id)?.roster.list() ?? [];
  const soon = async () => {
    for (let turn = 0; turn < 4; turn += 1) await settle();
  };

  function expectNothingLeft(): void {
    expect(relay.legs.size + relay.feeds.size + relay.copies.size).toBe(0);
    expect(stage.meters.size).toBe(0);
    expect(room()?.audio.size ?? 0).toBe(0);
    expect(room()?.feeds.size ?? 0).toBe(0);
    expect(stage.scenes.get(CONFERENCE.id)?.participants.size ?? 0).toBe(0);
    expect(calls.list()).toEqual([]);
    expect(participants()).toEqual([]);
  }

  async function pickedUp(...media: string[]) {
    const over = call();
    await soon();
    dialler.last.ring();
    dialler.last.answerTo = () => answer(...media);
    dialler.last.pickUp(answer(...media));
    await soon();
    return over;
  }

  it('rings unseen, is in the conference when answered, and leaves nothing after BYE', async () => {
    const over = call();
    await soon();
    expect(dialler.last.caller).toMatchObject({ name: 'Giao ban', number: '1001' });
    expect(dialler.last.invites[0]).toMatch(/m=audio \d+ RTP\/AVP [\s\S]*m=video \d+ RTP\/AVP /);
    expect(calls.list()).toMatchObject([{ direction: 'out', state: 'offered' }]);
    dialler.last.ring();
    expect(calls.list()).toMatchObject([{ state: 'ringing', siteName: 'Xã Tân Phú' }]);
    expect(participants(), 'nobody is here yet').toEqual([]);
    await clock.advance(1000);
    dialler.last.pickUp(answer(...PCMA, ...H264));
    await soon();
    expect(participants()).toMatchObject([{ name: 'Xã Tân Phú', hasAudio: true, hasVideo: true }]);
    expect(room()).toMatchObject({ audio: { size: 1 }, feeds: { size: 1 } });
    expect(calls.list()).toMatchObject([{ state: 'connected', userAgent: 'FakeEndpoint/1.0' }]);
    expect(progress).toEqual(['ringing', 'connected']);
    dialler.last.bye();
    expect(await over).toMatchObject({ reason: 'peer-hangup', wasAnswered: true });
    expectNothingLeft();
    expect(callLog.list()).toMatchObject([
      {
        direction: 'out',
        dialled: TARGET.uri,
        siteId: ENDPOINT.siteId,
        conferenceId: CONFERENCE.id,
        sipCallId: 'invite-1',
        remoteAddr: '192.0.2.20:5060',
        inviteToAnswerMs: 1000,
        verdict: { result: 'completed', reason: 'peer-hangup' },
      },
    ]);
    expect(tally.list()).toMatchObject([{ code: 'peer-hangup', direction: 'out', count: 1 }]);
  });

  it('is answered at once, without ringing', async () => {
    const over = call();
    await soon();
    dialler.last.pickUp(answer(...PCMA));
    await soon();
    expect(participants()).toMatchObject([{ hasAudio: true, hasVideo: false }]);
    expect(progress).toEqual(['connected']);
    dialler.last.bye();
    await over;
    expectNothingLeft();
  });

  it.each<[GatewayErrorCode, string]>([
    ['peer-busy', 'refused'],
    ['peer-declined', 'refused'],
    ['peer-unreachable', 'failed'],
    ['sip-server-down', 'failed'],
  ])('%s is a call that was %s', async (code, result) => {
    const over = call();
    await soon();
    dialler.last.refuse(code);
    expect(await over).toMatchObject({ reason: code, wasAnswered: false });
    expect(callLog.list()).toMatchObject([{ verdict: { result, reason: code } }]);
    expectNothingLeft();
  });

  it('is unreachable when the device shows nothing, and not answered when it only rings', async () => {
    const silent = call();
    await soon();
    await clock.advance(REACT_MS);
    expect(await silent).toMatchObject({ reason: 'peer-unreachable' });
    expect(dialler.last.cancelled).toBe(true);
    const ringing = call();
    await soon();
    dialler.last.ring();
    await clock.advance(RING_MS - 1);
    expect(dialler.last.cancelled).toBe(false);
    await clock.advance(1);
    expect(await ringing).toMatchObject({ reason: 'peer-no-answer' });
    expect(dialler.last.cancelled).toBe(true);
    expectNothingLeft();
  });

  it('is cancelled by whoever wanted it, by an operator, and by the end of the conference', async () => {
    const ways = [
      () => stop.abort('operator' satisfies EndReason),
      () => calls.requestEndOfAll('operator'),
      () => conferences.end(CONFERENCE.id, 'conference-closed'),
    ];
    for (const end of ways) {
      stop = new AbortController();
      const over = call();
      await soon();
      dialler.last.ring();
      await end();
      expect(await over).toMatchObject({ reason: 'cancelled', wasAnswered: false });
      expect(dialler.last.cancelled).toBe(true);
      expectNothingLeft();
    }
  });

  it('is hung up by whoever wanted it', async () => {
    const over = pickedUp(...PCMA);
    await soon();
    await soon();
    stop.abort('operator' satisfies EndReason);
    expect(await over).toMatchObject({ reason: 'operator', wasAnswered: true });
    expect(dialler.last.hungUpWith).toBe('operator');
    expectNothingLeft();
  });

  describe.each<[SrtpPolicy, offers: [proto: string, hasKey: boolean][]]>([
    ['off', [['RTP/AVP', false]]],
    [
      'best-effort',
      [
        ['RTP/AVP', true],
        ['RTP/AVP', false],
      ],
    ],
    ['required', [['RTP/SAVP', true]]],
  ])('with SRTP %s', (policy, offers) => {
    it('is offered in each form until the device takes one', async () => {
      const over = call(policy);
      for (const [index, [proto, hasKey]] of offers.entries()) {
        await soon();
        expect(dialler.last.invites).toHaveLength(index + 1);
        const offered = dialler.last.invites.at(-1) ?? '';
        expect(offered.match(/^m=\w+ [1-9]\d* (\S+)/gm)?.map(line => line.split(' ')[2])).toEqual([
          proto,
          proto,
        ]);
        expect(offered.includes('a=crypto:')).toBe(hasKey);
        expect(offered).toContain('a=rtcp-fb:');
        dialler.last.refuse('peer-incompatible');
      }
      expect(await over).toMatchObject({ reason: 'peer-incompatible' });
      expectNothingLeft();
    });
  });

  it.each<[string, string[]]>([
    ['a payload type that was never offered', ['m=audio 5000 RTP/AVP 8 77', ...H264]],
    ['no picture', [...PCMA, 'm=video 0 RTP/AVP 97']],
    ['a profile of its own', ['m=audio 5000 RTP/AVPF 8', ...H264]],
  ])('takes an answer with %s', async (_, media) => {
    const over = pickedUp(...media);
    await soon();
    await soon();
    expect(participants()).toMatchObject([{ hasAudio: true }]);
    dialler.last.bye();
    expect(await over).toMatchObject({ reason: 'peer-hangup' });
    expectNothingLeft();
  });

  it('is hung up when nothing of the answer can be used', async () => {
    const over = pickedUp('m=audio 0 RTP/AVP 8', 'm=video 0 RTP/AVP 97');
    expect(await over).toMatchObject({ reason: 'no-common-codec', wasAnswered: true });
    expect(dialler.last.hungUpWith).toBe('no-common-codec');
    expectNothingLeft();
  });

  it('goes through what an inbound call goes through: hold, keys, the relay’s death', async () => {
    const over = pickedUp(...PCMA, ...H264);
    await soon();
    await soon();
    const held = answer('m=audio 5000 RTP/AVP 8', 'a=inactive', ...H264, 'a=inactive');
    expect(await dialler.last.offerAnew(held)).toMatch(/a=inactive/);
    expect(participants()).toMatchObject([{ muted: true }]);
    await dialler.last.offerAnew(answer(...PCMA, ...H264));
    expect(participants()).toMatchObject([{ muted: false }]);
    relay.crash();
    await soon();
    relay.comeBack();
    await soon();
    expect(dialler.last.reoffered).toHaveLength(1);
    relay.silentMs = 30_000;
    await clock.advance(2000);
    expect(await over).toMatchObject({ reason: 'media-timeout', wasAnswered: true });
    expectNothingLeft();
  });
});
