import { FU_A, isStapA, nalType, splitStapA } from './h264.ts';
import { buildRtp, type RtpPacket, seqDiff } from './packet.ts';
import { ntpMiddleOf, type ReportBlock, type SenderInfo } from './rtcp.ts';

export interface OutboundOptions {
  readonly ssrc: number;
  /** True splits aggregates: mode 0 knows only single NAL units, RFC 6184 §6.2. */
  readonly singleNalOnly: boolean;
  /** Where it goes on; anywhere when not said, RFC 3550 §5.1. */
  readonly from?: { readonly seq: number; readonly timestamp: number } | undefined;
  readonly send: (data: Buffer, nowMs: number) => void;
  /** Whether a packet of the origin may go; all may when there is no such thing. */
  readonly admits?: (packet: Admissible, nowMs: number) => boolean;
}

/** What tells whether a packet may go: pictures go whole, and after one that did not a key frame is due. */
export interface Admissible {
  readonly timestamp: number;
  readonly startsKeyframe: boolean;
}

/** What is known of a packet besides what is sent of it. */
export interface About {
  /** When its picture was captured, on our clock; taken for now when not known. */
  readonly captureMs?: number | undefined;
  /** A decoder can begin with it. */
  readonly startsKeyframe?: boolean;
}

const NOTHING_KNOWN: About = {};

/** Where numbers and times of a stream come from; a change of it is a switch. */
export type Origin = object | string;

const CLOCK_RATE_KHZ = 90;
/**
 * The first number is below this. A receiver of SRTP that misses the first packets takes those after
 * the numbers' first round for packets of the first one, and none of them is genuine: a stream
 * must not begin near the end of a round. RFC 3711 §3.3.1.
 */
const FIRST_SEQS = 0x8000;
/** Least step of the timestamp at a switch: one picture at 30 fps. */
const MIN_STEP = 3000;
/** An origin's timestamp that jumps further than this has begun anew. */
const MAX_JUMP = 10_000 * CLOCK_RATE_KHZ;

/** How the far end receives a stream, as it says itself. */
export interface FarReception {
  /** Lost since its last report, 0 to 1. */
  readonly lossRatio: number;
  /** Of these, lost on the way to it: holes of the origin are not counted. */
  readonly lineLossRatio: number;
  readonly jitterMs: number;
  /** Undefined until it has answered a sender report of ours. */
  readonly roundTripMs: number | undefined;
  /** Since its report before. */
  readonly packetsSent: number;
  readonly sentBps: number;
}

type Placed = Pick<RtpPacket, 'seq' | 'timestamp'> & { readonly epoch: number };
type Sendable = Placed & Pick<RtpPacket, 'marker' | 'payload'>;

/**
 * One stream to one receiver: constant SSRC and payload type, numbers that go
 * on and times that grow, whatever it is made of. Holes of the origin are kept,
 * so that the receiver knows of the loss and can ask for repair.
 */
export class OutboundStream {
  readonly #options: OutboundOptions;
  payloadType: number;
  singleNalOnly: boolean;
  #origin: Origin | undefined;
  #epoch: number | undefined;
  #seqOffset = 0;
  #timestampOffset = 0;
  #lastSeq: number;
  #lastTimestamp: number;
  #lastMarker = true;
  #lastSentMs: number | undefined;
  #lastCaptureMs = 0;
  #wasRefused = false;
  #packets = 0;
  #octets = 0;
  /** Numbers that were left out, as the origin did. */
  #holes = 0;
  #atReport = { packets: 0, octets: 0, holes: 0, atMs: 0 };
  #farReception: FarReception | undefined;

  constructor(payloadType: number, options: OutboundOptions) {
    this.payloadType = payloadType;
    this.#options = options;
    this.singleNalOnly = options.singleNalOnly;
    this.#lastSeq = options.from?.seq ?? Math.floor(Math.random() * FIRST_SEQS);
    this.#lastTimestamp = options.from?.timestamp ?? Math.floor(Math.random() * 2 ** 31);
  }

  get ssrc(): number {
    return this.#options.ssrc;
  }

  get packets(): number {
    return this.#packets;
  }

  /** Undefined until a report came. */
  get farReception(): FarReception | undefined {
    return this.#farReception;
  }

  /** Sends a packet of an origin; another origin, or a new epoch of the same, is joined on. */
  forward(origin: Origin, packet: Sendable, nowMs: number, about = NOTHING_KNOWN): void {
    if (!this.#admits(packet, about.startsKeyframe === true, nowMs)) return;
    this.#follow(origin, packet, nowMs);
    this.#lastCaptureMs = about.captureMs ?? nowMs;
    if (this.singleNalOnly && nalType(packet.payload) === FU_A) return; // RFC 6184 §6.2
    if (this.singleNalOnly && isStapA(packet.payload)) this.#writeSplit(packet, nowMs);
    else this.#write(packet, packet.payload, packet.marker, nowMs);
  }

  /** Puts NAL units in front of a key frame of the origin, with its timestamp: missing parameter sets. */
  insertBefore(origin: Origin, packet: Placed, nals: readonly Buffer[], nowMs: number): void {
    if (!this.#admits(packet, true, nowMs)) return;
    this.#follow(origin, packet, nowMs);
    for (const nal of nals) {
      this.#write(packet, nal, false, nowMs);
      this.#seqOffset += 1;
    }
  }

  /** The far end's report on this stream; undefined for those on others. */
  reported(block: ReportBlock, nowMs: number): FarReception | undefined {
    if (block.ssrc !== this.ssrc) return undefined;
    const before = this.#atReport;
    this.#atReport = {
      packets: this.#packets,
      octets: this.#octets,
      holes: this.#holes,
      atMs: nowMs,
    };
    const packetsSent = this.#packets - before.packets;
    const holes = this.#holes - before.holes;
    const lossRatio = block.fractionLost / 256;
    this.#farReception = {
      lossRatio,
      lineLossRatio: Math.max(0, lossRatio - holes / Math.max(1, packetsSent + holes)),
      jitterMs: block.jitter / CLOCK_RATE_KHZ,
      roundTripMs: roundTripMs(block, nowMs),
      packetsSent,
      sentBps: ((this.#octets - before.octets) * 8_000) / Math.max(1, nowMs - before.atMs),
    };
    return this.#farReception;
  }

  /** For the sender report: when what has which timestamp was captured. Undefined while nothing was sent. */
  senderInfo(nowMs: number): SenderInfo | undefined {
    if (this.#lastSentMs === undefined) return undefined;
    const sinceMs = nowMs - this.#lastCaptureMs;
    const timestamp = this.#lastTimestamp + Math.round(sinceMs * CLOCK_RATE_KHZ);
    return { ssrc: this.ssrc, nowMs, timestamp, packets: this.#packets, octets: this.#octets };
  }

  #admits({ timestamp }: Placed, startsKeyframe: boolean, nowMs: number): boolean {
    const { admits } = this.#options;
    const isAdmitted = !admits || admits({ timestamp, startsKeyframe }, nowMs);
    if (!isAdmitted) this.#wasRefused = true;
    return isAdmitted;
  }

  /** The last number sent, and the time of now. */
  position(nowMs: number): { readonly ssrc: number; seq: number; timestamp: number } {
    const timestamp = this.senderInfo(nowMs)?.timestamp ?? this.#lastTimestamp;
    return { ssrc: this.ssrc, seq: this.#lastSeq, timestamp: timestamp >>> 0 };
  }

  #follow(origin: Origin, packet: Placed, nowMs: number): void {
    const isSame = origin === this.#origin && packet.epoch === this.#epoch;
    const jump = (packet.timestamp + this.#timestampOffset - this.#lastTimestamp) | 0;
    if (!isSame || Math.abs(jump) > MAX_JUMP) this.#join(origin, packet, nowMs);
    else if (this.#wasRefused) this.#seqOffset = this.#nextSeq - packet.seq;
    this.#wasRefused = false;
  }

  /** What was refused leaves no hole, unless it was the end of a picture. */
  get #nextSeq(): number {
    return this.#lastSeq + (this.#wasRefused && !this.#lastMarker ? 2 : 1);
  }

  #join(origin: Origin, packet: Placed, nowMs: number): void {
    const pausedMs = this.#lastSentMs === undefined ? 0 : nowMs - this.#lastSentMs;
    const step = Math.max(MIN_STEP, Math.round(pausedMs * CLOCK_RATE_KHZ));
    this.#origin = origin;
    this.#epoch = packet.epoch;
    this.#seqOffset = this.#nextSeq - packet.seq;
    this.#timestampOffset = this.#lastTimestamp + step - packet.timestamp;
  }

  #writeSplit(packet: Sendable, nowMs: number): void {
    const nals = splitStapA(packet.payload);
    for (const [index, nal] of nals.entries()) {
      const isLast = index === nals.length - 1;
      this.#write(packet, nal, isLast && packet.marker, nowMs);
      if (!isLast) this.#seqOffset += 1;
    }
  }

  #write(at: Placed, payload: Buffer, marker: boolean, nowMs: number): void {
    const seq = (at.seq + this.#seqOffset) & 0xffff;
    const timestamp = (at.timestamp + this.#timestampOffset) >>> 0;
    const { payloadType, ssrc } = this;
    if (this.#packets > 0) this.#holes += Math.max(0, seqDiff(seq, this.#lastSeq) - 1);
    this.#options.send(buildRtp({ payloadType, marker, seq, timestamp, ssrc, payload }), nowMs);
    this.#lastSeq = seq;
    this.#lastTimestamp = timestamp;
    this.#lastMarker = marker;
    this.#lastSentMs = nowMs;
    this.#packets += 1;
    this.#octets += payload.length;
  }
}

/** Undefined until a sender report of ours was answered; RFC 3550 §6.4.1. */
function roundTripMs(block: ReportBlock, nowMs: number): number | undefined {
  if (block.lastSenderReport === 0) return undefined;
  const units = (ntpMiddleOf(nowMs) - block.lastSenderReport - block.delaySinceSenderReport) | 0;
  return Math.max(0, Math.round((units * 1000) / 0x10000));
}
