/** A SIP message as parsed; RFC 3261 §7. */
import type { Address } from './address.ts';
import type { Via } from './via.ts';

export interface Header {
  /** Full name in small letters. */
  readonly key: string;
  /** Unfolded and trimmed. */
  readonly value: string;
  /** The value as `addressIn` or `topVia` read it: each is asked for some five times a message. */
  address?: Address | undefined;
  via?: Via | undefined;
}

interface Message {
  readonly headers: readonly Header[];
  readonly body: Buffer;
  /** Start line and headers byte for byte as they came, with the empty line. */
  readonly head: Buffer;
}

export interface SipRequest extends Message {
  readonly kind: 'request';
  readonly method: string;
  readonly uri: string;
  /** `SIP/2.0`, or what stood there. */
  readonly version: string;
}

export interface SipResponse extends Message {
  readonly kind: 'response';
  readonly status: number;
  readonly reason: string;
}

export type SipMessage = SipRequest | SipResponse;

/** What header look-ups need of a message. */
export type WithHeaders = Pick<SipMessage, 'headers'>;

/** First value of a header; undefined when it is not there. */
export function headerOf(message: WithHeaders, key: string): string | undefined {
  return message.headers.find(header => header.key === key)?.value;
}

/** All values of a list header in order, also where they share a line; RFC 3261 §7.3.1. */
export function headerList(message: WithHeaders, key: string): string[] {
  const values: string[] = [];
  for (const header of message.headers)
    if (header.key === key) values.push(...splitList(header.value));
  return values;
}

/** Splits at commas that stand outside quotes and angle brackets. */
export function splitList(value: string): string[] {
  if (!value.includes(',')) return [value.trim()].filter(part => part !== '');
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  let bracketed = false;
  for (let i = 0; i < value.length; i++) {
    const char = value[i];
    if (char === '\\' && quoted) i += 1;
    else if (char === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (char === '<') bracketed = true;
    else if (char === '>') bracketed = false;
    else if (char === ',' && !bracketed) {
      parts.push(value.slice(start, i).trim());
      start = i + 1;
    }
  }
  parts.push(value.slice(start).trim());
  return parts.filter(part => part !== '');
}

/** Sequence number and method of CSeq; undefined when it is not one. RFC 3261 §20.16. */
export function cseqOf(message: WithHeaders): { number: number; method: string } | undefined {
  const match = /^(\d{1,10})\s+(\S+)$/.exec(headerOf(message, 'cseq') ?? '');
  if (!match?.[1] || !match[2]) return undefined;
  const number = Number(match[1]);
  return number < 2 ** 31 ? { number, method: match[2] } : undefined;
}

export function callIdOf(message: WithHeaders): string {
  return headerOf(message, 'call-id') ?? '';
}

/** Bytes it had on the wire. */
export function sizeOf(message: Pick<SipMessage, 'head' | 'body'>): number {
  return message.head.length + message.body.length;
}
