import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { Decoder } from '../../../src/stage/compose/decoder.ts';
import { planesOf } from '../../../src/stage/compose/ffmpeg.ts';
import { parseRtp } from '../../../src/stage/rtp/packet.ts';
import { depacketizerFor } from '../../../src/stage/rtp/payload/depacketizer.ts';

const HOST = '127.0.0.1';

/** In shares of the width and the height of a picture. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** A receiver that decodes and looks at one place. `close` ends it. */
export class Eye {
  readonly ports: { readonly rtpPort: number; readonly rtcpPort: number };
  readonly #sockets: readonly Socket[];
  readonly #place: Place;
  readonly #onSeen: (brightness: number, atMs: number) => void;
  readonly #depacketizer = depacketizerFor('h264');
  readonly #decoder = new Decoder('h264', { onBroken: () => undefined });

  private constructor(
    sockets: readonly [Socket, Socket],
    place: Place,
    onSeen: (brightness: number, atMs: number) => void,
  ) {
    const [rtp, rtcp] = sockets;
    this.#sockets = sockets;
    this.#place = place;
    this.#onSeen = onSeen;
    this.ports = { rtpPort: rtp.address().port, rtcpPort: rtcp.address().port };
    rtp.on('message', data => this.#take(data));
  }

  /** @param onSeen told of each picture how bright it is at the place, 0 to 255 */
  static async open(
    place: Place,
    onSeen: (brightness: number, atMs: number) => void,
  ): Promise<Eye> {
    return new Eye([await bound(), await bound()], place, onSeen);
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
    const column = Math.floor(frame.width * this.#place.x);
    const row = Math.floor(frame.height * this.#place.y);
    this.#onSeen(luma.data[row * luma.stride + column] ?? 0, Date.now());
  }
}

async function bound(): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.bind(0, HOST);
  await once(socket, 'listening');
  return socket;
}
