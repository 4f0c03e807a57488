import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RoomBridge, RoomEvents } from '../../src/calls/ports.ts';
import {
  type ConferenceId,
  newConferenceId,
  newParticipantId,
  type ParticipantId,
} from '../../src/domain/ids.ts';
import { waitFor } from '../support/wait-for.ts';

/** Names of who is in a room, ours not counted; undefined when the room is not open. */
export interface InRooms {
  readonly audio: readonly string[] | undefined;
  readonly video: readonly string[] | undefined;
}

/** A browser in the rooms, which does not come by way of the bridge. */
export interface TestBrowser {
  readonly participantId: ParticipantId;
  /** Says something, or nothing, from now on. */
  talk(talking: boolean): void;
  mute(muted: boolean): Promise<void>;
  /** Switches its camera, H.264, on; gives the m-line of it. */
  publish(): Promise<string>;
  unpublish(): Promise<void>;
  leave(): Promise<void>;
}

/** A bridge under test, and hands on what is behind it. */
export interface BridgeHarness {
  readonly bridge: RoomBridge;
  inRooms(id: ConferenceId): Promise<InRooms>;
  /** Who is left out of the mix. */
  mutedIn(id: ConferenceId): Promise<readonly ParticipantId[]>;
  /** Whether the room server takes a browser for talking. */
  isTalking(id: ConferenceId, participantId: ParticipantId): Promise<boolean>;
  /** Copies of cameras that go out of the conference. */
  copies(id: ConferenceId): Promise<number>;
  /** An endpoint's camera as the relay offers it; `connect` resolves when its picture could flow. */
  camera(
    id: ConferenceId,
    participantId: ParticipantId,
  ): Promise<{ offerSdp: string; connect(answerSdp: string): Promise<void> }>;
  openBrowser(id: ConferenceId, name: string): Promise<TestBrowser>;
  /** Takes a place away, as an operator of the room server could. */
  kick(id: ConferenceId, from: 'audio' | 'video', participantId: ParticipantId): Promise<void>;
  /** Hangs, or dies. */
  crash(): void;
  comeBack(): void;
  close(): Promise<void>;
}

const NAME = 'UBND xã Đắk Wer — phòng họp số 1';
const CLOSED: InRooms = { audio: undefined, video: undefined };
const EMPTY: InRooms = { audio: [], video: [] };
const SEND_TO = { host: '127.0.0.1', rtpPort: 43_000, rtcpPort: 43_001 };
const STAGE = { host: '127.0.0.1', rtpPort: 43_010, rtcpPort: 43_011 };
const EVENTS = [
  'participant.talking',
  'video.published',
  'video.unpublished',
  'seat.lost',
] as const satisfies (keyof RoomEvents)[];

/** What every room server promises, whatever is behind the port. */
export function roomBridgeSuite(open: () => Promise<BridgeHarness>): void {
  let harness: BridgeHarness;
  let bridge: RoomBridge;
  let conferenceId: ConferenceId;
  let participantId: ParticipantId;
  let told: [keyof RoomEvents, object][];
  const signal = AbortSignal.timeout(600_000);

  beforeEach(async () => {
    harness = await open();
    bridge = harness.bridge;
    conferenceId = newConferenceId();
    participantId = newParticipantId();
    told = [];
    for (const name of EVENTS) bridge.on(name, event => told.push([name, event]));
  });

  afterEach(() => harness.close());

  const openRooms = () => bridge.openRooms(conferenceId, 'Giao ban tuần', signal);
  const inRooms = () => harness.inRooms(conferenceId);
  const waitForRooms = (what: string, wanted: InRooms) =>
    waitFor(what, async () => same(await inRooms(), wanted));

  function joinAudio(until = signal, id = participantId) {
    const codec = { codec: 'pcma', payloadType: 8 } as const;
    const seat = { conferenceId, participantId: id, name: NAME, ...codec, sendTo: SEND_TO };
    return bridge.joinAudio(seat, until);
  }

  const publish = (offerSdp: string, until = signal) =>
    bridge.publishVideo({ conferenceId, participantId, name: NAME, offerSdp }, until);

  async function publishVideo() {
    const { offerSdp, connect } = await harness.camera(conferenceId, participantId);
    const published = await publish(offerSdp);
    await connect(published.answerSdp);
    return published;
  }

  function forwardVideo(mid: string, until = signal, id = participantId) {
    const stream = { payloadType: 107, ssrc: 5 };
    const forward = { conferenceId, participantId: id, mid, to: STAGE, ...stream };
    return bridge.forwardVideo(forward, until);
  }

  /** A browser whose camera is on, and which the bridge has told of. */
  async function browserWithCamera() {
    const browser = await harness.openBrowser(conferenceId, 'Chị Lan');
    const mid = await browser.publish();
    await waitFor('the camera', () => told.length > 0);
    return { browser, mid };
  }

  const talk = (id: ParticipantId, talking: boolean) =>
    ['participant.talking', { conferenceId, participantId: id, talking }] as const;
  const unpublished = (id: ParticipantId) =>
    ['video.unpublished', { conferenceId, participantId: id }] as const;
  const seatLost = () => ['seat.lost', { conferenceId, participantId }] as const;

  describe('rooms', () => {
    test('are opened once, whoever asks again or meanwhile', async () => {
      expect(await inRooms()).toEqual(CLOSED);
      await Promise.all([openRooms(), openRooms()]);
      await openRooms();
      expect(await inRooms()).toEqual(EMPTY);
    });

    test('are closed with everybody in them, and again', async () => {
      await openRooms();
      await harness.openBrowser(conferenceId, 'Chị Lan');
      const seats = [await joinAudio(), await publishVideo()];
      await bridge.closeRooms(conferenceId);
      expect(await inRooms()).toEqual(CLOSED);
      for (const seat of seats) await seat.leave();
      await bridge.closeRooms(conferenceId);
      await bridge.closeRooms(newConferenceId());
      await openRooms();
      expect(await inRooms()).toEqual(EMPTY);
      expect(told).toEqual([]);
    });

    test('are open when the last word was to open them', async () => {
      const opening = openRooms();
      const closing = bridge.closeRooms(conferenceId);
      const again = openRooms();
      await Promise.allSettled([opening, closing, again]);
      expect(await again).toBeUndefined();
      expect(await inRooms()).toEqual(EMPTY);
    });

    test('are opened for who waits on, though another gave up', async () => {
      const impatient = new AbortController();
      const first = bridge.openRooms(conferenceId, 'Giao ban', impatient.signal);
      const second = openRooms();
      impatient.abort(new Error('caller gave up'));
      await Promise.allSettled([first]);
      await second;
      expect(await inRooms()).toEqual(EMPTY);
    });
  });

  describe('an endpoint', () => {
    test('has its place in the sound under its name until it leaves', async () => {
      await openRooms();
      const seat = await joinAudio();
      expect(seat.payloadType).toBe(8);
      expect(seat.address.rtpPort).toBeGreaterThan(0);
      expect(seat.address.rtcpPort).toBe(seat.address.rtpPort + 1);
      const other = await joinAudio(signal, newParticipantId());
      expect(other.address.rtpPort).not.toBe(seat.address.rtpPort);
      expect(await inRooms()).toEqual({ audio: [NAME, NAME], video: [] });
      await Promise.all([seat.leave(), seat.leave()]);
      await seat.leave();
      await waitForRooms('one place to be free', { audio: [NAME], video: [] });
      expect(told).toEqual([]);
    });

    test('shows its camera under its name until it leaves, which is no news', async () => {
      await openRooms();
      const feed = await publishVideo();
      expect(feed.answerSdp).toMatch(/^m=video [1-9][\s\S]*^a=recvonly/m);
      expect(await inRooms()).toEqual({ audio: [], video: [NAME] });
      await Promise.all([feed.leave(), feed.leave()]);
      await waitForRooms('the feed to be gone', EMPTY);
      const { browser } = await browserWithCamera();
      expect(told).toMatchObject([['video.published', { participantId: browser.participantId }]]);
    });

    test('is left out of the mix while it is muted', async () => {
      await openRooms();
      const seat = await joinAudio();
      await joinAudio(signal, newParticipantId());
      await seat.setMuted(true, signal);
      await seat.setMuted(true, signal);
      expect(await harness.mutedIn(conferenceId)).toEqual([participantId]);
      await seat.setMuted(false, signal);
      expect(await harness.mutedIn(conferenceId)).toEqual([]);
      expect(told).toEqual([]);
    });

    test('comes back right after it left', async () => {
      await openRooms();
      await publishVideo();
      for (const _ of [1, 2, 3]) {
        const seat = await joinAudio();
        await seat.leave();
      }
      await joinAudio();
      expect(await inRooms()).toEqual({ audio: [NAME], video: [NAME] });
      expect(told).toEqual([]);
    });

    test('is refused where it already is, which keeps its place', async () => {
      await openRooms();
      await joinAudio();
      await publishVideo();
      await expect(joinAudio()).rejects.toMatchObject({ code: 'room-server-refused' });
      await expect(publishVideo()).rejects.toMatchObject({ code: 'room-server-refused' });
      expect(await inRooms()).toEqual({ audio: [NAME], video: [NAME] });
    });

    test('is refused where no rooms are open', async () => {
      const refused = { code: 'room-server-refused' };
      await expect(joinAudio()).rejects.toMatchObject(refused);
      await expect(publishVideo()).rejects.toMatchObject(refused);
      await expect(forwardVideo('0')).rejects.toMatchObject(refused);
    });

    test.each(['audio', 'video'] as const)('is told once that its %s was taken', async kind => {
      await openRooms();
      const audio = await joinAudio();
      const feed = await publishVideo();
      await harness.kick(conferenceId, kind, participantId);
      await waitFor('the loss', () => told.length > 0);
      await Promise.all([audio.leave(), feed.leave()]);
      await waitForRooms('both places to be free', EMPTY);
      expect(told).toEqual([seatLost()]);
    });
  });

  describe('a browser', () => {
    test('is told of once when its camera comes, and once when it goes', async () => {
      await openRooms();
      const { browser, mid } = await browserWithCamera();
      const { participantId: id } = browser;
      const camera = { conferenceId, participantId: id, codec: 'h264', mid, isLayered: false };
      await browser.unpublish();
      await waitFor('the end of the camera', () => told.length > 1);
      await browser.publish();
      await waitFor('the camera again', () => told.length > 2);
      await browser.leave();
      await waitFor('its leave', () => told.length > 3);
      await openRooms();
      expect(told).toEqual([
        ['video.published', camera],
        unpublished(browser.participantId),
        ['video.published', camera],
        unpublished(browser.participantId),
      ]);
    });

    test('has its camera copied until the copy is stopped', async () => {
      await openRooms();
      const { browser, mid } = await browserWithCamera();
      const copy = await forwardVideo(mid, signal, browser.participantId);
      expect(copy.feedback.rtcpPort).toBeGreaterThan(0);
      expect(await harness.copies(conferenceId)).toBe(1);
      await Promise.all([copy.stop(), copy.stop()]);
      await copy.stop();
      expect(await harness.copies(conferenceId)).toBe(0);
      const left = await forwardVideo(mid, signal, browser.participantId);
      await browser.leave();
      await left.stop();
    });

    test('without a camera, or without that one, has none copied', async () => {
      await openRooms();
      const refused = { code: 'room-server-refused' };
      await expect(forwardVideo('0')).rejects.toMatchObject(refused);
      const { browser, mid } = await browserWithCamera();
      const absent = forwardVideo(`${mid}9`, signal, browser.participantId);
      await expect(absent).rejects.toMatchObject(refused);
      expect(await harness.copies(conferenceId)).toBe(0);
    });

    test('is put out of both rooms, with its camera', async () => {
      await openRooms();
      const { browser } = await browserWithCamera();
      expect(await inRooms()).toEqual({ audio: ['Chị Lan'], video: ['Chị Lan'] });
      await bridge.removeParticipant(conferenceId, browser.participantId);
      expect(await inRooms()).toEqual(EMPTY);
      await bridge.removeParticipant(conferenceId, browser.participantId);
      await bridge.removeParticipant(newConferenceId(), browser.participantId);
      await waitFor('the end of the camera', () => told.length > 1);
      expect(told[1]).toEqual(unpublished(browser.participantId));
    });

    test('is told of once when it talks, however many endpoints hear it', async () => {
      await openRooms();
      await joinAudio();
      await joinAudio(signal, newParticipantId());
      const browser = await harness.openBrowser(conferenceId, 'Chị Lan');
      browser.talk(true);
      await waitFor('talk', () => told.length > 0);
      browser.talk(false);
      await waitFor('quiet', () => told.length > 1);
      browser.talk(true);
      await waitFor('talk again', () => told.length > 2);
      const { participantId: id } = browser;
      expect(told).toEqual([talk(id, true), talk(id, false), talk(id, true)]);
    });

    test('is told of when it already talks and the first endpoint comes', async () => {
      await openRooms();
      const browser = await harness.openBrowser(conferenceId, 'Chị Lan');
      browser.talk(true);
      await waitFor('talk', () => harness.isTalking(conferenceId, browser.participantId));
      expect(told).toEqual([]);
      await joinAudio();
      expect(told).toEqual([talk(browser.participantId, true)]);
    });

    test('is left out of the mix while whoever runs the meeting wants so', async () => {
      await openRooms();
      const { participantId: id } = await harness.openBrowser(conferenceId, 'Chị Lan');
      for (const muted of [true, true, false, false]) {
        await bridge.muteParticipant(conferenceId, id, muted);
        expect(await harness.mutedIn(conferenceId)).toEqual(muted ? [id] : []);
      }
      const stranger = bridge.muteParticipant(conferenceId, newParticipantId(), true);
      await expect(stranger).rejects.toMatchObject({ code: 'room-server-refused' });
    });

    test.each([
      ['it is muted', (browser: TestBrowser) => browser.mute(true)],
      ['it leaves', (browser: TestBrowser) => browser.leave()],
      [
        'it is put out',
        ({ participantId: id }: TestBrowser) => bridge.removeParticipant(conferenceId, id),
      ],
    ])('that talks does not any more when %s', async (_, end) => {
      await openRooms();
      await joinAudio();
      const browser = await harness.openBrowser(conferenceId, 'Chị Lan');
      browser.talk(true);
      await waitFor('talk', () => told.length > 0);
      await end(browser);
      await waitFor('the end of talk', () => told.length > 1);
      const { participantId: id } = browser;
      expect(told).toEqual([talk(id, true), talk(id, false)]);
    });

    test('that talks does not any more when no endpoint is left to hear it', async () => {
      await openRooms();
      const seat = await joinAudio();
      const browser = await harness.openBrowser(conferenceId, 'Chị Lan');
      browser.talk(true);
      await waitFor('talk', () => told.length > 0);
      await seat.leave();
      const { participantId: id } = browser;
      expect(told).toEqual([talk(id, true), talk(id, false)]);
    });
  });

  describe('a step whose caller gave up', () => {
    const gone = AbortSignal.abort(new Error('caller gave up'));

    /**
     * Gives up at once, and after a while; what came to be all the same is released. The next try
     * waits until nothing is left of the one before: the room server takes nobody twice.
     */
    async function giveUp<T>(
      step: (until: AbortSignal) => Promise<T>,
      release: (outcome: T) => Promise<void>,
      cleared: () => Promise<unknown> = async () => undefined,
    ): Promise<void> {
      await expect(step(gone)).rejects.toThrow(/gave up/);
      for (const delayMs of [0, 1, 2, 5, 10]) {
        const late = new AbortController();
        const running = step(late.signal);
        setTimeout(() => late.abort(new Error('caller gave up')), delayMs);
        const [outcome] = await Promise.allSettled([running]);
        if (outcome.status === 'fulfilled') await release(outcome.value);
        else expect(String(outcome.reason)).toMatch(/gave up/);
        await cleared();
      }
    }

    test('leaves no rooms', async () => {
      await giveUp(
        until => bridge.openRooms(conferenceId, 'Giao ban', until),
        () => bridge.closeRooms(conferenceId),
      );
      await waitForRooms('no rooms', CLOSED);
    });

    test('leaves nobody in the rooms', async () => {
      await openRooms();
      const nobody = () => waitForRooms('nobody', EMPTY);
      await giveUp(joinAudio, seat => seat.leave(), nobody);
      const { offerSdp } = await harness.camera(conferenceId, participantId);
      await giveUp(
        until => publish(offerSdp, until),
        feed => feed.leave(),
        nobody,
      );
      expect(told).toEqual([]);
    });

    test('leaves no copy of a camera', async () => {
      await openRooms();
      const { browser, mid } = await browserWithCamera();
      await giveUp(
        until => forwardVideo(mid, until, browser.participantId),
        copy => copy.stop(),
      );
      await waitFor('no copies', async () => (await harness.copies(conferenceId)) === 0);
    });
  });

  test('tells once that it was lost, fails at once while it is away, comes back empty', async () => {
    const losses: string[] = [];
    bridge.onLost(error => losses.push(error.code));
    bridge.onLost(() => losses.push('not heard'))();
    await openRooms();
    const audio = await joinAudio();
    const feed = await publishVideo();
    harness.crash();
    await waitFor('the loss', () => losses.length > 0, 15_000);
    expect(bridge.health().ok).toBe(false);
    const down = { code: 'room-server-down' };
    await expect(openRooms()).rejects.toMatchObject(down);
    await expect(joinAudio()).rejects.toMatchObject(down);
    await expect(audio.setMuted(true, signal)).rejects.toMatchObject(down);
    await Promise.all([audio.leave(), feed.leave()]);
    await bridge.removeParticipant(conferenceId, participantId);
    await bridge.closeRooms(conferenceId);
    harness.comeBack();
    await waitFor('health', () => bridge.health().ok, 15_000);
    expect(await inRooms()).toEqual(CLOSED);
    await openRooms();
    await joinAudio();
    expect(await inRooms()).toEqual({ audio: [NAME], video: [] });
    expect(losses).toEqual(['room-server-down']);
    expect(told).toEqual([]);
  });
}

function same(a: InRooms, b: InRooms): boolean {
  return JSON.stringify([a.audio, a.video]) === JSON.stringify([b.audio, b.video]);
}
