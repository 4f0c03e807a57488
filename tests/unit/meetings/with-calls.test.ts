/** Meetings with the calls and conferences they run on, only the engines and devices made up. */
import pino from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CallList } from '../../../src/calls/call-list.ts';
import { CallLog } from '../../../src/calls/call-log.ts';
import { CallTally } from '../../../src/calls/call-tally.ts';
import { DialOut } from '../../../src/calls/dial-out.ts';
import { runOutboundCall } from '../../../src/calls/outbound-call.ts';
import { LiveConferences } from '../../../src/conferences/live-conferences.ts';
import type { ConferenceId, EndpointId, ParticipantId, SiteId } from '../../../src/domain/ids.ts';
import { meetingCalls, plansOf } from '../../../src/gateway-meetings.ts';
import { Meetings } from '../../../src/meetings/meetings.ts';
import { FakeClock, settle } from '../../fakes/fake-clock.ts';
import { FakeDialler, type FakeOutgoingLeg } from '../../fakes/fake-dialler.ts';
import { FakeMediaRelay } from '../../fakes/fake-media-relay.ts';
import { FakeRoomBridge } from '../../fakes/fake-room-bridge.ts';
import { FakeStage } from '../../fakes/fake-stage.ts';
import { MemoryMeetingStore } from '../../fakes/memory-meeting-store.ts';
import { MemoryStore } from '../../fakes/memory-store.ts';

const ID = 'c1' as ConferenceId;
const SITES = ['a', 'b'] as SiteId[];
const ANSWER = [
  ...['v=0', 'o=- 1 1 IN IP4 192.0.2.20', 's=-', 'c=IN IP4 192.0.2.20', 't=0 0'],
  ...['m=audio 5000 RTP/AVP 8', 'm=video 0 RTP/AVP 97', ''],
].join('\r\n');
const log = pino({ level: 'silent' });

let clock: FakeClock;
let relay: FakeMediaRelay;
let bridge: FakeRoomBridge;
let conferences: LiveConferences;
let dialler: FakeDialler;
let meetings: Meetings;

beforeEach(async () => {
  clock = new FakeClock();
  relay = new FakeMediaRelay();
  bridge = new FakeRoomBridge();
  const stage = new FakeStage();
  const speaker = { minTalkMs: 300, holdMs: 1500 };
  const engines = { relay, bridge, stage, clock };
  conferences = new LiveConferences({ ...engines, speaker, idleCloseMs: 0, log });
  dialler = new FakeDialler();
  const store = new MemoryStore();
  for (const id of SITES)
    await store.insertSite({ id, name: `Xã ${id}`, endpoints: endpointsOf(id) });
  const words = { name: 'Giao ban', number: '1001', alias: 'giao-ban' };
  const members = SITES.map(siteId => ({ siteId, role: 'site' as const, dial: 'out' as const }));
  await store.insertConference({ id: ID, ...words, members, layout: 'auto' });
  const stores = { sites: store, conferenceStore: store };
  const callLog = new CallLog(100);
  const mediaTerms = {
    maxVideoBitrateBps: 768_000,
    maxSentBitrateBps: 768_000,
    srtp: 'off' as const,
  };
  const times = { setUpTimeoutMs: 5000, silentTimeoutMs: 30_000 };
  const rings = { reactTimeoutMs: 10_000, ringTimeoutMs: 45_000 };
  const books = { calls: new CallList(), callLog, tally: new CallTally() };
  const deps = { ...engines, ...books, ...times, ...rings, conferences, dialler, mediaTerms, log };
  const dialOut = new DialOut({
    ...stores,
    targetOf: ({ id }) => ({ uri: `sip:${id}`, siteNetworks: [] }),
    run: outgoing => runOutboundCall(deps, outgoing),
  });
  meetings = await Meetings.open({
    plans: plansOf(stores),
    store: new MemoryMeetingStore(),
    calls: meetingCalls(dialOut, callLog),
    rooms: conferences,
    clock,
    pace: { atOnce: 8, perSecond: 100 },
    ladder: { rounds: 2, retryAfterMs: 60_000 },
    emptyAfterMs: 600_000,
    log,
  });
  await meetings.start(ID, 'Lan');
  await time(100);
});

afterEach(async () => {
  await meetings.close();
  await conferences.close();
});

/** The main one stands last: the backup is put behind it. */
function endpointsOf(siteId: SiteId) {
  const endpoint = (id: string, isBackup: boolean) => ({
    id: id as EndpointId,
    siteId,
    sipUsername: id,
    ha1: { md5: '', sha256: undefined },
    fixedAddresses: [],
    isBackup,
  });
  return [endpoint(`${siteId}-backup`, true), endpoint(`${siteId}-main`, false)];
}

async function time(ms: number): Promise<void> {
  await clock.advance(ms);
  for (let turn = 0; turn < 6; turn += 1) await settle();
}

function last(endpointId: string): FakeOutgoingLeg {
  const leg = dialler.legs.findLast(({ target }) => target.uri === `sip:${endpointId}`);
  if (!leg) throw new Error(`${endpointId} was not called`);
  return leg;
}

async function answer(endpointId: string): Promise<FakeOutgoingLeg> {
  const leg = last(endpointId);
  leg.ring();
  leg.pickUp(ANSWER);
  await time(0);
  return leg;
}

const states = () => meetings.find(ID)?.sites.map(({ state }) => state);
const inSound = () => bridge.rooms.get(ID)?.audio.size ?? 0;

it('a site that answers is connected, and its own call is not cancelled for it', async () => {
  const leg = await answer('a-main');
  expect(states()).toEqual(['connected', 'dialling']);
  expect(leg.hungUpWith).toBeUndefined();
  expect(meetings.find(ID)?.sites[0]).toMatchObject({ participantIds: [expect.any(String)] });
});

it('the backup is called when the main one is busy', async () => {
  last('a-main').refuse('peer-busy');
  await time(100);
  await answer('a-backup');
  expect(states()).toEqual(['connected', 'dialling']);
});

it('one that hangs up has left, one whose line breaks is called again', async () => {
  const [a] = [await answer('a-main'), await answer('b-main')];
  expect(states()).toEqual(['connected', 'connected']);
  a.bye();
  await time(0);
  expect(states()).toEqual(['left', 'connected']);
  relay.silentMs = 30_000;
  await time(3000);
  expect(states()).toEqual(['left', 'retry-at']);
  relay.silentMs = 0;
  await time(5100);
  expect(states()).toEqual(['left', 'dialling']);
  await answer('b-main');
  expect(states()).toEqual(['left', 'connected']);
});

it('who dials in by itself is connected, and the call that rings there is cancelled', async () => {
  last('a-main').ring();
  const who = { kind: 'endpoint', name: 'Xã a', siteId: 'a' as SiteId } as const;
  const { conference } = conferences.find(ID) ?? expect.fail('not open');
  await conferences.enter(conference, who, AbortSignal.timeout(5000));
  await time(0);
  expect(last('a-main').cancelled).toBe(true);
  expect(states()).toEqual(['connected', 'dialling']);
  await time(600_000);
  expect(dialler.legs.filter(({ target }) => target.uri.startsWith('sip:a'))).toHaveLength(1);
});

it('muted, put out and hung up, an endpoint goes as it is told', async () => {
  await answer('a-main');
  await answer('b-main');
  const [a = '', b = ''] = meetings.find(ID)?.sites.flatMap(site => site.participantIds) ?? [];
  await meetings.mute(ID, a as ParticipantId, true);
  expect([...bridge.muted]).toEqual([a]);
  meetings.putOut(ID, b as ParticipantId);
  meetings.hangUp(ID, 'a' as SiteId);
  await time(0);
  expect([last('a-main').hungUpWith, last('b-main').hungUpWith]).toEqual(['operator', 'operator']);
  await time(600_000);
  expect(states()).toBeUndefined(); // nobody was left, and no end was planned
  expect(dialler.legs).toHaveLength(2);
});

it('the loss of the room server puts everybody out, and the meeting calls them again', async () => {
  await answer('a-main');
  await answer('b-main');
  bridge.crash();
  await time(0);
  expect(states()).toEqual(['retry-at', 'retry-at']);
  bridge.comeBack();
  await time(5200);
  await answer('a-main');
  await answer('b-main');
  expect(states()).toEqual(['connected', 'connected']);
  expect(inSound()).toBe(2);
});

it('ended, nothing is left: no call, no place, no port', async () => {
  await answer('a-main');
  last('b-main').ring();
  await meetings.end(ID);
  await time(0);
  expect(last('a-main').hungUpWith).toBe('room-hangup');
  expect(last('b-main').cancelled).toBe(true);
  expect([relay.legs.size, inSound(), conferences.list().length]).toEqual([0, 0, 0]);
});

it('who is large is the same for the meeting, whoever put it there', async () => {
  await Promise.all([answer('a-main'), answer('b-main')]);
  const [a, b] = (meetings.find(ID)?.sites ?? []).map(({ participantIds }) => participantIds[0]);
  const told: (string | undefined)[] = [];
  meetings.onChange(({ spotlightId }) => told.push(spotlightId));
  conferences.find(ID)?.spotlight(a as ParticipantId);
  await time(0);
  expect([meetings.find(ID)?.spotlightId, told.at(-1)]).toEqual([a, a]);
  meetings.spotlight(ID, b as ParticipantId);
  expect(conferences.find(ID)?.layout.pinnedParticipantId).toBe(b);
  expect(meetings.find(ID)?.spotlightId).toBe(b);
  await conferences.find(ID)?.moderation.giveFloor(a as ParticipantId);
  await time(0);
  expect(told.at(-1)).toBe(a);
  last('a-main').bye();
  await time(0);
  expect(meetings.find(ID)?.spotlightId).toBeUndefined();
});
