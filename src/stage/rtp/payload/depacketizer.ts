import type { Depacketizer, VideoCodec } from './access-unit.ts';
import { H261Format } from './h261-format.ts';
import { H264Format } from './h264-format.ts';
import { Rfc2190Format } from './rfc2190-format.ts';
import { Rfc4629Format } from './rfc4629-format.ts';
import { type PayloadFormat, UnitAssembler } from './unit-assembler.ts';
import { Vp8Format } from './vp8-format.ts';

const FORMATS: Record<VideoCodec, () => PayloadFormat> = {
  h264: () => new H264Format(),
  vp8: () => new Vp8Format(),
  h263: () => new Rfc2190Format(),
  'h263-1998': () => new Rfc4629Format(),
  h261: () => new H261Format(),
};

/** Makes coded pictures of one stream's packets. */
export function depacketizerFor(codec: VideoCodec): Depacketizer {
  return new UnitAssembler(FORMATS[codec]);
}
