/** What people write to each other in a conference. */
import { z } from 'zod';

export const MAX_CHAT_CHARS = 1_000;
/** Older ones are left out of what a page gets. */
export const MAX_CHAT_LINES = 500;

export const ChatLine = z.object({
  id: z.string(),
  atMs: z.number(),
  /** Of who may have left since. */
  participantId: z.string(),
  name: z.string(),
  text: z.string(),
});
export type ChatLine = z.infer<typeof ChatLine>;
