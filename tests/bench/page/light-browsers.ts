/**
 * Laptops whose camera is a recorded picture, for a machine that cannot run ten browsers: each joins
 * as a page does, and its packets reach the room server through the media relay, as a hall's do.
 */
import pino from 'pino';
import WebSocket from 'ws';
import { JanusConnection } from '../../../src/bridge/janus-connection.ts';
import { publishVideo } from '../../../src/bridge/seats.ts';
import { roomServerUrl } from '../../../src/config/index.ts';
import { JoinView } from '../../../src/contract/rest.ts';
import { FEED_PAYLOAD_TYPE, FEED_PROFILE_LEVEL_ID } from '../../../src/contract/stage.ts';
import { type ConferenceId, newCallId, type ParticipantId } from '../../../src/domain/ids.ts';
import { connectMediaRelay } from '../../../src/media/index.ts';
import { feedOffer, readRelaySdp } from '../../../src/sdp/index.ts';
import type { Cleanup } from '../../../src/util/cleanup.ts';
import { MediaStream } from '../../support/sip-phone/media-stream.ts';
import { encodeMovingPicture, type Frame } from '../../support/sip-phone/moving-picture.ts';
import type { TestSystem } from '../../support/system.ts';

type Relay = Awaited<ReturnType<typeof connectMediaRelay>>;

const PICTURE = { width: 640, height: 360, fps: 25, bitrateBps: 400_000, durationSec: 20 };
const FRAME_MS = 1000 / PICTURE.fps;
const TICKS_PER_MS = 90;
const PLAY_INTERVAL_MS = 5;
const REPORT_INTERVAL_MS = 5_000;
const REQUEST_TIMEOUT_MS = 5_000;
/** Everything is on this machine. */
const HOST = '127.0.0.1';

/** What they are, for the table. */
export const LIGHT_BROWSERS = 'recorded cameras (H.264 360p25, 400 kbit/s, one size)';

/** Seats so many laptops; the cleanup lets them go. */
export async function seatLightBrowsers(
  system: TestSystem,
  alias: string,
  count: number,
  cleanup: Cleanup,
): Promise<void> {
  const { settings, secrets } = system;
  const log = pino({ level: 'silent' });
  const { ngHost: host, ngPort: port } = settings.media;
  const patience = { requestTimeoutMs: REQUEST_TIMEOUT_MS, log };
  const relay = await connectMediaRelay({ ng: { host, port }, ...patience });
  cleanup.add('relay', () => relay.close());
  const access = { url: roomServerUrl(settings), apiSecret: secrets.janusApiSecret };
  const janus = await JanusConnection.open({ ...access, ...patience });
  cleanup.add('room server', () => janus.close());
  const frames = encodeMovingPicture(PICTURE);
  const cameras: RecordedCamera[] = [];
  for (let laptop = 1; laptop <= count; laptop += 1) {
    const view = await joinAs(system, alias, `Laptop ${laptop}`, cleanup);
    cameras.push(await publishCamera({ relay, janus, view, frames }, cleanup));
  }
  const timer = setInterval(() => {
    const nowMs = performance.now();
    for (const camera of cameras) camera.play(nowMs);
  }, PLAY_INTERVAL_MS);
  cleanup.add('cameras', () => clearInterval(timer));
}

/** Joins as a page does, and holds its place. @throws Error when it is not let in */
export async function joinAs(
  system: TestSystem,
  alias: string,
  name: string,
  cleanup: Cleanup,
): Promise<JoinView> {
  const reply = await system.api('/join', { method: 'POST', body: { alias, name } });
  if (reply.status !== 201) throw new Error(`${name} is not let in: ${reply.status}`);
  const view = JoinView.parse(reply.body);
  const { publicHost, http } = system.settings;
  const socket = new WebSocket(`ws://${publicHost}:${http.port}/events`);
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  socket.send(JSON.stringify({ type: 'hello', token: view.token }));
  cleanup.add(name, async () => {
    socket.close();
    await system.api('/leave', { method: 'POST', body: { token: view.token } });
  });
  return view;
}

interface CameraParts {
  readonly relay: Relay;
  readonly janus: JanusConnection;
  readonly view: JoinView;
  readonly frames: readonly Frame[];
}

async function publishCamera(
  { relay, janus, view, frames }: CameraParts,
  cleanup: Cleanup,
): Promise<RecordedCamera> {
  const signal = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
  const stream = await MediaStream.open(HOST, FEED_PAYLOAD_TYPE);
  cleanup.add('stream', () => stream.close());
  const callId = newCallId();
  cleanup.add('relay call', () => relay.release(callId));
  const plainOffer = feedOffer({
    ...{ host: HOST, rtpPort: stream.port, rtcpPort: stream.port + 1 },
    ...{ payloadType: FEED_PAYLOAD_TYPE, ssrc: stream.ssrc, cname: view.participantId },
    ...{ sessionId: String(Date.now()), profileLevelId: FEED_PROFILE_LEVEL_ID },
  });
  const offerSdp = await relay.offerFeed(callId, plainOffer, signal);
  const place = {
    conferenceId: view.roomId as ConferenceId,
    participantId: view.participantId as ParticipantId,
    name: view.participantId,
  };
  const listener = { onLost: () => undefined };
  const published = await publishVideo(janus, { ...place, offerSdp }, listener, signal);
  cleanup.add('feed', () => published.leave());
  const plainAnswer = await relay.answerFeed(callId, published.answerSdp, signal);
  const to = readRelaySdp(plainAnswer)?.video;
  if (!to) throw new Error('the relay left out the picture');
  stream.sendTo(to);
  return new RecordedCamera(stream, frames);
}

/** A picture played from memory, anew from its key frame whenever one is asked for. */
class RecordedCamera {
  readonly #stream: MediaStream;
  readonly #frames: readonly Frame[];
  readonly #startedAtMs = performance.now();
  #nextFrame = 0;
  #at = 0;
  #nextReportMs = 0;

  constructor(stream: MediaStream, frames: readonly Frame[]) {
    this.#stream = stream;
    this.#frames = frames;
    stream.onKeyFrameRequest = () => {
      this.#at = 0;
    };
  }

  play(nowMs: number): void {
    const elapsedMs = nowMs - this.#startedAtMs;
    while (this.#nextFrame * FRAME_MS <= elapsedMs) this.#send(this.#nextFrame++);
    if (nowMs < this.#nextReportMs) return;
    this.#nextReportMs = nowMs + REPORT_INTERVAL_MS;
    this.#stream.report(Math.trunc(elapsedMs * TICKS_PER_MS));
  }

  #send(index: number): void {
    const frame = this.#frames[this.#at++ % this.#frames.length];
    const timestamp = Math.trunc(index * FRAME_MS * TICKS_PER_MS);
    frame?.payloads.forEach((payload, at) => {
      this.#stream.send(payload, timestamp, at === frame.payloads.length - 1);
    });
  }
}
