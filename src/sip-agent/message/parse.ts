import type { Header, SipMessage } from './message.ts';
import { headerKey } from './names.ts';

export type ParseResult =
  | { readonly ok: true; readonly message: SipMessage }
  | { readonly ok: false; readonly reason: string };

const REQUEST_LINE = /^([A-Za-z0-9\-.!%*_+`'~]+) +(\S.*?) +SIP\/2\.0$/i;
const STATUS_LINE = /^SIP\/2\.0 +(\d{3})(?: +(.*))?$/i;
const MAX_HEADERS = 256;

/**
 * Reads one message from its bytes. Lenient about what devices get wrong
 * (bare LF, odd case, folding, spaces before the colon); never throws.
 */
export function parseMessage(data: Buffer): ParseResult {
  const end = endOfHead(data);
  if (end === undefined) return { ok: false, reason: 'no end of headers' };
  const head = data.toString('utf8', 0, end);
  const lines = unfold(head);
  const headers = readHeaders(lines.slice(1));
  if (!headers) return { ok: false, reason: 'too many headers' };
  const body = readBody(data.subarray(end), headers);
  if (!body) return { ok: false, reason: 'body is shorter than Content-Length' };
  return readStartLine(lines[0] ?? '', { headers, body, head });
}

/** Index after the empty line; undefined when there is none. */
export function endOfHead(data: Buffer): number | undefined {
  const crlf = data.indexOf('\r\n\r\n');
  if (crlf >= 0) return crlf + 4;
  const lf = data.indexOf('\n\n');
  return lf >= 0 ? lf + 2 : undefined;
}

/** Content-Length of a head; 0 when it is not there, NaN when it is not a number. */
export function contentLength(head: string): number {
  const match = /^(?:content-length|l)[ \t]*:[ \t]*(.*?)[ \t]*\r?$/im.exec(head);
  if (!match) return 0;
  return /^\d{1,9}$/.test(match[1] ?? '') ? Number(match[1]) : Number.NaN;
}

function readStartLine(
  line: string,
  rest: { headers: readonly Header[]; body: Buffer; head: string },
): ParseResult {
  const status = STATUS_LINE.exec(line);
  if (status)
    return {
      ok: true,
      message: { kind: 'response', status: Number(status[1]), reason: status[2] ?? '', ...rest },
    };
  const request = REQUEST_LINE.exec(line);
  if (!request?.[1] || !request[2]) return { ok: false, reason: 'not a start line' };
  return { ok: true, message: { kind: 'request', method: request[1], uri: request[2], ...rest } };
}

/** Lines without their ends, continuations joined; RFC 3261 §7.3.1. */
function unfold(head: string): string[] {
  const lines: string[] = [];
  for (const line of head.split(/\r?\n/)) {
    if (line === '') continue;
    if (/^[ \t]/.test(line) && lines.length > 1) lines.push(`${lines.pop()} ${line.trim()}`);
    else lines.push(line);
  }
  return lines;
}

function readHeaders(lines: readonly string[]): Header[] | undefined {
  if (lines.length > MAX_HEADERS) return undefined;
  const headers: Header[] = [];
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim();
    if (colon > 0 && name !== '')
      headers.push({ key: headerKey(name), value: line.slice(colon + 1).trim() });
  }
  return headers;
}

/** Over UDP a missing Content-Length means all that is left; RFC 3261 §18.3. */
function readBody(rest: Buffer, headers: readonly Header[]): Buffer | undefined {
  const value = headers.find(header => header.key === 'content-length')?.value;
  if (value === undefined || !/^\d{1,9}$/.test(value)) return rest;
  const length = Number(value);
  return length <= rest.length ? rest.subarray(0, length) : undefined;
}
