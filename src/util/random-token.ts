import { createHash, randomBytes } from 'node:crypto';

const TOKEN_BYTES = 32;

/** Nobody guesses it: 256 bits, in letters that a URL and a cookie bear. */
export function randomToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

/** What is kept of something long and random: no salt or cost is needed for what nobody guesses. */
export function hashOf(random: string): string {
  return createHash('sha256').update(random).digest('base64url');
}
