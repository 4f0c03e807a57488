import { z } from 'zod';

/** What a room codec should send and does not: RTP of its sound, of its camera. */
export const Alarm = z.enum(['no-sound', 'no-picture']);
export type Alarm = z.infer<typeof Alarm>;
