/**
 * The `/events` WebSocket between a browser and the gateway.
 *
 * The browser's first message is `hello` with its token; after that the gateway
 * sends a whole `roster` and a `notice` on every change, and `ended` before it closes.
 */
import { z } from 'zod';
import { ParticipantView } from './rest.ts';

export const BrowserMessage = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('hello'), token: z.string().min(1).max(256) }),
  /** The person's own microphone switch, so that others see it. */
  z.strictObject({ type: z.literal('muted'), muted: z.boolean() }),
]);
export type BrowserMessage = z.infer<typeof BrowserMessage>;

export const GatewayMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('roster'), participants: z.array(ParticipantView) }),
  /** What whoever runs the meeting has done; whole on each change. */
  z.object({
    type: z.literal('notice'),
    /** This person's microphone is held closed, whatever its own switch says. */
    heldMuted: z.boolean(),
    /** To be shown on the screen, until a notice without it. */
    message: z.string().optional(),
  }),
  z.object({
    type: z.literal('ended'),
    reason: z.enum([
      'conference-closed',
      'removed',
      'room-server-down',
      'not-authorized',
      'shutdown',
    ]),
  }),
]);
export type GatewayMessage = z.infer<typeof GatewayMessage>;
