/** Pictures that are not H.264, through the real relay as our SDP describes them to it. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { rtpengineEngine } from '../../../src/engines/index.ts';
import {
  DEFAULT_CAPABILITIES,
  innerSdp,
  plan,
  readRelaySdp,
  relayOffer,
  type VideoPlan,
} from '../../../src/sdp/index.ts';
import { type RealEngines, startEngines } from '../../contract/engines.ts';
import { payloadTypeOf, rtpStream, UdpPort } from '../../contract/udp.ts';
import { CORE_HOST } from '../../support/bed/namespaces.ts';
import { RelayCall } from './relay.ts';

const LOOPBACK = '127.0.0.1';
const PORT = 42_400;

let engines: RealEngines;
let leg: RelayCall;
let hall: UdpPort;
let stage: UdpPort;

beforeAll(async () => {
  engines = await startEngines(settings => [rtpengineEngine(settings)]);
});
afterAll(() => engines.close());
beforeEach(async () => {
  leg = new RelayCall(engines, `leg-${randomUUID()}`);
  [hall, stage] = await Promise.all([UdpPort.open(CORE_HOST, PORT), UdpPort.open(LOOPBACK, PORT)]);
});
afterEach(async () => {
  hall.close();
  stage.close();
  await leg.close();
});

/** Settles a device's line for the picture with the relay; gives both its sides. */
async function settle(...lines: string[]) {
  const head = ['v=0', `o=x 1 1 IN IP4 ${CORE_HOST}`, 's=-', `c=IN IP4 ${CORE_HOST}`, 't=0 0'];
  const offer = [...head, ...lines].join('\r\n');
  const result = plan(`${offer}\r\n`, DEFAULT_CAPABILITIES);
  if (!result.ok || !result.plan.video) throw new Error(`no picture in ${offer}`);
  const { video } = result.plan;
  const toHall = readRelaySdp(await leg.offer(relayOffer(result.plan), ['ext', 'int']))?.video;
  const at = { host: LOOPBACK, rtpPort: PORT, rtcpPort: PORT + 1 };
  const inner = innerSdp({ sessionId: '1', video: { ...video, ...at } });
  const toStage = readRelaySdp(await leg.answer(inner))?.video;
  if (!toHall || !toStage) throw new Error('the relay closed the line');
  expect([toHall.payloadType, toStage.payloadType]).toEqual(Array(2).fill(video.payloadType));
  return { video, toHall, toStage };
}

type Way = readonly [from: UdpPort, via: { readonly rtpPort: number; host: string }, to: UdpPort];

/** Sends pictures of the line's number until one has come through as it was. */
async function expectPassing({ payloadType, codec }: VideoPlan, [from, via, to]: Way) {
  const payload = Buffer.from(`a picture of ${codec}`);
  const make = rtpStream({ payloadType, ssrc: 77, payload, timestampStep: 3000 });
  const hasCome = () =>
    to.received.some(rtp => payloadTypeOf(rtp) === payloadType && rtp.subarray(12).equals(payload));
  await from.sendUntil(make, { host: via.host, port: via.rtpPort }, `${codec} passing`, hasCome);
}

test.each([
  ['H263', 34],
  ['H263-1998', 96],
  ['H263-2000', 97],
])('pain 1: %s passes both ways as it is', async (name, payloadType) => {
  const { video, toHall, toStage } = await settle(
    `m=video ${PORT} RTP/AVP ${payloadType}`,
    `a=rtpmap:${payloadType} ${name}/90000`,
  );
  await expectPassing(video, [hall, toStage, stage]);
  await expectPassing(video, [stage, toHall, hall]);
});

test('pain 1: H.261 passes to the stage', async () => {
  const { video, toStage } = await settle(`m=video ${PORT} RTP/AVP 31`);
  expect(video.direction).toBe('recvonly');
  await expectPassing(video, [hall, toStage, stage]);
});

test('pain 5: a line that was H.264 goes on as H.263, through the same ports', async () => {
  const first = await settle(`m=video ${PORT} RTP/AVP 97`, 'a=rtpmap:97 H264/90000');
  await expectPassing(first.video, [hall, first.toStage, stage]);
  const { video, toHall, toStage } = await settle(`m=video ${PORT} RTP/AVP 34`);
  expect([toHall.rtpPort, toStage.rtpPort]).toEqual([first.toHall.rtpPort, first.toStage.rtpPort]);
  await expectPassing(video, [hall, toStage, stage]);
  await expectPassing(video, [stage, toHall, hall]);
});
