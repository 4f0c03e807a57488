/**
 * The `/events` WebSocket between a browser and the gateway.
 *
 * The browser's first message is `hello` with its token; after that the gateway
 * sends a whole `roster` on every change and `ended` before it closes.
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
