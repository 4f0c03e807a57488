/**
 * Keys by SIP INFO. There is no RFC for either body: both are what devices send.
 * `application/dtmf-relay` has lines `Signal=5` and `Duration=160`;
 * `application/dtmf` is the key alone.
 */

const RELAY = 'application/dtmf-relay';
const PLAIN = 'application/dtmf';
/** Some devices send the event codes of RFC 4733 §3.2 for what is no digit. */
const NAMES: Readonly<Record<string, string>> = { '10': '*', '11': '#', STAR: '*', POUND: '#' };

/** The key a body tells of; undefined when it tells of none. */
export function keyOfInfo(contentType: string | undefined, body: string): string | undefined {
  const type = contentType?.split(';')[0]?.trim().toLowerCase();
  if (type === RELAY) return toKey(/^\s*Signal\s*=\s*(\S+)/im.exec(body)?.[1]);
  if (type === PLAIN) return toKey(body.trim());
  return undefined;
}

function toKey(text: string | undefined): string | undefined {
  if (!text) return undefined;
  const key = NAMES[text.toUpperCase()] ?? text.toUpperCase();
  return /^[0-9*#A-D]$/.test(key) ? key : undefined;
}
