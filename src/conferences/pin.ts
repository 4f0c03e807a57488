import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify<string, Buffer, number, Buffer>(scrypt);
const SALT_BYTES = 16;
const KEY_BYTES = 32;

/** What is stored of a PIN: `salt:key`, both base64url; RFC 7914 with Node's default costs. */
export async function hashPin(pin: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await derive(pin, salt, KEY_BYTES);
  return `${salt.toString('base64url')}:${key.toString('base64url')}`;
}

/** Whether this is the PIN that was hashed. */
export async function isPin(pin: string, pinHash: string): Promise<boolean> {
  const [salt = '', key = ''] = pinHash.split(':');
  const expected = Buffer.from(key, 'base64url');
  const derived = await derive(pin, Buffer.from(salt, 'base64url'), KEY_BYTES);
  return derived.length === expected.length && timingSafeEqual(derived, expected);
}
