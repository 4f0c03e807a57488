/**
 * Our SDP between a device with SRTP and the real relay. The device is a call of
 * the same rtpengine: plain RTP at the test's sockets, SRTP towards the gateway.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { assumedPlan } from '../../../src/calls/media-terms.ts';
import { rtpengineEngine } from '../../../src/engines/index.ts';
import {
  accept,
  answer,
  type Capabilities,
  DEFAULT_CAPABILITIES,
  type LocalAddresses,
  type MediaPlan,
  offer,
  type PlanResult,
  plan,
  relayAnswer,
  relayOffer,
  type SrtpPolicy,
} from '../../../src/sdp/index.ts';
import { type RealEngines, startEngines } from '../../contract/engines.ts';
import { payloadTypeOf, rtpStream, UdpPort } from '../../contract/udp.ts';
import { CORE_HOST } from '../../support/bed/namespaces.ts';
import { RelayCall, type RelayedStreams, streamsOf } from './relay.ts';

const LOOPBACK = '127.0.0.1';
const SHA80 = 'AES_CM_128_HMAC_SHA1_80';
const SHA32 = 'AES_CM_128_HMAC_SHA1_32';

let engines: RealEngines;
let device: RelayCall;
let leg: RelayCall;
let deviceEnd: End;
let innerEnd: End;

beforeAll(async () => {
  engines = await startEngines(settings => [rtpengineEngine(settings)]);
});
afterAll(() => engines.close());
beforeEach(async () => {
  device = new RelayCall(engines, `device-${randomUUID()}`);
  leg = new RelayCall(engines, `leg-${randomUUID()}`);
  [deviceEnd, innerEnd] = await Promise.all([openEnd(42_300), openEnd(42_310)]);
});
afterEach(async () => {
  for (const port of [deviceEnd, innerEnd].flatMap(end => [end.audio, end.video])) port.close();
  await Promise.all([device.close(), leg.close()]);
});

/** Sound and picture of one side, in the clear. */
interface End {
  readonly audio: UdpPort;
  readonly video: UdpPort;
  readonly sdp: string;
}

async function openEnd(port: number): Promise<End> {
  const [audio, video] = await Promise.all([
    UdpPort.open(LOOPBACK, port),
    UdpPort.open(LOOPBACK, port + 2),
  ]);
  const lines = [
    ...['v=0', `o=x 1 1 IN IP4 ${LOOPBACK}`, 's=-', `c=IN IP4 ${LOOPBACK}`, 't=0 0'],
    ...[`m=audio ${port} RTP/AVP 8`, `m=video ${port + 2} RTP/AVP 97`],
    ...['a=rtpmap:97 H264/90000', 'a=fmtp:97 profile-level-id=42801f;packetization-mode=1'],
  ];
  return { audio, video, sdp: `${lines.join('\r\n')}\r\n` };
}

const capabilities = (srtp: SrtpPolicy): Capabilities => ({
  ...DEFAULT_CAPABILITIES,
  audio: ['pcma'],
  srtp,
});

function planOf(result: PlanResult): MediaPlan {
  if (!result.ok) throw new Error(`${result.code}: ${result.reason}`);
  return result.plan;
}

function addressesOf({ audio, video }: RelayedStreams): LocalAddresses {
  return {
    host: audio.host,
    audioPort: audio.rtpPort,
    audioRtcpPort: audio.rtcpPort,
    ...(audio.crypto && { audioCrypto: audio.crypto }),
    videoPort: video.rtpPort,
    videoRtcpPort: video.rtcpPort,
    ...(video.crypto && { videoCrypto: video.crypto }),
    sessionId: '1',
    sessionVersion: 1,
  };
}

const portsOf = ({ audio, video }: RelayedStreams) => [audio.rtpPort, video.rtpPort];

const asProto = (sdp: string, proto: string) => sdp.replaceAll(/RTP\/S?AVPF?(?= )/g, proto);

/** Sends sound and picture both ways until all four have come through as they were. */
async function expectMediaBothWays(toDevice: RelayedStreams, toInner: RelayedStreams) {
  const ways = [
    { from: deviceEnd, via: toDevice, to: innerEnd, payload: Buffer.from('from the hall') },
    { from: innerEnd, via: toInner, to: deviceEnd, payload: Buffer.from('to the hall') },
  ];
  for (const { from, via, to, payload } of ways)
    for (const kind of ['audio', 'video'] as const) {
      const payloadType = kind === 'audio' ? 8 : 97;
      const make = rtpStream({ payloadType, ssrc: 77, payload, timestampStep: 160 });
      const { host, rtpPort: port } = via[kind];
      const hasCome = () =>
        to[kind].received.some(
          rtp => payloadTypeOf(rtp) === payloadType && rtp.subarray(12).equals(payload),
        );
      await from[kind].sendUntil(make, { host, port }, `${kind} ${payload}`, hasCome);
    }
}

test.each([
  ['RTP/SAVP', SHA80],
  ['RTP/AVP', SHA80],
  ['RTP/AVPF', SHA32],
  ['RTP/SAVPF', 'AES_256_CM_HMAC_SHA1_80'],
  ['RTP/SAVP', 'AEAD_AES_256_GCM'],
])('pain 10: a device that offers %s with a key of %s is seen and heard', async (proto, suite) => {
  const offered = asProto(await device.offer(deviceEnd.sdp, ['int', 'ext'], [suite]), proto);
  const media = planOf(plan(offered, capabilities('best-effort')));
  expect(media.video?.crypto?.suite).toBe(suite);

  const inner = streamsOf(await leg.offer(relayOffer(media), ['ext', 'int']));
  const outer = streamsOf(await leg.answer(innerEnd.sdp));
  const answered = answer(media, addressesOf(outer));
  expect(answered).toContain(`m=audio ${outer.audio.rtpPort} ${proto} 8`);
  const back = streamsOf(await device.answer(asProto(answered, 'RTP/SAVP')));
  await expectMediaBothWays(back, inner);

  await leg.offer(relayOffer(media), ['ext', 'int']);
  const again = streamsOf(await leg.answer(innerEnd.sdp));
  expect(answer(media, addressesOf(again)), 'keys stay').toBe(answered);
});

test.each<[policy: SrtpPolicy, situation: string, hasKey: boolean, encrypted: boolean]>([
  ['best-effort', 'has SRTP', true, true],
  ['best-effort', 'has none', false, false],
  ['required', 'has SRTP', true, true],
  ['off', 'has SRTP', true, false],
])('pain 10: our offer (%s) to a device that %s', async (policy, _situation, hasKey, encrypted) => {
  const suites = policy === 'off' ? undefined : [SHA80, SHA32];
  const outer = streamsOf(await leg.offer(innerEnd.sdp, ['int', 'ext'], suites));
  const ours = offer(capabilities(policy), addressesOf(outer));
  const heard = hasKey ? ours : ours.replaceAll(/a=crypto.*\r\n/g, '');

  const back = streamsOf(await device.offer(heard, ['ext', 'int']));
  const answered = await device.answer(deviceEnd.sdp);
  const media = planOf(accept(ours, answered));
  expect([media.audio, media.video].map(stream => stream?.crypto !== undefined)).toEqual([
    encrypted,
    encrypted,
  ]);
  const inner = streamsOf(await leg.answer(relayAnswer(media, ['audio', 'video'])));
  expect(back.audio.host).toBe(LOOPBACK);
  expect(outer.audio.host).toBe(CORE_HOST);
  await expectMediaBothWays(back, inner);

  const next = offer(
    capabilities(policy),
    addressesOf(
      streamsOf(await leg.offer(innerEnd.sdp, ['int', 'ext'], encrypted ? suites : undefined)),
    ),
    { after: media },
  );
  const keys = next.match(/inline:\S+/g) ?? [];
  expect(keys).toHaveLength(encrypted ? 2 : 0);
  expect(
    keys.filter(key => !ours.includes(key)),
    'keys stay',
  ).toEqual([]);
});

const TERMS = { maxSentBitrateBps: 768_000, maxVideoBitrateBps: 768_000, userAgent: '' };

test('a call of ours with a key beside RTP/AVP, which the device leaves, goes on in the clear', async () => {
  const assumed = assumedPlan({ ...TERMS, srtp: 'best-effort' }, 'plain-with-key');
  await leg.offer(relayOffer(assumed), ['ext', 'int']);
  const outer = streamsOf(await leg.answer(innerEnd.sdp));
  const ours = offer(capabilities('best-effort'), addressesOf(outer));
  expect(ours.match(/m=(?:audio|video) [1-9]\d* RTP\/AVP /g)).toHaveLength(2);
  expect(ours.match(/a=crypto/g)?.length).toBeGreaterThanOrEqual(2);

  const inTheClear = ours.replace(/^a=crypto.*\r\n/gm, '');
  const back = streamsOf(await device.offer(inTheClear, ['ext', 'int']));
  const answered = await device.answer(deviceEnd.sdp);
  const media = planOf(accept(ours, answered, [], 'best-effort'));
  expect(media.audio?.crypto ?? media.video?.crypto).toBeUndefined();
  const inner = streamsOf(await leg.offer(relayOffer(media), ['ext', 'int']));
  const outerAgain = streamsOf(await leg.answer(innerEnd.sdp));
  expect(portsOf(outerAgain)).toEqual(portsOf(outer));
  expect(outerAgain.audio.crypto ?? outerAgain.video.crypto).toBeUndefined();
  await expectMediaBothWays(back, inner);
});

test('pain 10: our offer carries the key the relay made for nobody, and keeps it when the device’s comes', async () => {
  const assumed = assumedPlan({ ...TERMS, srtp: 'required' }, 'secure');
  await leg.offer(relayOffer(assumed), ['ext', 'int']);
  const outer = streamsOf(await leg.answer(innerEnd.sdp));
  const ours = offer(capabilities('required'), addressesOf(outer));
  expect(ours.match(/m=(?:audio|video) [1-9]\d* RTP\/SAVP/g)).toHaveLength(2);

  const back = streamsOf(await device.offer(ours, ['ext', 'int']));
  const answered = await device.answer(deviceEnd.sdp);
  const media = planOf(accept(ours, answered, [], 'required'));
  const inner = streamsOf(await leg.offer(relayOffer(media), ['ext', 'int']));
  const outerAgain = streamsOf(await leg.answer(innerEnd.sdp));
  expect(portsOf(outerAgain)).toEqual(portsOf(outer));
  for (const kind of ['audio', 'video'] as const) {
    const [before, after] = [outer[kind].crypto?.[0], outerAgain[kind].crypto?.[0]];
    expect(before && after && before.key.equals(after.key), 'keys stay').toBe(true);
  }
  await expectMediaBothWays(back, inner);
});
