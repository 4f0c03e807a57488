import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { hashOf, randomToken } from '../util/random-token.ts';
import { toBase32 } from './base32.ts';

const RECOVERY_BYTES = 10;
const SETUP_CODE_LENGTH = 24;

export const API_TOKEN_PREFIX = 'dc_';

export function newApiToken(): string {
  return API_TOKEN_PREFIX + randomToken();
}

/** For when the telephone is lost: `xxxx-xxxx-xxxx-xxxx`, 80 bits. */
export function newRecoveryCode(): string {
  return grouped(toBase32(randomBytes(RECOVERY_BYTES)).toLowerCase());
}

/** A recovery code as it was typed, in the one way it is hashed. */
export function plainRecoveryCode(typed: string): string {
  return typed.toLowerCase().replace(/[^a-z2-7]/g, '');
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
