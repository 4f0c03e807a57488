import { createHmac, timingSafeEqual } from 'node:crypto';
import { toBase32 } from './base32.ts';

/** What every authenticator knows; RFC 6238 §5.2 and the key URI format. */
const STEP_SEC = 30;
const DIGITS = 6;
const ISSUER = 'Diem Cau';
/** Steps a telephone's clock may be off, either way. */
const SLACK_STEPS = 1;

/** The code of a time step; RFC 4226 §5.3 over RFC 6238 §4. */
export function totpCode(secret: Uint8Array, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac('sha1', secret).update(counter).digest();
  const offset = (digest.at(-1) ?? 0) & 0xf;
  const number = digest.readUInt32BE(offset) & 0x7fff_ffff;
  return String(number % 10 ** DIGITS).padStart(DIGITS, '0');
}

export function stepAt(nowMs: number): number {
  return Math.floor(nowMs / 1000 / STEP_SEC);
}

/** The time step this code is of; undefined when it is of none that is near. */
export function stepOf(secret: Uint8Array, code: string, nowMs: number): number | undefined {
  const digits = code.replace(/\s/g, '');
  if (!/^\d{6}$/.test(digits)) return undefined;
  const now = stepAt(nowMs);
  const near = Array.from({ length: 2 * SLACK_STEPS + 1 }, (_, i) => now - SLACK_STEPS + i);
  const given = Buffer.from(digits);
  return near.find(step => timingSafeEqual(Buffer.from(totpCode(secret, step)), given));
}

/** What the QR code holds. */
export function totpUri(secret: Uint8Array, login: string): string {
  const issuer = encodeURIComponent(ISSUER);
  const label = `${issuer}:${encodeURIComponent(login)}`;
  return `otpauth://totp/${label}?secret=${toBase32(secret)}&issuer=${issuer}`;
}
