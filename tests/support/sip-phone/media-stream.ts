import { createSocket, type Socket } from 'node:dgram';
import type { SrtpKey } from './srtp.ts';

export interface StreamTarget {
  readonly host: string;
  readonly rtpPort: number;
}

/** The keys of a stream, each of its sender. */
export interface StreamKeys {
  readonly ours: SrtpKey;
  readonly theirs: SrtpKey;
}

export interface ReceivedCount {
  packets: number;
  /** Sequence numbers that never came. */
  lost: number;
  /** Packets that came after a later one. */
  late: number;
  /** Of a picture the last packet: it has the marker, RFC 6184 §5.1. */
  pictures: number;
}

const HEADER_BYTES = 12;
const RTP_VERSION = 0x80;
const RTCP = { senderReport: 200, payloadFeedback: 206 } as const;
/** RFC 4585 §6.3.1 and RFC 5104 §4.3.1. */
const KEY_FRAME_REQUESTS = [1, 4];
const NTP_EPOCH_OFFSET_SEC = 2_208_988_800;

/** One RTP stream of a test phone, both ways: sends what it is given, counts what it gets. */
export class MediaStream {
  readonly received: ReceivedCount = { packets: 0, lost: 0, late: 0, pictures: 0 };
  /** Called when the other side asks for a key frame. */
  onKeyFrameRequest: () => void = () => undefined;
  /** Called with every packet that comes. */
  onPacket: (data: Buffer) => void = () => undefined;
  readonly #rtp: Socket;
  readonly #rtcp: Socket;
  readonly #payloadType: number;
  readonly ssrc = Math.trunc(Math.random() * 0x7fff_ffff);
  #target: StreamTarget | undefined;
  #sequence = Math.trunc(Math.random() * 0x7fff);
  #sentPackets = 0;
  #sentBytes = 0;
  #expected: number | undefined;
  #secured: StreamKeys | undefined;

  private constructor(rtp: Socket, rtcp: Socket, payloadType: number) {
    this.#rtp = rtp;
    this.#rtcp = rtcp;
    this.#payloadType = payloadType;
    rtp.on('message', data =>
      this.#count(this.#secured ? this.#secured.theirs.openRtp(data) : data),
    );
    rtcp.on('message', data =>
      this.#readRtcp(this.#secured ? this.#secured.theirs.openRtcp(data) : data),
    );
  }

  /** Takes an even port and the next; the caller closes. */
  static async open(host: string, payloadType: number): Promise<MediaStream> {
    for (;;) {
      const port = 20_000 + 2 * Math.trunc(Math.random() * 10_000);
      const sockets = await Promise.all([bind(host, port), bind(host, port + 1)]);
      const [rtp, rtcp] = sockets;
      if (rtp && rtcp) return new MediaStream(rtp, rtcp, payloadType);
      for (const socket of sockets) socket?.close();
    }
  }

  get port(): number {
    return this.#rtp.address().port;
  }

  /** From now on packets go there; undefined stops them. */
  sendTo(target: StreamTarget | undefined): void {
    this.#target = target;
    this.#expected = undefined;
  }

  /** From now on everything is SRTP, both ways; what comes otherwise is not counted. */
  secure(keys: StreamKeys): void {
    this.#secured = keys;
  }

  /** @param payloadType another than the stream's own, for telephone events */
  send(payload: Buffer, timestamp: number, marker: boolean, payloadType = this.#payloadType): void {
    if (!this.#target) return;
    const header = Buffer.allocUnsafe(HEADER_BYTES);
    header[0] = RTP_VERSION;
    header[1] = payloadType | (marker ? 0x80 : 0);
    this.#sequence = (this.#sequence + 1) & 0xffff;
    header.writeUInt16BE(this.#sequence, 2);
    header.writeUInt32BE(timestamp >>> 0, 4);
    header.writeUInt32BE(this.ssrc, 8);
    this.#sentPackets += 1;
    this.#sentBytes += payload.length;
    const packet = Buffer.concat([header, payload]);
    const sent = this.#secured ? this.#secured.ours.protectRtp(packet) : packet;
    this.#rtp.send(sent, this.#target.rtpPort, this.#target.host);
  }

  /** A sender report, RFC 3550 §6.4.1; the timestamp is that of now. */
  report(timestamp: number): void {
    if (!this.#target) return;
    const nowMs = Date.now();
    const report = Buffer.alloc(28);
    report.set([RTP_VERSION, RTCP.senderReport, 0, 6]);
    report.writeUInt32BE(this.ssrc, 4);
    report.writeUInt32BE(Math.trunc(nowMs / 1000) + NTP_EPOCH_OFFSET_SEC, 8);
    report.writeUInt32BE(Math.trunc(((nowMs % 1000) / 1000) * 2 ** 32), 12);
    report.writeUInt32BE(timestamp >>> 0, 16);
    report.writeUInt32BE(this.#sentPackets, 20);
    report.writeUInt32BE(this.#sentBytes >>> 0, 24);
    const sent = this.#secured ? this.#secured.ours.protectRtcp(report) : report;
    this.#rtcp.send(sent, this.#target.rtpPort + 1, this.#target.host);
  }

  close(): void {
    this.#rtp.close();
    this.#rtcp.close();
  }

  #count(data: Buffer | undefined): void {
    if (!data || data.length < HEADER_BYTES) return;
    this.onPacket(data);
    const sequence = data.readUInt16BE(2);
    const ahead = this.#expected === undefined ? 0 : (sequence - this.#expected) & 0xffff;
    this.received.packets += 1;
    if (((data[1] ?? 0) & 0x80) !== 0) this.received.pictures += 1;
    if (ahead >= 0x8000) {
      this.received.lost -= 1;
      this.received.late += 1;
      return;
    }
    this.received.lost += ahead;
    this.#expected = (sequence + 1) & 0xffff;
  }

  #readRtcp(data: Buffer | undefined): void {
    if (!data) return;
    for (let at = 0; at + 4 <= data.length; at += 4 * (data.readUInt16BE(at + 2) + 1)) {
      const format = (data[at] ?? 0) & 0x1f;
      const isFeedback = data[at + 1] === RTCP.payloadFeedback;
      if (isFeedback && KEY_FRAME_REQUESTS.includes(format)) this.onKeyFrameRequest();
    }
  }
}

/** Undefined when the port is taken. */
function bind(host: string, port: number): Promise<Socket | undefined> {
  return new Promise(resolve => {
    const socket = createSocket({ type: 'udp4', recvBufferSize: 1 << 20 });
    socket.once('error', () => {
      socket.close();
      resolve(undefined);
    });
    socket.bind(port, host, () => resolve(socket));
  });
}
