import { NAL_PPS, NAL_SPS, nalType } from '../../../src/stage/rtp/h264.ts';
import type { RtpPacket } from '../../../src/stage/rtp/packet.ts';

const MAX_PAYLOAD_BYTES = 1200;
const STAP_A = 24;
const FU_A = 28;

/** Payloads of one picture: parameter sets in a STAP-A, long NAL units in FU-A; RFC 6184 §5.7.1, §5.8. */
export function packetise(nals: readonly Buffer[], withParameterSets = true): Buffer[] {
  const isSet = (nal: Buffer) => [NAL_SPS, NAL_PPS].includes(nalType(nal));
  const sets = withParameterSets ? nals.filter(isSet) : [];
  const slices = nals.filter(nal => !isSet(nal)).flatMap(nal => fragments(nal));
  return sets.length > 0 ? [aggregate(sets), ...slices] : slices;
}

/** The byte stream of received packets, in the order given; a NAL unit with a part missing is left out. */
export function depacketise(packets: readonly RtpPacket[]): Buffer {
  const startCode = Buffer.from([0, 0, 0, 1]);
  const nals: Buffer[] = [];
  let parts: Buffer[] = [];
  let lastSeq = -1;
  for (const { seq, payload } of packets) {
    const follows = seq === ((lastSeq + 1) & 0xffff);
    lastSeq = seq;
    const type = nalType(payload);
    if (type !== FU_A) {
      nals.push(...(type === STAP_A ? disaggregate(payload) : [payload]));
      parts = [];
      continue;
    }
    const header = payload[1] ?? 0;
    const isStart = (header & 0x80) !== 0;
    if (isStart) parts = [Buffer.from([((payload[0] ?? 0) & 0xe0) | (header & 0x1f)])];
    else if (!follows) parts = [];
    if (parts.length > 0) parts.push(payload.subarray(2));
    if ((header & 0x40) !== 0 && parts.length > 0) nals.push(Buffer.concat(parts.splice(0)));
  }
  return Buffer.concat(nals.flatMap(nal => [startCode, nal]));
}

function aggregate(nals: readonly Buffer[]): Buffer {
  const parts = nals.flatMap(nal => [Buffer.from([nal.length >> 8, nal.length & 0xff]), nal]);
  return Buffer.concat([Buffer.from([0x60 | STAP_A]), ...parts]);
}

function disaggregate(payload: Buffer): Buffer[] {
  const nals: Buffer[] = [];
  for (let at = 1; at + 2 <= payload.length; ) {
    const length = payload.readUInt16BE(at);
    nals.push(payload.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return nals;
}

function fragments(nal: Buffer): Buffer[] {
  if (nal.length <= MAX_PAYLOAD_BYTES) return [nal];
  const header = nal[0] ?? 0;
  const pieces: Buffer[] = [];
  for (let at = 1; at < nal.length; at += MAX_PAYLOAD_BYTES) {
    const end = Math.min(at + MAX_PAYLOAD_BYTES, nal.length);
    const flags = (at === 1 ? 0x80 : 0) | (end === nal.length ? 0x40 : 0);
    const start = Buffer.from([(header & 0xe0) | FU_A, flags | (header & 0x1f)]);
    pieces.push(Buffer.concat([start, nal.subarray(at, end)]));
  }
  return pieces;
}
