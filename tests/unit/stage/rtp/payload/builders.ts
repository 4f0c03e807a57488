import type { AccessUnit, VideoCodec } from '../../../../../src/stage/rtp/payload/access-unit.ts';
import { depacketizerFor } from '../../../../../src/stage/rtp/payload/depacketizer.ts';

/** Bytes of bits written as text; spaces mean nothing, the last byte is filled with zeros. */
export function bits(...fields: readonly string[]): Buffer {
  const text = fields.join('').replaceAll(' ', '');
  const padded = text.padEnd(Math.ceil(text.length / 8) * 8, '0');
  return Buffer.from(padded.match(/.{8}/g)?.map(byte => Number.parseInt(byte, 2)) ?? []);
}

export function bitText(data: Buffer): string {
  return [...data].map(byte => byte.toString(2).padStart(8, '0')).join('');
}

/** A field of so many bits. */
export function field(value: number, count: number): string {
  return value.toString(2).padStart(count, '0');
}

export interface Sent {
  readonly payload: Buffer;
  readonly timestamp?: number;
  readonly marker?: boolean;
  readonly epoch?: number;
  /** Packets missing before this one. */
  readonly lost?: number;
}

/** What comes of packets in order; without more said they are of one picture. */
export function unitsOf(codec: VideoCodec, packets: readonly Sent[]): AccessUnit[] {
  const depacketizer = depacketizerFor(codec);
  let seq = 0xfffe; // numbers wrap
  return packets.flatMap(({ lost = 0, timestamp = 0, marker = false, epoch = 1, payload }) => {
    seq = (seq + 1 + lost) & 0xffff;
    return depacketizer.push({ seq, timestamp, marker, epoch, payload });
  });
}

/** Payloads of one picture, the last with the marker; those given as undefined are lost. */
export function pictureOf(
  payloads: readonly (Buffer | undefined)[],
  timestamp = 0,
): readonly Sent[] {
  const sent: Sent[] = [];
  let lost = 0;
  for (const [index, payload] of payloads.entries()) {
    if (!payload) {
      lost += 1;
      continue;
    }
    sent.push({ payload, timestamp, lost, marker: index === payloads.length - 1 });
    lost = 0;
  }
  return sent;
}
