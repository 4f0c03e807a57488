/** RTCP as far as the stage speaks it: RFC 3550 §6; feedback is read by `rtcp-feedback.ts`. */
import { type FeedbackItem, readFeedback } from './rtcp-feedback.ts';

const SENDER_REPORT = 200;
const RECEIVER_REPORT = 201;
const SDES = 202;
const TRANSPORT_FEEDBACK = 205;
const PAYLOAD_FEEDBACK = 206;
const RECEIVER_REPORT_BYTES = 8;
const SENDER_REPORT_BYTES = 28;
const BLOCK_BYTES = 24;
const FMT_PLI = 1;
const FMT_FIR = 4;
/** Seconds from 1900 to 1970. */
const NTP_EPOCH_SEC = 2_208_988_800;

export type RtcpItem =
  | SenderReport
  /** How the peer receives a stream of ours. */
  | { readonly kind: 'reception'; readonly block: ReportBlock }
  | FeedbackItem;

export interface SenderReport {
  readonly kind: 'sender-report';
  readonly ssrc: number;
  /** Middle 32 bits of the NTP time, to be given back in our reports. */
  readonly ntpMiddle: number;
  /** The peer's clock, ms since 1970, when its stream's timestamp was that; 0 when it has none. */
  readonly ntpMs: number;
  readonly rtpTimestamp: number;
}

/** Reads a compound packet; what is damaged or not ours to know is left out. Never throws. */
export function parseRtcp(data: Buffer): RtcpItem[] {
  const items: RtcpItem[] = [];
  let at = 0;
  while (at + 8 <= data.length) {
    const first = data[at] ?? 0;
    const type = data[at + 1] ?? 0;
    const end = at + 4 + data.readUInt16BE(at + 2) * 4;
    if (first >> 6 !== 2 || end > data.length) break;
    const format = first & 0x1f;
    if (type === SENDER_REPORT && end - at >= SENDER_REPORT_BYTES) {
      items.push(senderReport(data, at));
      readBlocks(data.subarray(at + SENDER_REPORT_BYTES, end), format, items);
    }
    if (type === RECEIVER_REPORT)
      readBlocks(data.subarray(at + RECEIVER_REPORT_BYTES, end), format, items);
    if (type === TRANSPORT_FEEDBACK || type === PAYLOAD_FEEDBACK)
      items.push(...readFeedback(data.subarray(at, end)));
    at = end;
  }
  return items;
}

function senderReport(data: Buffer, at: number): SenderReport {
  return {
    kind: 'sender-report',
    ssrc: data.readUInt32BE(at + 4),
    ntpMiddle: data.readUInt32BE(at + 10),
    ntpMs: msOfNtp(data.readUInt32BE(at + 8), data.readUInt32BE(at + 12)),
    rtpTimestamp: data.readUInt32BE(at + 16),
  };
}

/** Seconds without their top bit are of the era that begins in 2036; RFC 4330 §3. */
function msOfNtp(sec: number, fraction: number): number {
  if (sec === 0 && fraction === 0) return 0;
  const era = sec < 2 ** 31 ? 2 ** 32 : 0;
  return (sec + era - NTP_EPOCH_SEC) * 1000 + (fraction * 1000) / 2 ** 32;
}

function readBlocks(data: Buffer, count: number, items: RtcpItem[]): void {
  for (let at = 0; at < count * BLOCK_BYTES && at + BLOCK_BYTES <= data.length; at += BLOCK_BYTES)
    items.push({
      kind: 'reception',
      block: {
        ssrc: data.readUInt32BE(at),
        fractionLost: data.readUInt8(at + 4),
        totalLost: data.readIntBE(at + 5, 3),
        highestSeq: data.readUInt32BE(at + 8),
        jitter: data.readUInt32BE(at + 12),
        lastSenderReport: data.readUInt32BE(at + 16),
        delaySinceSenderReport: data.readUInt32BE(at + 20),
      },
    });
}

export interface ReportBlock {
  readonly ssrc: number;
  /** 0 to 255, since the last report. */
  readonly fractionLost: number;
  readonly totalLost: number;
  readonly highestSeq: number;
  /** In timestamp units. */
  readonly jitter: number;
  readonly lastSenderReport: number;
  /** In 1/65536 s. */
  readonly delaySinceSenderReport: number;
}

export interface SenderInfo {
  readonly ssrc: number;
  readonly nowMs: number;
  /** The stream's timestamp at `nowMs`. */
  readonly timestamp: number;
  readonly packets: number;
  readonly octets: number;
}

/** SR, or RR where nothing was sent, with what was received, and the CNAME; RFC 3550 §6.1. */
export function buildReport(
  ssrc: number,
  cname: string,
  sender: SenderInfo | undefined,
  block: ReportBlock | undefined,
): Buffer {
  const ownBytes = sender ? SENDER_REPORT_BYTES : RECEIVER_REPORT_BYTES;
  const report = Buffer.alloc(ownBytes + (block ? BLOCK_BYTES : 0));
  writeHeader(report, block ? 1 : 0, sender ? SENDER_REPORT : RECEIVER_REPORT);
  report.writeUInt32BE(ssrc, 4);
  if (sender) writeSenderInfo(report, sender);
  if (block) writeBlock(report, ownBytes, block);
  return Buffer.concat([report, sdes(ssrc, cname)]);
}

/** Picture loss indication; RFC 4585 §6.3.1. */
export function buildPli(senderSsrc: number, mediaSsrc: number): Buffer {
  const data = Buffer.alloc(12);
  writeHeader(data, FMT_PLI, PAYLOAD_FEEDBACK);
  data.writeUInt32BE(senderSsrc, 4);
  data.writeUInt32BE(mediaSsrc, 8);
  return data;
}

/** Full intra request; the number grows with each new request. RFC 5104 §4.3.1. */
export function buildFir(senderSsrc: number, mediaSsrc: number, requestNumber: number): Buffer {
  const data = Buffer.alloc(20);
  writeHeader(data, FMT_FIR, PAYLOAD_FEEDBACK);
  data.writeUInt32BE(senderSsrc, 4);
  data.writeUInt32BE(mediaSsrc, 12);
  data[16] = requestNumber & 0xff;
  return data;
}

function writeHeader(data: Buffer, count: number, type: number): void {
  data[0] = 0x80 | count;
  data[1] = type;
  data.writeUInt16BE(data.length / 4 - 1, 2);
}

/** Middle 32 bits of the NTP time, in 1/65536 s; RFC 3550 §4. */
export function ntpMiddleOf(nowMs: number): number {
  return Math.floor(((nowMs / 1000 + NTP_EPOCH_SEC) % 0x10000) * 0x10000) >>> 0;
}

function writeSenderInfo(data: Buffer, { nowMs, timestamp, packets, octets }: SenderInfo): void {
  const sec = Math.floor(nowMs / 1000);
  data.writeUInt32BE((sec + NTP_EPOCH_SEC) >>> 0, 8);
  data.writeUInt32BE(Math.floor((nowMs / 1000 - sec) * 2 ** 32) >>> 0, 12);
  data.writeUInt32BE(timestamp >>> 0, 16);
  data.writeUInt32BE(packets >>> 0, 20);
  data.writeUInt32BE(octets >>> 0, 24);
}

function writeBlock(data: Buffer, at: number, block: ReportBlock): void {
  data.writeUInt32BE(block.ssrc, at);
  data[at + 4] = block.fractionLost;
  data.writeIntBE(Math.max(-0x800000, Math.min(0x7fffff, block.totalLost)), at + 5, 3);
  data.writeUInt32BE(block.highestSeq >>> 0, at + 8);
  data.writeUInt32BE(block.jitter >>> 0, at + 12);
  data.writeUInt32BE(block.lastSenderReport >>> 0, at + 16);
  data.writeUInt32BE(block.delaySinceSenderReport >>> 0, at + 20);
}

function sdes(ssrc: number, cname: string): Buffer {
  const text = Buffer.from(cname).subarray(0, 255);
  const chunk = 4 + 2 + text.length + 1;
  const data = Buffer.alloc(4 + Math.ceil(chunk / 4) * 4);
  writeHeader(data, 1, SDES);
  data.writeUInt32BE(ssrc, 4);
  data[8] = 1; // CNAME
  data[9] = text.length;
  text.copy(data, 10);
  return data;
}
