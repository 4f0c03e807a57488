import { z } from 'zod';
import type { Silence } from '../calls/ports.ts';

const Stream = z.looseObject({
  'last packet': z.number().optional(),
  flags: z.array(z.string()).default([]),
});
const Media = z.looseObject({ type: z.string().optional(), streams: z.array(Stream).default([]) });
const Query = z.looseObject({
  created: z.number(),
  tags: z.record(z.string(), z.looseObject({ medias: z.array(Media).default([]) })),
});

/** Marks a stream of a medium that carries RTP; the other is its RTCP. */
const CARRIES_RTP = 'RTP';

/** What `query` tells of a leg; all in rtpengine's own epoch seconds. */
export interface PacketTimes {
  readonly createdSec: number;
  /** When the endpoint last sent RTP or RTCP of any stream; its leg's creation when it never did. */
  readonly lastPacketSec: number;
  /** The same for RTP of its sound alone. */
  readonly lastAudioSec: number;
}

/**
 * Reads the times of the endpoint's side of a leg; packets of our own side do
 * not count. Undefined when the reply holds no such leg.
 */
export function readPacketTimes(reply: unknown, endpointTag: string): PacketTimes | undefined {
  const parsed = Query.safeParse(reply);
  if (!parsed.success) return undefined;
  const { created, tags } = parsed.data;
  const medias = tags[endpointTag]?.medias ?? [];
  const streams = medias.flatMap(media => media.streams);
  if (streams.length === 0) return undefined;
  const sound = medias
    .filter(({ type }) => type === 'audio')
    .flatMap(media => media.streams.filter(({ flags }) => flags.includes(CARRIES_RTP)));
  const latest = (some: typeof streams) =>
    Math.max(...some.map(stream => stream['last packet'] ?? created));
  return {
    createdSec: created,
    lastPacketSec: latest(streams),
    lastAudioSec: sound.length > 0 ? latest(sound) : created,
  };
}

/**
 * How long an endpoint has been silent, by our own clock.
 *
 * rtpengine's clock is only compared with itself, since it may run on another
 * machine: its time of the last packet either moved since we last looked or it
 * did not. So the answer may be short by the time between two looks, never long.
 */
export class SilenceGauge {
  readonly #any: StandingTime;
  readonly #audio: StandingTime;

  /** @param openedAtMs when the leg was offered; silence of one that never sent counts from there */
  constructor(openedAtMs: number) {
    this.#any = new StandingTime(openedAtMs);
    this.#audio = new StandingTime(openedAtMs);
  }

  silence({ createdSec, lastPacketSec, lastAudioSec }: PacketTimes, nowMs: number): Silence {
    return {
      anyMs: this.#any.standsMs(lastPacketSec, createdSec, nowMs),
      audioMs: this.#audio.standsMs(lastAudioSec, createdSec, nowMs),
    };
  }
}

/** How long a time of rtpengine's has been the same. */
class StandingTime {
  #lastSec: number | undefined;
  #noticedAtMs: number;

  constructor(openedAtMs: number) {
    this.#noticedAtMs = openedAtMs;
  }

  standsMs(lastSec: number, firstSec: number, nowMs: number): number {
    if (lastSec !== (this.#lastSec ?? firstSec)) this.#noticedAtMs = nowMs;
    this.#lastSec = lastSec;
    return nowMs - this.#noticedAtMs;
  }
}
