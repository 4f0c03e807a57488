/** What a chair does from the page of the meeting, and what it is told for that. */
import { z } from 'zod';
import { LayoutInput, LayoutView } from './rest.ts';

const ParticipantId = z.string().min(1).max(100);
const WaitingId = z.string().min(1).max(100);

/** One thing that a chair does; refused with a code of the error table. */
export const ChairAct = z.discriminatedUnion('do', [
  /** Holds a microphone closed, or lets it go. */
  z.strictObject({ do: z.literal('mute'), participantId: ParticipantId, muted: z.boolean() }),
  /** Everybody but chairs. */
  z.strictObject({ do: z.literal('mute-all'), muted: z.boolean() }),
  /** Lets a microphone go and asks the person to open it. */
  z.strictObject({ do: z.literal('ask-to-unmute'), participantId: ParticipantId }),
  z.strictObject({ do: z.literal('remove'), participantId: ParticipantId }),
  /** Takes a shared screen away from everybody. */
  z.strictObject({ do: z.literal('stop-sharing'), participantId: ParticipantId }),
  z.strictObject({ do: z.literal('lock'), locked: z.boolean() }),
  /** Lets these in from the waiting room. */
  z.strictObject({ do: z.literal('admit'), waitingIds: z.array(WaitingId).min(1).max(1000) }),
  z.strictObject({ do: z.literal('turn-away'), waitingId: WaitingId }),
  /** How halls see it from now on. */
  z.strictObject({ do: z.literal('layout'), layout: LayoutInput }),
  /** Large for everybody; nobody without an id. */
  z.strictObject({ do: z.literal('spotlight'), participantId: ParticipantId.optional() }),
  /** On every screen; an empty one takes it away. */
  z.strictObject({
    do: z.literal('message'),
    text: z.string().trim().max(200),
    seconds: z.number().int().min(3).max(3600).default(30),
  }),
  /** This one alone is heard, beside chairs, and shown large everywhere. */
  z.strictObject({
    do: z.literal('give-floor'),
    participantId: ParticipantId,
    limitSec: z.number().int().min(10).max(7200).optional(),
  }),
  /** Nobody has the floor; the others stay muted. */
  z.strictObject({ do: z.literal('take-floor') }),
  /** Everybody has their own switch again. */
  z.strictObject({ do: z.literal('free-discussion') }),
  z.strictObject({ do: z.literal('lower-hand'), participantId: ParticipantId }),
  z.strictObject({ do: z.literal('extend'), minutes: z.number().int().min(1).max(600) }),
  /** For everybody. */
  z.strictObject({ do: z.literal('end') }),
]);
export type ChairAct = z.infer<typeof ChairAct>;
/** The same as a page writes it, defaults left out. */
export type ChairRequest = z.input<typeof ChairAct>;

/** Somebody who waits to be let in. */
export const WaitingPerson = z.object({
  id: z.string(),
  name: z.string(),
  sinceMs: z.number(),
});
export type WaitingPerson = z.infer<typeof WaitingPerson>;

/** What chairs see of the meeting beyond the roster; whole on each change. */
export const ChairView = z.object({
  nowMs: z.number(),
  locked: z.boolean(),
  /** When it ends by itself. */
  endsAtMs: z.number().optional(),
  message: z.object({ text: z.string(), untilMs: z.number().optional() }).optional(),
  layout: LayoutView,
  /** The longest first. */
  waiting: z.array(WaitingPerson),
});
export type ChairView = z.infer<typeof ChairView>;

/** Why somebody has to wait: it is locked, or no chair has come yet. */
export const WaitReason = z.enum(['locked', 'not-started']);
export type WaitReason = z.infer<typeof WaitReason>;
