import type { VideoCodec } from './access-unit.ts';
import { packetizeH264 } from './h264-packetize.ts';
import { packetizeRfc2190 } from './rfc2190-packetize.ts';
import { packetizeRfc4629 } from './rfc4629-packetize.ts';
import { packetizeVp8 } from './vp8-packetize.ts';

/** H.261 is only ever received. */
export type SendableCodec = Exclude<VideoCodec, 'h261'>;

export interface PacketizeOptions {
  readonly maxPayloadBytes: number;
  /** H.264 alone; RFC 6184 §6.1. */
  readonly packetizationMode: 0 | 1;
  /**
   * `h263` alone: FFmpeg's side data `AV_PKT_DATA_H263_MB_INFO` of the packet, which its encoder
   * gives with `mb_info`. Without it a GOB is never cut.
   */
  readonly macroblocks?: Buffer | undefined;
}

type Packetize = (unit: Buffer, options: PacketizeOptions) => Buffer[];

const PACKETIZERS: Record<SendableCodec, Packetize> = {
  h264: packetizeH264,
  vp8: packetizeVp8,
  h263: packetizeRfc2190,
  'h263-1998': packetizeRfc4629,
};

/**
 * RTP payloads of one coded picture, in order; the last one gets the marker. Some
 * may be views of the picture.
 *
 * A payload is longer than `maxPayloadBytes` where the format cannot cut it: a NAL
 * unit in mode 0, a GOB in RFC 2190. It is sent as it is, in IP fragments; the
 * encoder is to be told to make smaller ones (x264 `slice-max-size`, FFmpeg `ps`).
 */
export function packetize(codec: SendableCodec, unit: Buffer, options: PacketizeOptions): Buffer[] {
  return PACKETIZERS[codec](unit, options);
}
