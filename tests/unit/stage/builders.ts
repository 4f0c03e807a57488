import type { RtpPacket } from '../../../src/stage/rtp/packet.ts';

/** Constrained baseline 3.0, 640x360, as x264 writes it. */
export const SPS = Buffer.from('6742c01ed900a02ff97011000003000100000300320f162e48', 'hex');
export const PPS = Buffer.from('68ce0fc8', 'hex');
/** A first slice of an IDR picture, and a later one: `first_mb_in_slice` is not 0. */
export const IDR = Buffer.from('658884000a', 'hex');
export const IDR_SECOND_SLICE = Buffer.from('6540a20a', 'hex');
export const NON_IDR = Buffer.from('419a0204', 'hex');

export function aPacket(over: Partial<RtpPacket> = {}): RtpPacket {
  const base = { payloadType: 97, marker: true, seq: 0, timestamp: 0, ssrc: 1, payload: NON_IDR };
  return { ...base, ...over };
}

/** STAP-A; RFC 6184 §5.7.1. */
export function stapA(...nals: readonly Buffer[]): Buffer {
  const parts = nals.flatMap(nal => [Buffer.from([nal.length >> 8, nal.length & 0xff]), nal]);
  return Buffer.concat([Buffer.from([0x78]), ...parts]);
}

/** One fragment of a NAL unit; RFC 6184 §5.8. */
export function fuA(nal: Buffer, part: 'start' | 'middle' | 'end'): Buffer {
  const flag = { start: 0x80, middle: 0, end: 0x40 }[part];
  const header = nal[0] ?? 0;
  return Buffer.concat([
    Buffer.from([(header & 0xe0) | 28, flag | (header & 0x1f)]),
    nal.subarray(1),
  ]);
}
