/** Hands and the floor: who may speak in a conference, and who waits to. */
import { z } from 'zod';

export const RaisedHand = z.object({
  participantId: z.string(),
  raisedAtMs: z.number(),
});
export type RaisedHand = z.infer<typeof RaisedHand>;

/** Whole on each change. Times are the gateway's; `nowMs` tells how far a page's clock is off. */
export const SpeakingOrderView = z.object({
  nowMs: z.number(),
  /** `free`: everybody has their own switch. `ordered`: only chairs and who has the floor are heard. */
  mode: z.enum(['free', 'ordered']),
  /** Who asks to speak, the longest first. */
  hands: z.array(RaisedHand),
  floor: z
    .object({
      participantId: z.string(),
      sinceMs: z.number(),
      /** When the time is over, where there is a limit; nobody is cut off then. */
      endsAtMs: z.number().optional(),
    })
    .optional(),
  /** Large for everybody whoever speaks: who has the floor, or whom a chair put there. */
  spotlightId: z.string().optional(),
});
export type SpeakingOrderView = z.infer<typeof SpeakingOrderView>;
