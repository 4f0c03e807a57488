import { describe } from 'vitest';
import { connectRoomBridge } from '../../src/bridge/index.ts';
import { roomSecret } from '../../src/bridge/rooms.ts';
import { roomServerUrl } from '../../src/config/index.ts';
import { type ConferenceId, newCallId, type ParticipantId } from '../../src/domain/ids.ts';
import { janusEngine, rtpengineEngine } from '../../src/engines/index.ts';
import { connectMediaRelay } from '../../src/media/index.ts';
import { FakeRoomBridge } from '../fakes/fake-room-bridge.ts';
import { JanusProbe } from '../support/janus-probe.ts';
import { waitFor } from '../support/wait-for.ts';
import { type RealEngines, SILENT_LOG, startEngines } from './engines.ts';
import { JanusBrowser } from './janus-browser.ts';
import { feedSdp } from './media-relay.sdp.ts';
import { type BridgeHarness, roomBridgeSuite } from './room-bridge.suite.ts';
import { relayOptions } from './rtpengine.ts';

const SIGNAL = AbortSignal.timeout(600_000);
/** The bridge's own place in a VideoRoom. */
const OBSERVER_ID = 'gateway';

interface JanusParticipant {
  readonly id: string;
  readonly display: string;
  readonly muted?: boolean;
  readonly publisher?: boolean;
  readonly talking?: boolean;
}

describe('the fake room bridge', () => {
  roomBridgeSuite(async () => {
    const bridge = new FakeRoomBridge();
    return {
      bridge,
      inRooms: async id => bridge.inRooms(id),
      mutedIn: async () => [...bridge.muted],
      isTalking: async (id, browserId) =>
        bridge.rooms.get(id)?.browsers.get(browserId)?.talking === true,
      copies: async id => bridge.rooms.get(id)?.forwards.size ?? 0,
      camera: async () => ({ offerSdp: feedSdp(), connect: async () => undefined }),
      openBrowser: async (id, name) => bridge.openBrowser(id, name),
      kick: async (id, from, participantId) => bridge.kick(id, from, participantId),
      crash: () => bridge.crash(),
      comeBack: () => bridge.comeBack(),
      close: async () => undefined,
    };
  });
});

describe('Janus', () => {
  roomBridgeSuite(openReal);
});

async function openReal(): Promise<BridgeHarness> {
  const engines: RealEngines = await startEngines((settings, secrets) => [
    rtpengineEngine(settings),
    janusEngine(settings, secrets),
  ]);
  const { rooms } = engines.settings;
  const { janusAdminKey: adminKey, janusApiSecret: apiSecret } = engines.secrets;
  const bridge = await connectRoomBridge({
    ...rooms,
    url: roomServerUrl(engines.settings),
    apiSecret,
    adminKey,
    requestTimeoutMs: 2_000,
    log: SILENT_LOG,
  });
  const relay = await connectMediaRelay(relayOptions(engines));
  const probe = await JanusProbe.open(rooms.wsPort, apiSecret);
  const [audio, video] = [await probe.attach('audiobridge'), await probe.attach('videoroom')];
  const browsers: JanusBrowser[] = [];

  /** Undefined when the room is not open. */
  async function participantsOf(handle: number, room: ConferenceId) {
    const { participants } = await probe.ask(handle, { request: 'listparticipants', room });
    const present = participants as JanusParticipant[] | undefined;
    return present?.filter(({ id }) => id !== OBSERVER_ID);
  }

  async function idsOf(
    handle: number,
    room: ConferenceId,
    which: (participant: JanusParticipant) => boolean | undefined,
  ): Promise<ParticipantId[]> {
    const found = (await participantsOf(handle, room))?.filter(which) ?? [];
    return found.map(({ id }) => id as ParticipantId);
  }

  async function namesIn(handle: number, room: ConferenceId) {
    return (await participantsOf(handle, room))?.map(({ display }) => display);
  }

  async function camera(room: ConferenceId, participantId: ParticipantId) {
    const callId = newCallId();
    const isPublished = async () =>
      (await idsOf(video, room, p => p.publisher)).includes(participantId);
    return {
      offerSdp: await relay.offerFeed(callId, feedSdp(), SIGNAL),
      connect: async (answerSdp: string) => {
        await relay.answerFeed(callId, answerSdp, SIGNAL);
        await waitFor('the feed', isPublished);
      },
    };
  }

  return {
    bridge,
    inRooms: async id => ({ audio: await namesIn(audio, id), video: await namesIn(video, id) }),
    mutedIn: room => idsOf(audio, room, p => p.muted),
    isTalking: async (room, id) => (await idsOf(audio, room, p => p.talking)).includes(id),
    copies: async room => {
      const secret = roomSecret(adminKey);
      const forwarders = await probe.ask(video, { request: 'listforwarders', room, secret });
      const publishers = (forwarders.publishers ?? []) as { forwarders: unknown[] }[];
      return publishers.reduce((sum, publisher) => sum + publisher.forwarders.length, 0);
    },
    camera,
    openBrowser: async (id, name) => {
      const browser = await JanusBrowser.open(probe, relay, id, name);
      browsers.push(browser);
      return browser;
    },
    kick: async (room, from, id) => {
      const handle = from === 'audio' ? audio : video;
      await probe.ask(handle, { request: 'kick', room, id, secret: roomSecret(adminKey) });
    },
    crash: () => engines.signal('janus', 'SIGSTOP'),
    comeBack: () => engines.signal('janus', 'SIGCONT'),
    close: async () => {
      for (const browser of browsers) await browser.close();
      probe.close();
      await bridge.close();
      await relay.close();
      await engines.close();
    },
  };
}
