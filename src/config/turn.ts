import { z } from 'zod';

const TurnUrl = z.string().regex(/^turns?:[^?\s]+(\?transport=(udp|tcp))?$/, {
  error: 'must be like turn:turn.example.vn:3478?transport=tcp or turns:turn.example.vn:443',
});
/** A list in the file, separated by commas in the environment. */
const TurnUrls = z.union([
  z.array(TurnUrl).min(1),
  z
    .string()
    .transform(text => text.split(/[\s,]+/).filter(part => part !== ''))
    .pipe(z.array(TurnUrl).min(1)),
]);

/** A relay for browsers that do not reach the rooms' UDP ports. */
export const Turn = z
  .strictObject({
    urls: TurnUrls,
    /** What the relay shares with us (coturn: `static-auth-secret`); each visit gets a password of its own. */
    secret: z.string().min(8).optional(),
    /** How long such a password is good, and with it what it opened. */
    ttlSec: z.number().int().min(600).default(43_200),
    /** One name and password for everybody, where the relay knows no shared secret. */
    username: z.string().min(1).optional(),
    credential: z.string().min(1).optional(),
    /** Every browser's media goes through the relay, even where a straight way is open. */
    relayOnly: z.boolean().default(false),
  })
  .superRefine(({ secret, username, credential }, ctx) => {
    const isPair = username !== undefined && credential !== undefined;
    const isNeither = username === undefined && credential === undefined;
    if (secret === undefined ? isPair : isNeither) return;
    const message = 'give either secret, or username and credential';
    ctx.addIssue({ code: 'custom', path: ['secret'], message });
  });
export type TurnSettings = z.output<typeof Turn>;
