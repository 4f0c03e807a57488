/** How a browser reaches the rooms' media, RFC 8445. */
import { z } from 'zod';

export const IceView = z.object({
  /** TURN relays; none where the rooms are reached straight. */
  servers: z.array(
    z.object({ urls: z.array(z.string()), username: z.string(), credential: z.string() }),
  ),
  /** Go through a relay even where a straight way is open. */
  relayOnly: z.boolean(),
});
export type IceView = z.infer<typeof IceView>;
