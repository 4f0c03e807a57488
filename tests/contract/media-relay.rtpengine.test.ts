import { createSocket } from 'node:dgram';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { MediaRelay } from '../../src/calls/ports.ts';
import { type CallId, newCallId } from '../../src/domain/ids.ts';
import { rtpengineEngine } from '../../src/engines/index.ts';
import { connectMediaRelay } from '../../src/media/index.ts';
import { readRelaySdp } from '../../src/sdp/index.ts';
import { sleep } from '../../src/util/abort.ts';
import { usageOf } from '../bench/processes.ts';
import { CORE_HOST } from '../support/bed/namespaces.ts';
import { waitFor } from '../support/wait-for.ts';
import { type RealEngines, SILENT_LOG, startEngines } from './engines.ts';
import { endpointSdp, innerAnswer, type TestAudio } from './media-relay.sdp.ts';
import { heldByRtpengine, relayOptions } from './rtpengine.ts';
import { hasPictureLoss, payloadTypeOf, pictureLoss, rtpStream, ssrcOf, UdpPort } from './udp.ts';

const SIGNAL = AbortSignal.timeout(600_000);
const LOOPBACK = '127.0.0.1';
const PAYLOAD_TYPES = { pcma: 8, pcmu: 0, g722: 9 } as const;

let engines: RealEngines;
let relay: MediaRelay & { close(): Promise<void> };
let callId: CallId;

beforeAll(async () => {
  engines = await startEngines(settings => [rtpengineEngine(settings)]);
  relay = await connectMediaRelay(relayOptions(engines));
});
afterAll(async () => {
  await relay.close();
  await engines.close();
});
beforeEach(() => {
  callId = newCallId();
});
afterEach(async () => {
  await relay.release(callId);
  expect(await heldByRtpengine(engines)).toBe(0);
});

/** Four ports of one side: RTP and RTCP of sound and picture. */
interface Side {
  readonly audio: UdpPort;
  readonly audioRtcp: UdpPort;
  readonly video: UdpPort;
  readonly videoRtcp: UdpPort;
}

/** A leg with sockets at both of its ends. */
async function openLeg(codec: TestAudio) {
  const [endpoint, inner] = await Promise.all([
    openSide(CORE_HOST, 42_100),
    openSide(LOOPBACK, 42_200),
  ]);
  const transcode = codec === 'g722' ? ({ transcodeTo: 'opus' } as const) : {};
  const ports = { audio: 42_100, video: 42_102 };
  const offer = endpointSdp(codec, { host: CORE_HOST, ports });
  const innerSide = await relay.offerLeg(callId, offer, transcode, SIGNAL);
  const answer = innerAnswer(codec === 'g722' ? 'opus' : codec, innerSide, {
    audio: 42_200,
    video: 42_202,
  });
  const outerSide = await relay.answerLeg(callId, answer, SIGNAL);
  return {
    endpoint,
    inner,
    toInner: ports4(outerSide),
    toEndpoint: ports4(innerSide),
    close: () => {
      for (const port of [...Object.values(endpoint), ...Object.values(inner)]) port.close();
    },
  };
}

async function openSide(host: string, base: number): Promise<Side> {
  const [audio, audioRtcp, video, videoRtcp] = await Promise.all([
    UdpPort.open(host, base),
    UdpPort.open(host, base + 1),
    UdpPort.open(host, base + 2),
    UdpPort.open(host, base + 3),
  ]);
  return { audio, audioRtcp, video, videoRtcp };
}

function ports4(sdp: string) {
  const { audio, video } = readRelaySdp(sdp) ?? {};
  if (!audio || !video) throw new Error('a stream is missing');
  const { host } = audio;
  return {
    audio: { host, port: audio.rtpPort },
    audioRtcp: { host, port: audio.rtcpPort },
    video: { host, port: video.rtpPort },
    videoRtcp: { host, port: video.rtcpPort },
  };
}

function sound(codec: TestAudio): () => Buffer {
  const payload = Buffer.alloc(160, 0x55);
  const payloadType = PAYLOAD_TYPES[codec];
  return rtpStream({ payloadType, ssrc: 0x1111, payload, timestampStep: 160 });
}

function picture(ssrc: number): () => Buffer {
  const payload = Buffer.alloc(200, 0x41);
  return rtpStream({ payloadType: 97, ssrc, payload, timestampStep: 3600 });
}

test.each(['pcma', 'pcmu'] as const)('relays %s as it is, both ways', async codec => {
  const leg = await openLeg(codec);
  const { endpoint, inner, toInner, toEndpoint } = leg;
  await endpoint.audio.sendUntil(sound(codec), toInner.audio, 'sound inside', () =>
    inner.audio.received.some(rtp => payloadTypeOf(rtp) === PAYLOAD_TYPES[codec]),
  );
  await inner.audio.sendUntil(sound(codec), toEndpoint.audio, 'sound at the endpoint', () =>
    endpoint.audio.received.some(rtp => payloadTypeOf(rtp) === PAYLOAD_TYPES[codec]),
  );
  leg.close();
});

test('gives the inner side Opus for G.722', async () => {
  const leg = await openLeg('g722');
  const { endpoint, inner, toInner } = leg;
  await endpoint.audio.sendUntil(sound('g722'), toInner.audio, 'Opus inside', () =>
    inner.audio.received.some(rtp => payloadTypeOf(rtp) >= 96),
  );
  leg.close();
});

test('pain 12: sends to where the endpoint really is, not to what its SDP says', async () => {
  const leg = await openLeg('pcma');
  const behindNat = await UdpPort.open(CORE_HOST);
  await behindNat.sendUntil(
    sound('pcma'),
    leg.toInner.audio,
    'sound inside',
    () => leg.inner.audio.received.length > 0,
  );
  await leg.inner.audio.sendUntil(
    sound('pcma'),
    leg.toEndpoint.audio,
    'sound behind NAT',
    () => behindNat.received.length > 0,
  );
  behindNat.close();
  leg.close();
});

test('asks for key frames both ways', async () => {
  const leg = await openLeg('pcma');
  const { endpoint, inner, toInner, toEndpoint } = leg;
  await endpoint.video.sendUntil(picture(7), toInner.video, 'a picture', () =>
    inner.video.received.some(rtp => ssrcOf(rtp) === 7),
  );
  await inner.videoRtcp.sendUntil(
    () => pictureLoss(7),
    toEndpoint.videoRtcp,
    'PLI outside',
    () => endpoint.videoRtcp.received.some(hasPictureLoss),
  );
  await endpoint.videoRtcp.sendUntil(
    () => pictureLoss(8),
    toInner.videoRtcp,
    'PLI inside',
    () => inner.videoRtcp.received.some(hasPictureLoss),
  );
  leg.close();
});

test('copies the sound to one more place, also after a later offer, and nothing else', async () => {
  const leg = await openLeg('pcma');
  const [meter, meterRtcp, besideNowhere] = await Promise.all([
    UdpPort.open(LOOPBACK, 42_300),
    UdpPort.open(LOOPBACK, 42_301),
    // RTCP of a stream at port 0 would go to the port after it.
    UdpPort.open(LOOPBACK, 1),
  ]);
  await relay.copyAudio(callId, { host: LOOPBACK, rtpPort: 42_300, rtcpPort: 42_301 }, SIGNAL);
  const heardBy = (port: UdpPort) => () => port.received.length > 0;
  const send = (what: string, until: () => boolean) =>
    leg.endpoint.audio.sendUntil(sound('pcma'), leg.toInner.audio, what, until);
  await send('the copy', heardBy(meter));
  await send('the sound inside', heardBy(leg.inner.audio));

  const ports = { audio: 42_100, video: 42_102 };
  const again = endpointSdp('pcma', { host: CORE_HOST, ports });
  await relay.offerLeg(callId, again, {}, SIGNAL);
  await relay.answerLeg(callId, innerAnswer('pcma', '', { audio: 42_200, video: 42_202 }), SIGNAL);
  meter.received.length = 0;
  await send('the copy after the later offer', heardBy(meter));
  await leg.endpoint.video.sendUntil(
    picture(7),
    leg.toInner.video,
    'a picture inside',
    () => leg.inner.video.received.length > 0,
  );
  await leg.endpoint.videoRtcp.sendUntil(
    () => pictureLoss(8),
    leg.toInner.videoRtcp,
    'RTCP of the picture inside',
    () => leg.inner.videoRtcp.received.length > 5,
  );
  expect(meter.received.every(rtp => payloadTypeOf(rtp) === 8)).toBe(true);
  expect(besideNowhere.received).toEqual([]);
  for (const port of [meter, meterRtcp, besideNowhere]) port.close();
  leg.close();
});

describe('silence', () => {
  const look = async () =>
    (await relay.silence(callId, SIGNAL)) ?? { anyMs: Number.NaN, audioMs: Number.NaN };
  const ask = async () => (await look()).anyMs;

  test('ends with the endpoint’s RTP or RTCP, not with ours', async () => {
    const leg = await openLeg('pcma');
    const { endpoint, inner, toInner, toEndpoint } = leg;
    await waitFor('two seconds of silence', async () => (await ask()) > 2_000);
    await inner.audio.sendUntil(
      sound('pcma'),
      toEndpoint.audio,
      'sound at the endpoint',
      () => endpoint.audio.received.length > 5,
    );
    expect(await ask()).toBeGreaterThan(2_000);

    endpoint.audio.send(sound('pcma')(), toInner.audio.port, toInner.audio.host);
    await waitFor('the end of the silence', async () => (await ask()) < 1_000);
    await waitFor('silence again', async () => (await ask()) > 1_500);
    endpoint.videoRtcp.send(pictureLoss(1), toInner.videoRtcp.port, toInner.videoRtcp.host);
    await waitFor('RTCP to end it', async () => (await ask()) < 1_000);
    leg.close();
  });

  test('pain 12: of the sound alone is known beside a picture, and beside its own RTCP', async () => {
    const leg = await openLeg('pcma');
    const { endpoint, toInner } = leg;
    const [sounds, pictures] = [sound('pcma'), picture(7)];
    const { audio, audioRtcp, video } = toInner;
    const sendPicture = () => {
      endpoint.video.send(pictures(), video.port, video.host);
      endpoint.audioRtcp.send(pictureLoss(1), audioRtcp.port, audioRtcp.host);
    };
    endpoint.audio.send(sounds(), audio.port, audio.host);
    await waitFor('the sound', async () => (await look()).audioMs < 1_000);
    const sending = setInterval(sendPicture, 50);
    await waitFor('silence of the sound', async () => (await look()).audioMs > 3_000);
    expect(await ask()).toBeLessThan(2_000);
    endpoint.audio.send(sounds(), audio.port, audio.host);
    await waitFor('the end of the silence', async () => (await look()).audioMs < 1_000);
    clearInterval(sending);
    leg.close();
  });

  test('pain 12: of 150 legs is asked 100 times a second, at a price that is printed', async () => {
    const ids = Array.from({ length: 150 }, newCallId);
    for (const id of ids) {
      const inner = await relay.offerLeg(id, endpointSdp(), {}, SIGNAL);
      await relay.answerLeg(id, innerAnswer('pcma', inner), SIGNAL);
    }
    const pids = { gateway: process.pid, rtpengine: engines.pid('rtpengine') };
    const before = { gateway: usageOf([pids.gateway]), rtpengine: usageOf([pids.rtpengine]) };
    const startedAtMs = performance.now();
    const looks: Promise<number>[] = [];
    for (const id of [...ids, ...ids]) {
      const askedAtMs = performance.now();
      looks.push(relay.silence(id, SIGNAL).then(() => performance.now() - askedAtMs));
      await sleep(Math.max(0, startedAtMs + looks.length * 10 - performance.now()));
    }
    const tookMs = (await Promise.all(looks)).toSorted((a, b) => a - b);
    const tookSec = (performance.now() - startedAtMs) / 1000;
    const percent = (who: keyof typeof pids) => {
      const cpuSec = usageOf([pids[who]]).cpuSec - before[who].cpuSec;
      return `${who} ${((100 * cpuSec) / tookSec).toFixed(1)} % of a core`;
    };
    process.stdout.write(
      `    ${(looks.length / tookSec).toFixed(0)} looks/s: median ${tookMs[150]?.toFixed(1)} ms, ` +
        `longest ${tookMs.at(-1)?.toFixed(1)} ms, ${percent('gateway')}, ${percent('rtpengine')}\n`,
    );
    expect(await heldByRtpengine(engines)).toBe(150);
    await Promise.all(ids.map(id => relay.release(id)));
  });
});

describe('the relay itself', () => {
  test('is lost when it was started anew, and of use at once', async () => {
    const losses: string[] = [];
    const undo = relay.onLost(error => losses.push(error.message));
    const leg = await openLeg('pcma');
    engines.kill('rtpengine');
    await waitFor('the loss', () => losses.length > 0);
    leg.close();
    await waitFor('health', () => relay.health().ok);
    const next = await openLeg('pcma');
    next.close();
    expect(losses).toHaveLength(1);
    undo();
  });
});

test('a datagram that is lost is sent again', async () => {
  const { ngHost, ngPort } = engines.settings.media;
  const lossy = await losingEveryFirst(ngHost, ngPort);
  const log = SILENT_LOG;
  const ng = { host: LOOPBACK, port: lossy.port };
  const behind = await connectMediaRelay({ ng, requestTimeoutMs: 3_000, log });
  expect(behind.health().ok).toBe(true);
  expect(await behind.offerLeg(callId, endpointSdp(), {}, SIGNAL)).toContain('m=audio');
  await behind.release(callId);
  expect(lossy.lost()).toBeGreaterThan(2);
  await behind.close();
  lossy.close();
});

/** A network that loses the first copy of each request. */
async function losingEveryFirst(host: string, port: number) {
  const seen = new Set<string>();
  const inward = createSocket('udp4');
  const outward = createSocket('udp4');
  let back = 0;
  let lost = 0;
  inward.on('message', (data, from) => {
    back = from.port;
    const cookie = data.toString('latin1', 0, 36);
    if (seen.has(cookie)) return outward.send(data, port, host);
    seen.add(cookie);
    lost += 1;
  });
  outward.on('message', data => inward.send(data, back, LOOPBACK));
  await new Promise<void>(resolve => inward.bind(0, LOOPBACK, resolve));
  return {
    port: inward.address().port,
    lost: () => lost,
    close: () => {
      inward.close();
      outward.close();
    },
  };
}
