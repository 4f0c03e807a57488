/** Who shares a screen and who asks to, as one participant is told of it. Words of RFC 8855. */
import { z } from 'zod';

/**
 * What became of somebody's own request: a denied one stands until the floor is another's; for
 * who is granted it, it is kept for a short while.
 */
export const ContentRequest = z.enum(['none', 'requested', 'denied', 'granted']);
export type ContentRequest = z.infer<typeof ContentRequest>;

const Person = z.object({ participantId: z.string(), name: z.string() });

export const ContentFloorView = z.object({
  /** Who shares, is about to, or was granted it. */
  holder: Person.optional(),
  /** Who asks to share instead, the longest first. */
  requests: z.array(Person),
  /** The participant's own. */
  request: ContentRequest,
  /** Counts how often a chair has stopped the participant's sharing. */
  revoked: z.number().int(),
});
export type ContentFloorView = z.infer<typeof ContentFloorView>;
