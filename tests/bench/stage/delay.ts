import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { Decoder } from '../../../src/stage/compose/decoder.ts';
import { planesOf } from '../../../src/stage/compose/ffmpeg.ts';
import { parseRtp } from '../../../src/stage/rtp/packet.ts';
import { depacketizerFor } from '../../../src/stage/rtp/payload/depacketizer.ts';
import { pause } from '../call/bench.ts';
import { progress, quantile, table, wholeMs } from '../table.ts';
import type { PictureKind } from './clips.ts';
import { type Hall, RECEIVERS, withHall } from './hall.ts';

const HOST = '127.0.0.1';
const WARM_UP_MS = 8_000;
const MEASURED_MS = 60_000;
/** Not the stage's own, so that flashes come at every moment between two of its pictures. */
const INTERVAL_MS = 40.7;
const WHITE_LUMA = 180;
const DARK_LUMA = 130;

/** From a flash sent by a camera to the flash in the decoded picture of a receiver. */
export async function measureDelay(
  kind: PictureKind,
  clips: { readonly flash: string; readonly others: readonly string[] },
  counts: readonly number[],
): Promise<string> {
  const rows: string[][] = [];
  for (const count of counts) {
    progress(`flashes of one in ${count} × ${kind.name}`);
    const delays = await withHall(hall => delaysOf(hall, clips, count));
    const at = (share: number) => wholeMs(quantile(delays, share));
    rows.push([`${count} × ${kind.name}`, `${delays.length}`, at(0.5), at(0.95), at(1)]);
  }
  return [
    'From the first packet of a white picture, as the camera sends it, to that picture decoded at a receiver.',
    'It includes a large picture spread over its time by the stage and the wait for the next picture to be',
    'composed; it does not include a camera, its encoder and the network, nor a display:',
    '',
    table(['inputs', 'flashes', 'p50', 'p95', 'slowest'], rows),
  ].join('\n');
}

async function delaysOf(
  hall: Hall,
  { flash, others }: { readonly flash: string; readonly others: readonly string[] },
  count: number,
): Promise<number[]> {
  const files = Array.from({ length: count }, (_, n) =>
    n === 0 ? flash : (others[n % others.length] ?? ''),
  );
  const side = Math.ceil(Math.sqrt(count));
  const delays: number[] = [];
  let sentAtMs: number | undefined;
  hall.onFlash = atMs => {
    sentAtMs = atMs;
  };
  const eye = await Eye.open(side, seenAtMs => {
    if (sentAtMs !== undefined) delays.push(seenAtMs - sentAtMs);
    sentAtMs = undefined;
  });
  try {
    await hall.play(files, count, INTERVAL_MS);
    await hall.addReceiver('watcher', RECEIVERS['720p25'], eye.ports);
    await pause(WARM_UP_MS);
    delays.length = 0;
    await pause(MEASURED_MS);
    return delays;
  } finally {
    eye.close();
  }
}

/** A receiver that decodes and looks at the middle of the first tile. */
class Eye {
  readonly ports: { readonly rtpPort: number; readonly rtcpPort: number };
  readonly #sockets: readonly Socket[];
  readonly #side: number;
  readonly #onFlash: (seenAtMs: number) => void;
  readonly #depacketizer = depacketizerFor('h264');
  readonly #decoder = new Decoder('h264', { onBroken: () => undefined });
  #wasDark = false;

  private constructor(
    sockets: readonly [Socket, Socket],
    side: number,
    onFlash: (seenAtMs: number) => void,
  ) {
    const [rtp, rtcp] = sockets;
    this.#sockets = sockets;
    this.#side = side;
    this.#onFlash = onFlash;
    this.ports = { rtpPort: rtp.address().port, rtcpPort: rtcp.address().port };
    rtp.on('message', data => this.#take(data));
  }

  static async open(side: number, onFlash: (seenAtMs: number) => void): Promise<Eye> {
    return new Eye([await bound(), await bound()], side, onFlash);
  }

  close(): void {
    for (const socket of this.#sockets) socket.close();
    void this.#decoder.close();
  }

  #take(data: Buffer): void {
    const packet = parseRtp(data);
    if (!packet) return;
    for (const unit of this.#depacketizer.push({ ...packet, epoch: 0 })) {
      const bytes = new Uint8Array(unit.data);
      const nowMs = Date.now();
      this.#decoder.decode({ ...unit, data: bytes, takenAtMs: nowMs }, nowMs);
      this.#look();
    }
  }

  #look(): void {
    const frame = this.#decoder.picture;
    const luma = frame && planesOf(frame)?.[0];
    if (!luma) return;
    const middle = (length: number) => Math.floor(length / this.#side / 2);
    const brightness = luma.data[middle(frame.height) * luma.stride + middle(frame.width)] ?? 0;
    if (brightness > WHITE_LUMA && this.#wasDark) this.#onFlash(Date.now());
    if (brightness < DARK_LUMA) this.#wasDark = true;
    else if (brightness > WHITE_LUMA) this.#wasDark = false;
  }
}

async function bound(): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.bind(0, HOST);
  await once(socket, 'listening');
  return socket;
}
