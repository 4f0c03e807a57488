import type { AccessUnit, VideoCodec } from '../../../src/stage/rtp/payload/access-unit.ts';

const FOURCC: Record<VideoCodec, string> = {
  h264: 'H264',
  vp8: 'VP80',
  h263: 'H263',
  'h263-1998': 'H263',
  h261: 'H261',
};

/** A file that gives FFmpeg's decoder each unit as one packet, uncut and unjoined. */
export function ivfOf(codec: VideoCodec, units: readonly AccessUnit[]): Buffer {
  const header = Buffer.alloc(32);
  header.write('DKIF', 0, 'latin1');
  header.writeUInt16LE(32, 6);
  header.write(FOURCC[codec], 8, 'latin1');
  header.writeUInt16LE(16, 12); // a size is asked for, and the stream's own is taken
  header.writeUInt16LE(16, 14);
  header.writeUInt32LE(25, 16);
  header.writeUInt32LE(1, 20);
  header.writeUInt32LE(units.length, 24);
  const frames = units.flatMap(({ data }, index) => {
    const frame = Buffer.alloc(12);
    frame.writeUInt32LE(data.length, 0);
    frame.writeUInt32LE(index, 4);
    return [frame, data];
  });
  return Buffer.concat([header, ...frames]);
}
