import { z } from 'zod';

const Query = z.looseObject({
  tags: z.record(
    z.string(),
    z.looseObject({
      medias: z
        .array(
          z.looseObject({
            streams: z.array(z.looseObject({ 'last packet': z.number().optional() })).default([]),
          }),
        )
        .default([]),
    }),
  ),
});

/**
 * When the endpoint's side of a leg last sent RTP or RTCP, epoch seconds.
 *
 * rtpengine sets it to the call's creation first, so a leg that never sent
 * anything counts from its offer. Undefined when the reply holds no such leg.
 */
export function lastPacketSec(reply: unknown): number | undefined {
  const parsed = Query.safeParse(reply);
  const endpoint = parsed.success ? parsed.data.tags.endpoint : undefined;
  const times = endpoint?.medias.flatMap(media => media.streams.map(s => s['last packet'] ?? 0));
  return times && times.length > 0 ? Math.max(...times) : undefined;
}
