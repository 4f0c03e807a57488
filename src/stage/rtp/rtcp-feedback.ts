/** Feedback on a stream of ours: RFC 4585 §6, RFC 5104 §4, draft-alvestrand-rmcat-remb §2.2. */

const TRANSPORT_FEEDBACK = 205;
const PAYLOAD_FEEDBACK = 206;
const FEEDBACK_HEADER_BYTES = 12;
const FMT_NACK = 1;
const FMT_TMMBR = 3;
const FMT_TMMBN = 4;
const FMT_PLI = 1;
const FMT_FIR = 4;
const FMT_REMB = 15;
const NACK_BYTES = 4;
const FIR_BYTES = 8;
const TMMBR_BYTES = 8;
const REMB_NAME = 0x52454d42;
const REMB_SSRCS_AT = 20;
/** More numbers in one packet are no loss but an attack, or a line that is down. */
const MAX_NACKED = 512;
const MAX_MANTISSA = 2 ** 17 - 1;
const MAX_OVERHEAD = 2 ** 9 - 1;

export type FeedbackItem =
  /** The peer wants a key frame, by PLI or FIR. */
  | { readonly kind: 'keyframe-request'; readonly mediaSsrc: number }
  /** The peer lacks these packets, in the order it named them. */
  | { readonly kind: 'nack'; readonly mediaSsrc: number; readonly seqs: readonly number[] }
  | BitrateLimit;

/** The peer wants no more than this: TMMBR, which is to be confirmed, or REMB, which is not. */
export interface BitrateLimit {
  readonly kind: 'bitrate-limit';
  readonly means: 'tmmbr' | 'remb';
  readonly mediaSsrc: number;
  /** Who asks. */
  readonly ownerSsrc: number;
  readonly bitrateBps: number;
  /** What each packet counts for besides its payload. */
  readonly overheadBytes: number;
}

/** Reads one feedback packet, header included; what is cut off or unknown is left out. */
export function readFeedback(packet: Buffer): FeedbackItem[] {
  if (packet.length < FEEDBACK_HEADER_BYTES) return [];
  return READERS[`${packet[1]}/${(packet[0] ?? 0) & 0x1f}`]?.(packet) ?? [];
}

/** By packet type and format. */
const READERS: Record<string, (packet: Buffer) => FeedbackItem[]> = {
  [`${TRANSPORT_FEEDBACK}/${FMT_NACK}`]: readNack,
  [`${TRANSPORT_FEEDBACK}/${FMT_TMMBR}`]: readTmmbr,
  [`${PAYLOAD_FEEDBACK}/${FMT_PLI}`]: packet => [keyframeRequest(packet.readUInt32BE(8))],
  [`${PAYLOAD_FEEDBACK}/${FMT_FIR}`]: readFir,
  [`${PAYLOAD_FEEDBACK}/${FMT_REMB}`]: readRemb,
};

/** PID and a mask of the sixteen that follow it; RFC 4585 §6.2.1. */
function readNack(packet: Buffer): FeedbackItem[] {
  const seqs: number[] = [];
  for (const at of entries(packet, FEEDBACK_HEADER_BYTES, NACK_BYTES)) {
    const first = packet.readUInt16BE(at);
    const mask = packet.readUInt16BE(at + 2);
    seqs.push(first);
    for (let bit = 0; bit < 16; bit++)
      if ((mask & (1 << bit)) !== 0) seqs.push((first + bit + 1) & 0xffff);
    if (seqs.length >= MAX_NACKED) break;
  }
  return seqs.length > 0 ? [{ kind: 'nack', mediaSsrc: packet.readUInt32BE(8), seqs }] : [];
}

/** One entry for each stream that is asked of; some devices write only the header. RFC 5104 §4.3.1. */
function readFir(packet: Buffer): FeedbackItem[] {
  const at = entries(packet, FEEDBACK_HEADER_BYTES, FIR_BYTES);
  return (at.length > 0 ? at : [8]).map(entry => keyframeRequest(packet.readUInt32BE(entry)));
}

function readTmmbr(packet: Buffer): FeedbackItem[] {
  return entries(packet, FEEDBACK_HEADER_BYTES, TMMBR_BYTES).map(at => {
    const word = packet.readUInt32BE(at + 4);
    return {
      kind: 'bitrate-limit',
      means: 'tmmbr',
      mediaSsrc: packet.readUInt32BE(at),
      ownerSsrc: packet.readUInt32BE(4),
      bitrateBps: ((word >>> 9) & MAX_MANTISSA) * 2 ** (word >>> 26),
      overheadBytes: word & MAX_OVERHEAD,
    };
  });
}

function readRemb(packet: Buffer): FeedbackItem[] {
  if (packet.length < REMB_SSRCS_AT || packet.readUInt32BE(12) !== REMB_NAME) return [];
  const word = packet.readUInt32BE(16);
  const named = entries(packet, REMB_SSRCS_AT, 4).slice(0, word >>> 24);
  return named.map(at => ({
    kind: 'bitrate-limit',
    means: 'remb',
    mediaSsrc: packet.readUInt32BE(at),
    ownerSsrc: packet.readUInt32BE(4),
    bitrateBps: (word & 0x3ffff) * 2 ** ((word >>> 18) & 0x3f),
    overheadBytes: 0,
  }));
}

function keyframeRequest(mediaSsrc: number): FeedbackItem {
  return { kind: 'keyframe-request', mediaSsrc };
}

/** Where the whole entries of a packet begin. */
function entries(packet: Buffer, from: number, bytes: number): number[] {
  const count = Math.max(0, Math.floor((packet.length - from) / bytes));
  return Array.from({ length: count }, (_, index) => from + index * bytes);
}

/** Confirms which limit holds, and whose it is; RFC 5104 §4.2.2. */
export function buildTmmbn(
  senderSsrc: number,
  limit: Pick<BitrateLimit, 'ownerSsrc' | 'bitrateBps' | 'overheadBytes'>,
): Buffer {
  const data = Buffer.alloc(FEEDBACK_HEADER_BYTES + TMMBR_BYTES);
  data[0] = 0x80 | FMT_TMMBN;
  data[1] = TRANSPORT_FEEDBACK;
  data.writeUInt16BE(data.length / 4 - 1, 2);
  data.writeUInt32BE(senderSsrc, 4);
  data.writeUInt32BE(limit.ownerSsrc, 12);
  data.writeUInt32BE(bitrateWord(limit.bitrateBps, limit.overheadBytes), 16);
  return data;
}

/** Exponent, mantissa and overhead of a limit, rounded down; RFC 5104 §4.2.1.2. */
export function bitrateWord(bitrateBps: number, overheadBytes: number): number {
  let exponent = 0;
  let mantissa = Math.floor(bitrateBps);
  while (mantissa > MAX_MANTISSA) {
    mantissa = Math.floor(mantissa / 2);
    exponent += 1;
  }
  return (exponent * 2 ** 26 + mantissa * 2 ** 9 + Math.min(overheadBytes, MAX_OVERHEAD)) >>> 0;
}
