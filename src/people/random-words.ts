import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { toBase32 } from './base32.ts';

const TOKEN_BYTES = 32;
const RECOVERY_BYTES = 10;
const SETUP_CODE_LENGTH = 24;

export function newSessionId(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

export const API_TOKEN_PREFIX = 'dc_';

export function newApiToken(): string {
  return API_TOKEN_PREFIX + randomBytes(TOKEN_BYTES).toString('base64url');
}

/** For when the telephone is lost: `xxxx-xxxx-xxxx-xxxx`, 80 bits. */
export function newRecoveryCode(): string {
  return grouped(toBase32(randomBytes(RECOVERY_BYTES)).toLowerCase());
}

/** A recovery code as it was typed, in the one way it is hashed. */
export function plainRecoveryCode(typed: string): string {
  return typed.toLowerCase().replace(/[^a-z2-7]/g, '');
}

/** What is stored of something long and random: no salt or cost is needed for what nobody guesses. */
export function hashOf(random: string): string {
  return createHash('sha256').update(random).digest('base64url');
}

/** The session's own token for changes, made of what its cookie holds. */
export function csrfTokenOf(sessionId: string): string {
  return createHmac('sha256', sessionId).update('csrf').digest('base64url');
}

/** What proves who started the program to the setup page; the same until the secrets change. */
export function setupCodeOf(secret: string): string {
  const digest = createHmac('sha256', secret).update('diemcau setup code').digest();
  return grouped(toBase32(digest).slice(0, SETUP_CODE_LENGTH).toLowerCase());
}

/** Compares without telling by the clock how much was right. */
export function isSame(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(hashOf(a)), Buffer.from(hashOf(b)));
}

function grouped(text: string): string {
  return text.match(/.{1,4}/g)?.join('-') ?? '';
}
