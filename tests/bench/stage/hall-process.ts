/** The cameras and receivers of a bench, in a process of their own; `hall.ts` talks to it. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { NAL_DELIMITER, nalType, splitAnnexB } from '../../../src/stage/rtp/h264.ts';
import { buildRtp } from '../../../src/stage/rtp/packet.ts';
import { packetize } from '../../../src/stage/rtp/payload/packetize.ts';
import { isFlash } from './clips.ts';
import type { CameraOrder, HallReply, HallRequest } from './hall-contract.ts';

const HOST = '127.0.0.1';
const PAYLOAD_TYPE = 107;
const MAX_PAYLOAD_BYTES = 1200;
const PICTURE_STEP = 3_600;
const LOOK_INTERVAL_MS = 4;
/** A camera that was stopped goes on from now, and makes nothing up. */
const MAX_LATE_MS = 500;
/** RFC 4585 §6.1; nothing else of that kind comes here but requests for key frames. */
const PAYLOAD_SPECIFIC_FEEDBACK = 206;
const RECEIVE_BUFFER_BYTES = 1024 * 1024;
const MARKER = 0x80;
const START_CODE = Buffer.from([0, 0, 0, 1]);

interface Camera extends CameraOrder {
  readonly pictures: readonly (readonly Buffer[])[];
  next: number;
  dueMs: number;
  seq: number;
  timestamp: number;
}

const clips = new Map<string, readonly (readonly Buffer[])[]>();
let cameras: readonly Camera[] = [];
let intervalMs = 1;
let packets = 0;
let pictures = 0;

const rtp = await bound();
const rtcp = await bound();
rtp.on('message', data => {
  packets += 1;
  if (((data[1] ?? 0) & MARKER) !== 0) pictures += 1;
});
rtcp.on('message', refresh);
setInterval(() => {
  const nowMs = performance.now();
  for (const camera of cameras) if (camera.dueMs <= nowMs) sendPicture(camera);
}, LOOK_INTERVAL_MS);
process.on('message', obey);
process.on('disconnect', () => process.exit(0));
say({ kind: 'ready', ports: { rtpPort: rtp.address().port, rtcpPort: rtcp.address().port } });

function say(reply: HallReply): void {
  process.send?.(reply);
}

function obey(request: HallRequest): void {
  if (request.do === 'play') play(request.cameras, request.intervalMs);
  const { id } = request;
  say({ kind: 'reply', id, ...(request.do === 'received' && { result: { packets, pictures } }) });
}

/** Cameras begin one after another, as they do where nothing holds them together. */
function play(orders: readonly CameraOrder[], apartMs: number): void {
  intervalMs = apartMs;
  const nowMs = performance.now();
  cameras = orders.map((order, index) => ({
    ...order,
    pictures: clipOf(order.file),
    next: 0,
    dueMs: nowMs + (index * intervalMs) / orders.length,
    seq: 1,
    timestamp: 1,
  }));
}

function sendPicture(camera: Camera): void {
  const { pictures: all, rtpPort, ssrc, timestamp } = camera;
  if (camera === cameras[0] && isFlash(camera.next)) say({ kind: 'flash', sentAtMs: Date.now() });
  for (const packet of all[camera.next] ?? []) {
    const data = Buffer.from(packet); // the socket keeps it until it is sent
    data.writeUInt16BE(camera.seq, 2);
    data.writeUInt32BE(timestamp, 4);
    data.writeUInt32BE(ssrc, 8);
    rtp.send(data, rtpPort, HOST);
    camera.seq = (camera.seq + 1) & 0xffff;
  }
  camera.next = (camera.next + 1) % all.length;
  camera.timestamp = (timestamp + PICTURE_STEP) >>> 0;
  camera.dueMs += intervalMs;
  const nowMs = performance.now();
  if (nowMs - camera.dueMs > MAX_LATE_MS) camera.dueMs = nowMs;
}

/** Somebody needs a key frame: the clip begins with one. */
function refresh(data: Buffer): void {
  const isPli = data.length >= 12 && data[1] === PAYLOAD_SPECIFIC_FEEDBACK;
  const ssrc = isPli ? data.readUInt32BE(8) : 0;
  for (const camera of cameras) if (camera.ssrc === ssrc) camera.next = 0;
}

/** Packets of each picture, ready but for their numbers. */
function clipOf(file: string): readonly (readonly Buffer[])[] {
  const known = clips.get(file);
  if (known) return known;
  const units: Buffer[][] = [];
  for (const nal of splitAnnexB(readFileSync(file))) {
    if (nalType(nal) === NAL_DELIMITER) units.push([]);
    else units.at(-1)?.push(START_CODE, nal);
  }
  const clip = units.map(unit => packetsOf(Buffer.concat(unit)));
  clips.set(file, clip);
  return clip;
}

function packetsOf(unit: Buffer): Buffer[] {
  const options = { maxPayloadBytes: MAX_PAYLOAD_BYTES, packetizationMode: 1 } as const;
  const payloads = packetize('h264', unit, options);
  return payloads.map((payload, index) =>
    buildRtp({
      ...{ payloadType: PAYLOAD_TYPE, marker: index === payloads.length - 1, payload },
      ...{ seq: 0, timestamp: 0, ssrc: 0 },
    }),
  );
}

async function bound(): Promise<Socket> {
  const socket = createSocket({
    type: 'udp4',
    lookup: (host, _options, done) => done(null, host, 4),
  });
  const listening = once(socket, 'listening');
  socket.bind(0, HOST);
  await listening;
  socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
  return socket;
}
