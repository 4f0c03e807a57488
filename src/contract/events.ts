/**
 * The `/events` WebSocket between a browser and the gateway.
 *
 * The browser's first message is `hello` with its token. To who is in the conference the gateway
 * then sends a whole `roster`, `notice`, `order`, `chat`, `content` and, to chairs, `chair`, `roll`
 * and `record`, again on every change; to who waits, `waiting` and `admitted`; and `ended` before it
 * closes.
 */
import { z } from 'zod';
import { ChairAct, ChairView, WaitReason } from './chair.ts';
import { ChatLine, MAX_CHAT_CHARS } from './chat.ts';
import { ContentFloorView } from './content-floor.ts';
import { RollCallView } from './records.ts';
import { ParticipantView } from './rest.ts';
import { SpeakingOrderView } from './speaking-order.ts';

export const BrowserMessage = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('hello'), token: z.string().min(1).max(256) }),
  /** The person's own microphone switch, so that others see it. */
  z.strictObject({ type: z.literal('muted'), muted: z.boolean() }),
  /** Asks to speak, or does not any longer. */
  z.strictObject({ type: z.literal('hand'), raised: z.boolean() }),
  z.strictObject({ type: z.literal('chat'), text: z.string().trim().min(1).max(MAX_CHAT_CHARS) }),
  /** Asks to share a screen while somebody else does, or does not any longer. */
  z.strictObject({ type: z.literal('content-request'), wanted: z.boolean() }),
  /** Of who shares: goes on, whoever asked. */
  z.strictObject({ type: z.literal('content-deny') }),
  /** Of a chair; answered by `acted` with the same id. */
  z.strictObject({ type: z.literal('act'), id: z.string().min(1).max(64), act: ChairAct }),
]);
export type BrowserMessage = z.infer<typeof BrowserMessage>;
/** The same as a page writes it, defaults left out. */
export type BrowserRequest = z.input<typeof BrowserMessage>;

export const GatewayMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('roster'), participants: z.array(ParticipantView) }),
  /** What whoever runs the meeting has done; whole on each change. */
  z.object({
    type: z.literal('notice'),
    /** This person's microphone is held closed, whatever its own switch says. */
    heldMuted: z.boolean(),
    /** To be shown on the screen, until a notice without it. */
    message: z.string().optional(),
    /** Counts how often this person was asked to open the microphone. */
    askedToUnmute: z.number().int(),
  }),
  z.object({ type: z.literal('order'), order: SpeakingOrderView }),
  /** Those after what was sent last; all of them first. */
  z.object({ type: z.literal('chat'), lines: z.array(ChatLine) }),
  /** Who shares a screen and who asks to; whole on each change. */
  z.object({ type: z.literal('content'), content: ContentFloorView }),
  z.object({ type: z.literal('chair'), chair: ChairView }),
  /** To chairs, once the roll has been called. */
  z.object({ type: z.literal('roll'), roll: RollCallView }),
  /** To chairs: with it they fetch the record of this meeting, also after it. */
  z.object({ type: z.literal('record'), ticket: z.string() }),
  z.object({
    type: z.literal('acted'),
    id: z.string(),
    /** Why not, as a code of the error table; not there when it was done. */
    error: z.string().optional(),
  }),
  z.object({ type: z.literal('waiting'), reason: WaitReason }),
  /** The wait is over: join again with the same token as `pass`. */
  z.object({ type: z.literal('admitted') }),
  z.object({
    type: z.literal('ended'),
    reason: z.enum([
      'conference-closed',
      'removed',
      'turned-away',
      'room-server-down',
      'not-authorized',
      'shutdown',
    ]),
  }),
]);
export type GatewayMessage = z.infer<typeof GatewayMessage>;
