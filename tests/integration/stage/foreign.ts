import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { InboundStream, type OrderedPacket } from '../../../src/stage/rtp/inbound-stream.ts';
import { buildRtp, parseRtp } from '../../../src/stage/rtp/packet.ts';
import type { AccessUnit, VideoCodec } from '../../../src/stage/rtp/payload/access-unit.ts';
import { PortPairs } from '../../../src/stage/rtp/port-pairs.ts';
import { sleep } from '../../../src/util/abort.ts';
import { COLOURS, type Colour, type ColourName, nearestColour } from '../../support/picture.ts';
import { waitFor } from '../../support/wait-for.ts';
import { picturesOfAvi } from './avi.ts';
import { ivfOf } from './ivf.ts';

/** FFmpeg's command line as the other end: it knows these formats from somebody else. */

const run = promisify(execFile);
const HOST = '127.0.0.1';
const FPS = 25;
const MAX_OUTPUT_BYTES = 2 ** 28;
const SSRC = 0x5ca1ab1e;
const PICTURE_STEP = 90_000 / FPS;
/** Faster than live: nobody looks at it. */
const SEND_INTERVAL_MS = 10;
/** FFmpeg does not read while it decodes, on a busy machine for long; the kernel keeps 200 KB. */
const MAX_QUEUE_BYTES = 64 * 1024;
/** Packets that are sent without looking how much waits; each takes more than 2 KB of these. */
const BURST = 16;

/** Files run side by side, each in a worker, and a port is free for a moment until FFmpeg has it. */
const WORKER = Number(process.env.VITEST_POOL_ID ?? 0) % 5;
const PORT_MIN = 44_000 + WORKER * 200;

const ports = new PortPairs({ host: HOST, portMin: PORT_MIN, portMax: PORT_MIN + 199 });

export interface Shot {
  readonly colour: ColourName;
  readonly size: string;
  readonly pictures: number;
}

/** One colour, with noise so that pictures take several packets, and a bar that moves. */
export function sourceOf({ colour, size, pictures }: Shot): { source: string; filter: string } {
  const hex = COLOURS[colour].map(value => value.toString(16).padStart(2, '0')).join('');
  const source = `color=c=0x${hex}:s=${size}:r=${FPS}:d=${pictures / FPS}`;
  const bar = `drawbox=x='mod(t,4)*80':y=ih*0.8:w=40:h=20:c=white:t=fill`;
  return { source, filter: `noise=alls=5:allf=t,${bar},format=yuv420p` };
}

function inputOf(shot: Shot): string[] {
  const { source, filter } = sourceOf(shot);
  return ['-f', 'lavfi', '-i', source, '-vf', filter];
}

/** What arrives when FFmpeg encodes and sends. */
export async function sentByFfmpeg(
  shot: Shot,
  codec: VideoCodec,
  args: readonly string[],
): Promise<{ packets: OrderedPacket[]; stream: InboundStream }> {
  const packets: OrderedPacket[] = [];
  const onPacket = (packet: OrderedPacket) => packets.push(packet);
  const stream = new InboundStream({ onPacket, onBroken: () => undefined }, codec);
  const pair = await ports.open();
  try {
    pair.listen({
      onRtp: data => {
        const packet = parseRtp(data);
        if (packet) stream.receive(packet, performance.now());
      },
      onRtcp: () => undefined,
    });
    const url = `rtp://${HOST}:${pair.rtpPort}?pkt_size=1200`;
    await run('ffmpeg', ['-v', 'error', '-re', ...inputOf(shot), ...args, '-f', 'rtp', url]);
    await sleep(100);
    return { packets, stream };
  } finally {
    pair.close();
  }
}

/** Coded pictures of FFmpeg's encoder. */
export async function encodedByFfmpeg(shot: Shot, args: readonly string[]): Promise<Buffer[]> {
  return inFolder(async folder => {
    const file = join(folder, 'coded.avi');
    await run('ffmpeg', ['-v', 'error', ...inputOf(shot), ...args, '-f', 'avi', file]);
    return picturesOfAvi(await readFile(file));
  });
}

/** What FFmpeg shows, and what it complains of. */
export interface Shown {
  readonly colours: readonly string[];
  /** Pictures are of this size, or there is one of another and this is no whole number. */
  readonly pictures: number;
  readonly complaints: readonly string[];
}

/** Units, each given to FFmpeg's decoder as one packet. */
export async function decodedByFfmpeg(
  codec: VideoCodec,
  units: readonly AccessUnit[],
  size: string,
): Promise<Shown> {
  return inFolder(async folder => {
    const file = join(folder, 'units.ivf');
    await writeFile(file, ivfOf(codec, units));
    return show(['-f', 'ivf', '-i', file], size);
  });
}

/** Payloads of pictures, sent as RTP and received by FFmpeg. */
export async function receivedByFfmpeg(
  pictures: readonly (readonly Buffer[])[],
  rtpmap: readonly string[],
  payloadType: number,
  size: string,
): Promise<Shown> {
  const [own, far] = [await ports.open(), await ports.open()];
  const address = { host: HOST, rtpPort: far.rtpPort, rtcpPort: far.rtcpPort };
  far.close(); // a free pair for FFmpeg
  try {
    return await inFolder(async folder => {
      const file = join(folder, 'session.sdp');
      await writeFile(file, sdp(far.rtpPort, payloadType, rtpmap));
      const demuxer = ['-analyzeduration', '300000', '-protocol_whitelist', 'file,udp,rtp'];
      const shown = show([...demuxer, '-i', file], size);
      await waitFor('FFmpeg to listen', async () => (await queueAt(far.rtpPort)) !== undefined);
      let seq = 0xfff0; // wraps
      for (const [index, payloads] of pictures.entries()) {
        for (const [place, payload] of payloads.entries()) {
          const marker = place === payloads.length - 1;
          const timestamp = index * PICTURE_STEP;
          own.sendRtp(
            buildRtp({ payloadType, marker, seq, timestamp, ssrc: SSRC, payload }),
            address,
          );
          seq = (seq + 1) & 0xffff;
          if (marker || place % BURST === BURST - 1) await roomAt(far.rtpPort);
        }
        await sleep(SEND_INTERVAL_MS);
      }
      await sleep(300);
      own.sendRtcp(BYE, address);
      return await shown;
    });
  } finally {
    own.close();
  }
}

/** RFC 3550 §6.6, behind an empty receiver report. */
const BYE = Buffer.concat([
  Buffer.from([0x80, 201, 0, 1]),
  uint32(SSRC),
  Buffer.from([0x81, 203, 0, 1]),
  uint32(SSRC),
]);

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function sdp(port: number, payloadType: number, rtpmap: readonly string[]): string {
  const [name, ...parameters] = rtpmap;
  return [
    'v=0',
    `o=- 0 0 IN IP4 ${HOST}`,
    's=-',
    `c=IN IP4 ${HOST}`,
    't=0 0',
    `m=video ${port} RTP/AVP ${payloadType}`,
    `a=rtpmap:${payloadType} ${name}/90000`,
    ...parameters.map(parameter => `a=fmtp:${payloadType} ${parameter}`),
    '',
  ].join('\r\n');
}

/** Waits until there is room at a port for another burst. */
async function roomAt(port: number): Promise<void> {
  while (((await queueAt(port)) ?? 0) > MAX_QUEUE_BYTES) await sleep(SEND_INTERVAL_MS);
}

/** What waits to be read at a port of this machine; undefined while nobody has it. */
async function queueAt(port: number): Promise<number | undefined> {
  const table = await readFile('/proc/net/udp', 'latin1');
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const row = new RegExp(`${local} \\S+ \\S+ [0-9A-F]+:([0-9A-F]+) `).exec(table);
  return row?.[1] === undefined ? undefined : Number.parseInt(row[1], 16);
}

/** Decodes in full size, so that the amount of bytes tells of the size. */
async function show(input: readonly string[], size: string): Promise<Shown> {
  const output = ['-fps_mode', 'passthrough', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'];
  const { stdout, stderr } = await run('ffmpeg', ['-v', 'warning', ...input, ...output], {
    encoding: 'buffer',
    maxBuffer: MAX_OUTPUT_BYTES,
  });
  const [width = 0, height = 0] = size.split('x').map(Number);
  const bytes = width * height * 3;
  const pictures = stdout.length / bytes;
  const colours = Array.from({ length: Math.floor(pictures) }, (_, index) =>
    nearestColour(meanColour(stdout.subarray(index * bytes, index * bytes + bytes / 3))),
  );
  const complaints = stderr.toString().split('\n').filter(isOfDecoder);
  return { colours, pictures, complaints };
}

function isOfDecoder(line: string): boolean {
  if (line.includes('first frame is no keyframe')) return false; // H.261 has none
  return /^\[(h264|vp8|h263|h261|rtp|sdp)|error|corrupt|missed/i.test(line);
}

function meanColour(pixels: Buffer): Colour {
  const sums = [0, 0, 0];
  for (let at = 0; at < pixels.length; at += 3)
    for (const channel of [0, 1, 2])
      sums[channel] = (sums[channel] ?? 0) + (pixels[at + channel] ?? 0);
  return sums.map(sum => sum / (pixels.length / 3)) as unknown as Colour;
}

async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'diemcau-payloads-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
