/** Messages as the application writes them: loose in case and order, incomplete on purpose. */

import { writtenHost } from '../message/address.ts';
import { headerKey } from '../message/names.ts';
import { endOfHead } from '../message/parse.ts';
import type { HeaderLine } from '../message/serialize.ts';
import type { Flow } from '../transport/flow.ts';

export interface AppMessage {
  readonly startLine: string;
  readonly headers: readonly HeaderLine[];
  readonly body: Buffer;
}

/** The server's own business: whatever the application says of these is dropped. */
const DROPPED = new Set(['via', 'route', 'record-route', 'rseq', 'content-length']);

/** Reads it; the body is all after the empty line, whatever Content-Length claims. */
export function parseAppMessage(data: Buffer): AppMessage {
  const end = endOfHead(data) ?? data.length;
  const [startLine = '', ...lines] = data.toString('utf8', 0, end).split(/\r?\n/);
  const headers: HeaderLine[] = [];
  for (const line of lines) {
    const match = /^([A-Za-z0-9\-.!%*_+`'~]+)\s*:\s*(.*)$/.exec(line);
    if (match?.[1] && !DROPPED.has(headerKey(match[1])))
      headers.push([match[1], match[2]?.trim() ?? '']);
  }
  return { startLine, headers, body: data.subarray(end) };
}

/** First value of a header. */
export function appHeader(message: AppMessage, key: string): string | undefined {
  return message.headers.find(([name]) => headerKey(name) === key)?.[1];
}

/** Each value of a header. */
export function appHeaders(message: AppMessage, key: string): string[] {
  return message.headers.filter(([name]) => headerKey(name) === key).map(([, value]) => value);
}

/** All headers but these. */
export function otherHeaders(message: AppMessage, keys: readonly string[]): HeaderLine[] {
  return message.headers.filter(([name]) => !keys.includes(headerKey(name)));
}

/** Content-Type for a body without one: SDP is known by its first line; anything else must be named. */
export function contentType(message: AppMessage): HeaderLine[] {
  const given = appHeader(message, 'content-type');
  if (message.body.length === 0) return [];
  if (given !== undefined) return [['Content-Type', given]];
  if (message.body.toString('latin1', 0, 3) === 'v=0') return [['Content-Type', 'application/sdp']];
  throw new Error('missing content-type');
}

/** Puts our address where the application wrote `user@localhost`. */
export function withoutLocalhost(value: string, flow: Flow): string {
  return value.replace(/@localhost(?::\d+)?(?=[>;?\s]|$)/gi, `@${ownAddress(flow)}`);
}

/** The same for From, where a bare `sip:localhost` means us as well. */
export function fromWithoutLocalhost(value: string, flow: Flow): string {
  return withoutLocalhost(value, flow).replace(
    /(sips?:)localhost(?::\d+)?(?=[>;?\s]|$)/gi,
    `$1${ownAddress(flow)}`,
  );
}

/** `<sip:host:port>` of the transport a message runs over. */
export function ownContact(flow: Flow): string {
  const transport = flow.protocol === 'udp' ? '' : `;transport=${flow.protocol}`;
  return `<sip:${ownAddress(flow)}${transport}>`;
}

/** `host:port` of ours as peers reach it. */
export function ownAddress({ localHost, localPort }: Flow): string {
  return `${writtenHost(localHost)}:${localPort}`;
}
