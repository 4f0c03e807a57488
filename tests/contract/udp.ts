import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { waitFor } from '../support/wait-for.ts';

/** A UDP port of a test, with what came to it. */
export class UdpPort {
  readonly received: Buffer[] = [];
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer, _from: RemoteInfo) => this.received.push(data));
  }

  /** @param port any free one when 0 */
  static async open(host: string, port = 0): Promise<UdpPort> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(port, host, resolve);
    });
    return new UdpPort(socket);
  }

  get port(): number {
    return this.#socket.address().port;
  }

  send(data: Buffer, port: number, host: string): void {
    this.#socket.send(data, port, host);
  }

  /** Sends `make()` every 20 ms until something here satisfies `until`. */
  async sendUntil(
    make: () => Buffer,
    to: { port: number; host: string },
    what: string,
    until: () => boolean,
  ): Promise<void> {
    const timer = setInterval(() => this.send(make(), to.port, to.host), 20);
    try {
      await waitFor(what, until);
    } finally {
      clearInterval(timer);
    }
  }

  close(): void {
    this.#socket.close();
  }
}

/** RTP packets of one stream, RFC 3550 §5.1. */
export function rtpStream(options: {
  payloadType: number;
  ssrc: number;
  payload: Buffer;
  timestampStep: number;
}): () => Buffer {
  let sequence = 0;
  return () => {
    const header = Buffer.alloc(12);
    header[0] = 0x80;
    header[1] = options.payloadType;
    header.writeUInt16BE(sequence & 0xffff, 2);
    header.writeUInt32BE((sequence * options.timestampStep) >>> 0, 4);
    header.writeUInt32BE(options.ssrc, 8);
    sequence += 1;
    return Buffer.concat([header, options.payload]);
  };
}

/** An empty receiver report and a PLI, RFC 4585 §6.3.1. */
export function pictureLoss(mediaSsrc: number): Buffer {
  const report = Buffer.from([0x80, 201, 0, 1, 0, 0, 0, 9]);
  const pli = Buffer.from([0x81, 206, 0, 2, 0, 0, 0, 9, 0, 0, 0, 0]);
  pli.writeUInt32BE(mediaSsrc, 8);
  return Buffer.concat([report, pli]);
}

/** Whether an RTCP compound holds a PLI. */
export function hasPictureLoss(rtcp: Buffer): boolean {
  for (let at = 0; at + 4 <= rtcp.length; at += (rtcp.readUInt16BE(at + 2) + 1) * 4) {
    if (rtcp[at + 1] === 206 && ((rtcp[at] ?? 0) & 31) === 1) return true;
  }
  return false;
}

export const ssrcOf = (rtp: Buffer): number => rtp.readUInt32BE(8);
export const payloadTypeOf = (rtp: Buffer): number => (rtp[1] ?? 0) & 127;
