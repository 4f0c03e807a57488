import type { CallerIdentity } from '../calls/ports.ts';

/** More does not fit on a device's screen, and some refuse longer headers. */
const MAX_NAME_CHARS = 60;
/** Control characters, line ends of Unicode, and halves of pairs: none may reach a header. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]+/gu;

/**
 * The From header of a call of ours: name as a quoted-string, number as user part. The name
 * is data: quotes, backslashes and line ends of it stay inside; RFC 3261 §25.1.
 */
export function callerHeader({ name, number }: CallerIdentity, host: string): string {
  const user = encodeURIComponent(number);
  const address = `<sip:${user === '' ? '' : `${user}@`}${host}>`;
  const shown = quotedName(name);
  return shown === undefined ? address : `${shown} ${address}`;
}

function quotedName(name: string): string | undefined {
  const printable = name.normalize('NFC').replace(UNPRINTABLE, ' ').trim();
  const short = [...printable].slice(0, MAX_NAME_CHARS).join('').trim();
  return short === '' ? undefined : `"${short.replace(/["\\]/g, '\\$&')}"`;
}
