import type { PictureSize } from './facts.ts';

/** What stands in front of VP8 in a payload; RFC 7741 §4.2. */
export interface Vp8Payload {
  /** The first bytes of a frame: S is set and the partition is 0. */
  readonly startsFrame: boolean;
  readonly body: Buffer;
}

/** Takes the payload descriptor off; undefined when the payload ends within it. */
export function readVp8Payload(payload: Buffer): Vp8Payload | undefined {
  const first = payload[0];
  if (first === undefined) return undefined;
  const at = descriptorBytes(payload, first);
  if (at >= payload.length) return undefined;
  return { startsFrame: (first & 0x17) === 0x10, body: payload.subarray(at) };
}

function descriptorBytes(payload: Buffer, first: number): number {
  if ((first & 0x80) === 0) return 1; // X
  const extension = payload[1] ?? 0;
  let at = 2;
  if ((extension & 0x80) !== 0) at += ((payload[at] ?? 0) & 0x80) !== 0 ? 2 : 1; // I, with M
  if ((extension & 0x40) !== 0) at += 1; // L
  if ((extension & 0x30) !== 0) at += 1; // T, K
  return at;
}

/** A frame's tag and, of a key frame, its size; RFC 6386 §9.1. */
export interface Vp8FrameHeader {
  readonly isKeyframe: boolean;
  /** Where the first partition ends, which a decoder needs whole. */
  readonly firstPartitionEnd: number;
  readonly size: PictureSize | undefined;
}

const TAG_BYTES = 3;
const KEYFRAME_HEADER_BYTES = 10;
const KEYFRAME_START_CODE = 0x9d012a;

/** Undefined when the frame is cut off within its header, or the header is none. */
export function readVp8Frame(frame: Buffer): Vp8FrameHeader | undefined {
  if (frame.length < TAG_BYTES) return undefined;
  const tag = frame.readUIntLE(0, TAG_BYTES);
  const firstPartitionBytes = tag >> 5;
  if ((tag & 1) !== 0) {
    const firstPartitionEnd = TAG_BYTES + firstPartitionBytes;
    return { isKeyframe: false, firstPartitionEnd, size: undefined };
  }
  if (frame.length < KEYFRAME_HEADER_BYTES) return undefined;
  if (frame.readUIntBE(TAG_BYTES, 3) !== KEYFRAME_START_CODE) return undefined;
  const width = frame.readUInt16LE(6) & 0x3fff;
  const height = frame.readUInt16LE(8) & 0x3fff;
  const firstPartitionEnd = KEYFRAME_HEADER_BYTES + firstPartitionBytes;
  return { isKeyframe: true, firstPartitionEnd, size: { width, height } };
}
