/** RTP packets, RFC 3550 §5.1: read in place, written anew. */

const HEADER_BYTES = 12;

export interface RtpPacket {
  readonly payloadType: number;
  readonly marker: boolean;
  readonly seq: number;
  readonly timestamp: number;
  readonly ssrc: number;
  readonly payload: Buffer;
}

/** Reads a packet; undefined when it is none. The payload is a view, not a copy. */
export function parseRtp(data: Buffer): RtpPacket | undefined {
  const first = data[0];
  const second = data[1];
  if (first === undefined || second === undefined || data.length < HEADER_BYTES) return undefined;
  if (first >> 6 !== 2) return undefined;
  let start = HEADER_BYTES + (first & 0x0f) * 4;
  if ((first & 0x10) !== 0) {
    if (data.length < start + 4) return undefined;
    start += 4 + data.readUInt16BE(start + 2) * 4;
  }
  const padding = (first & 0x20) !== 0 ? (data[data.length - 1] ?? 0) : 0;
  const end = data.length - padding;
  if (start >= end) return undefined;
  return {
    payloadType: second & 0x7f,
    marker: (second & 0x80) !== 0,
    seq: data.readUInt16BE(2),
    timestamp: data.readUInt32BE(4),
    ssrc: data.readUInt32BE(8),
    payload: data.subarray(start, end),
  };
}

/** RTCP shares the port where peers multiplex; RFC 5761 §4. */
export function isRtcp(data: Buffer): boolean {
  const type = data[1] ?? 0;
  return type >= 192 && type <= 223;
}

/** Writes a packet without extensions and padding. */
export function buildRtp(packet: RtpPacket): Buffer {
  const data = Buffer.allocUnsafe(HEADER_BYTES + packet.payload.length);
  data[0] = 0x80;
  data[1] = packet.payloadType | (packet.marker ? 0x80 : 0);
  data.writeUInt16BE(packet.seq, 2);
  data.writeUInt32BE(packet.timestamp, 4);
  data.writeUInt32BE(packet.ssrc, 8);
  packet.payload.copy(data, HEADER_BYTES);
  return data;
}

/** `a - b` in a circle of 2^16: positive when a is later. */
export function seqDiff(a: number, b: number): number {
  return ((a - b + 0x18000) & 0xffff) - 0x8000;
}
