/** SDP for logs and traces: what helps to find a fault stays, keys and people do not. */

const REDACTED = '[redacted]';
const MAX_CHARS = 64_000;

/** A line of its own; anything else goes on with the line before. RFC 8866 §5. */
const TYPED_LINE = /^\s*([a-z])\s*=\s*(.*)$/is;
/** Information, URI, e-mail, phone and key; RFC 8866 §5.4–5.6, §5.12. */
const HIDDEN_TYPES = 'iuepk';
/** Attributes that are a secret from end to end: RFC 4567, RFC 8839, MIKEY, and Microsoft's names. */
const HIDDEN_ATTRIBUTES = ['key-mgmt', 'ice-pwd', 'ice-ufrag', 'mikey', 'password', 'pwd'];
/**
 * `tag suite`, also behind the number of a capability; RFC 4568 §9.1, RFC 5939
 * §3.4.2. What has no underscore is no suite, it might be a key.
 */
const CRYPTO =
  /^(crypto|acap)\s*:\s*((?:\d{1,9}\s+crypto\s*:\s*)?(?:\d{1,9}\b)?\s*(?:(?:[A-Z0-9]{1,8}_){1,8}[A-Z0-9]{1,8}\b)?)(.*)$/is;
/** All that may stand behind a key without being one. */
const SESSION_PARAMETERS =
  /\b(?:UNENCRYPTED_SRTP|UNENCRYPTED_SRTCP|UNAUTHENTICATED_SRTP|KDR=\d+|WSH=\d+)(?=\s|$)/gi;

const PHONE_URI = /\btel:[^\s;<>"]+/gi;
/** Where a name before an `@` begins, going back from it. */
const NAME_DELIMITER = /[\s<>"=,;]/;
const SCHEME = '(?:sips?|h323|im|pres|xmpp|mailto|msrps?):';
/** What is no part of the name: the attribute's own name, and a scheme; RFC 3261 §19.1. */
const AT_LINE_START = new RegExp(`^(?:[\\w-]{1,32}:)?(?:${SCHEME})?`, 'i');
const WITHIN_LINE = new RegExp(`^(?:cname:|${SCHEME})?`, 'i');
const INLINE_KEY = /inline:[^\s|;[]+/gi;
/** Long enough to be a piece of a key, whatever line it strayed to; numbers are not. */
const KEY_LIKE = /[A-Za-z0-9+/]{20,}={0,2}/g;

/**
 * The text with keys, passwords, names, addresses of people and phone numbers
 * taken out, everything else as it came, line breaks included. Any text may come
 * in; it never throws. Longer ones are cut.
 */
export function redactSdp(text: string): string {
  const cut = text.slice(0, MAX_CHARS);
  const more = text.length - cut.length;
  let isHidden = false;
  const lines = cut.split(/(\r\n|\n|\r)/).map((piece, index) => {
    if (index % 2 === 1) return piece; // the line break
    const [, type, value] = TYPED_LINE.exec(piece) ?? [];
    if (type === undefined || value === undefined) return isHidden ? hide(piece) : scrub(piece);
    const redacted = redactLine(type.toLowerCase(), value);
    isHidden = redacted.isHidden;
    return redacted.value === value ? piece : `${type}=${redacted.value}`;
  });
  return lines.join('') + (more > 0 ? `[${more} more characters]` : '');
}

interface Redacted {
  readonly value: string;
  /** What goes on with this line on the next is as secret. */
  readonly isHidden: boolean;
}

function redactLine(type: string, value: string): Redacted {
  if (type === 'o')
    return { value: scrub(value.replace(/^[^\s-]\S*|^-\S+/, REDACTED)), isHidden: true };
  if (type === 's') return { value: /^-?\s*$/.test(value) ? value : REDACTED, isHidden: true };
  if (HIDDEN_TYPES.includes(type)) return { value: REDACTED, isHidden: true };
  return type === 'a' ? redactAttribute(value) : { value: scrub(value), isHidden: false };
}

function redactAttribute(value: string): Redacted {
  const [, name, head = '', rest = ''] = CRYPTO.exec(value) ?? [];
  if (name !== undefined) {
    const parameters = rest.match(SESSION_PARAMETERS) ?? [];
    const kept = [head.trim(), REDACTED, ...parameters].filter(word => word !== '');
    return { value: `${name}:${kept.join(' ')}`, isHidden: true };
  }
  const [attribute = ''] = value.split(':', 1).map(name => name.trim());
  if (HIDDEN_ATTRIBUTES.includes(attribute.toLowerCase()))
    return { value: `${attribute}:${REDACTED}`, isHidden: true };
  return { value: scrub(value), isHidden: false };
}

/** A piece of a wrapped secret; nothing stays nothing. */
function hide(piece: string): string {
  return piece.trim() === '' ? piece : REDACTED;
}

function scrub(text: string): string {
  const unaddressed = text.includes('@') ? withoutUsers(text) : text;
  return unaddressed
    .replace(PHONE_URI, `tel:${REDACTED}`)
    .replace(INLINE_KEY, `inline:${REDACTED}`)
    .replace(KEY_LIKE, run => (/^\d+$/.test(run) ? run : REDACTED));
}

/** Names of people before each `@`; a step per character, however many there are. */
function withoutUsers(text: string): string {
  const parts = text.split('@');
  const host = parts.pop() ?? '';
  return [...parts.map(withoutUser), host].join('@');
}

function withoutUser(part: string): string {
  let start = part.length;
  while (start > 0 && !NAME_DELIMITER.test(part.charAt(start - 1))) start--;
  const name = part.slice(start);
  if (name === '') return part;
  const [prefix = ''] = (start === 0 ? AT_LINE_START : WITHIN_LINE).exec(name) ?? [];
  return part.slice(0, start) + prefix + REDACTED;
}
