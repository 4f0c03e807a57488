import { inspectPayload } from '../h264.ts';
import type { VideoCodec } from './access-unit.ts';
import { NO_FACTS, type PayloadFacts, type PictureSize } from './facts.ts';
import { readH261Payload, readH261Picture } from './h261.ts';
import { readH263Picture } from './h263-picture.ts';
import { readRfc2190 } from './rfc2190.ts';
import { LEFT_OUT_ZEROS, readRfc4629, startsPicture } from './rfc4629.ts';
import { readVp8Frame, readVp8Payload } from './vp8.ts';

/** What a payload carries, without putting pictures together. Never throws. */
export type Inspector = (payload: Buffer) => PayloadFacts;

const INSPECTORS: Record<VideoCodec, Inspector> = {
  h264: inspectPayload,
  vp8: inspectVp8,
  h263: inspectRfc2190,
  'h263-1998': inspectRfc4629,
  h261: inspectH261,
};

export function inspectorFor(codec: VideoCodec): Inspector {
  return INSPECTORS[codec];
}

function inspectVp8(payload: Buffer): PayloadFacts {
  const read = readVp8Payload(payload);
  const frame = read?.startsFrame ? readVp8Frame(read.body) : undefined;
  return frame ? factsOf(frame.isKeyframe, frame.size) : NO_FACTS;
}

function inspectRfc2190(payload: Buffer): PayloadFacts {
  const read = readRfc2190(payload);
  const picture = read && readH263Picture(read.body, read.sbit);
  return picture ? factsOf(picture.isIntra, picture.size) : NO_FACTS;
}

/** The longest part of a picture header that is read. */
const PICTURE_HEADER_BYTES = 16;

function inspectRfc4629(payload: Buffer): PayloadFacts {
  const read = readRfc4629(payload);
  if (!read || !startsPicture(read)) return NO_FACTS;
  const header = Buffer.concat([LEFT_OUT_ZEROS, read.body.subarray(0, PICTURE_HEADER_BYTES)]);
  const picture = readH263Picture(header);
  return picture ? factsOf(picture.isIntra, picture.size) : NO_FACTS;
}

function inspectH261(payload: Buffer): PayloadFacts {
  const read = readH261Payload(payload);
  const picture = read && readH261Picture(read.body, read.sbit);
  return picture ? factsOf(picture.releasesFreeze, picture.size) : NO_FACTS;
}

function factsOf(startsKeyframe: boolean, size: PictureSize | undefined): PayloadFacts {
  return { ...NO_FACTS, startsKeyframe, size };
}
