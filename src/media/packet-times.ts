import { z } from 'zod';

const Stream = z.looseObject({ 'last packet': z.number().optional() });
const Media = z.looseObject({ streams: z.array(Stream).default([]) });
const Query = z.looseObject({
  created: z.number(),
  tags: z.record(z.string(), z.looseObject({ medias: z.array(Media).default([]) })),
});

/** What `query` tells of a leg; both in rtpengine's own epoch seconds. */
export interface PacketTimes {
  readonly createdSec: number;
  /** When the endpoint last sent RTP or RTCP of any stream; its leg's creation when it never did. */
  readonly lastPacketSec: number;
}

/**
 * Reads the times of the endpoint's side of a leg; packets of our own side do
 * not count. Undefined when the reply holds no such leg.
 */
export function readPacketTimes(reply: unknown, endpointTag: string): PacketTimes | undefined {
  const parsed = Query.safeParse(reply);
  if (!parsed.success) return undefined;
  const { created, tags } = parsed.data;
  const streams = tags[endpointTag]?.medias.flatMap(media => media.streams) ?? [];
  if (streams.length === 0) return undefined;
  const times = streams.map(stream => stream['last packet'] ?? created);
  return { createdSec: created, lastPacketSec: Math.max(...times) };
}

/**
 * How long an endpoint has been silent, by our own clock.
 *
 * rtpengine's clock is only compared with itself, since it may run on another
 * machine: its time of the last packet either moved since we last looked or it
 * did not. So the answer may be short by the time between two looks, never long.
 */
export class SilenceGauge {
  #lastPacketSec: number | undefined;
  #noticedAtMs: number;

  /** @param openedAtMs when the leg was offered; silence of one that never sent counts from there */
  constructor(openedAtMs: number) {
    this.#noticedAtMs = openedAtMs;
  }

  silentMs({ createdSec, lastPacketSec }: PacketTimes, nowMs: number): number {
    if (lastPacketSec !== (this.#lastPacketSec ?? createdSec)) this.#noticedAtMs = nowMs;
    this.#lastPacketSec = lastPacketSec;
    return nowMs - this.#noticedAtMs;
  }
}
