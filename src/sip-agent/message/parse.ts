import type { Header, SipMessage, SipRequest } from './message.ts';
import { headerKey } from './names.ts';

export type ParseResult =
  | { readonly ok: true; readonly message: SipMessage }
  /** `request` is there when it can at least be answered with 400. */
  | { readonly ok: false; readonly reason: string; readonly request?: SipRequest };

const CR = 13;
const LF = 10;
const MAX_HEADERS = 256;
/** Longer than any real header; keeps the reading of hostile ones cheap. */
const MAX_LINE_CHARS = 8_192;
const METHOD = /^[A-Za-z0-9\-.!%*_+`'~]{1,64}$/;
const VERSION = /^SIP\/\d{1,3}\.\d{1,3}$/i;
const STATUS = /^(\d{3})(?: (.*))?$/;

/**
 * Reads one message from its bytes. Lenient about what devices get wrong
 * (bare LF, odd case, folding, spaces before the colon); never throws.
 */
export function parseMessage(data: Buffer): ParseResult {
  const end = endOfHead(data);
  if (end === undefined) return { ok: false, reason: 'no end of headers' };
  const head = data.subarray(0, end);
  const lines = unfold(head.toString('utf8'));
  if (lines.length > MAX_HEADERS) return { ok: false, reason: 'too many headers' };
  if (lines.some(line => line.length > MAX_LINE_CHARS))
    return { ok: false, reason: 'header too long' };
  const headers = readHeaders(lines.slice(1));
  const rest = data.subarray(end);
  const body = readBody(rest, headers);
  const message = readStartLine(lines[0] ?? '', { headers, body: body ?? rest, head });
  if (!message) return { ok: false, reason: 'not a start line' };
  if (body) return { ok: true, message };
  const reason = 'body is shorter than Content-Length';
  return message.kind === 'request'
    ? { ok: false, reason, request: message }
    : { ok: false, reason };
}

/** Index after the first empty line; undefined when there is none. */
export function endOfHead(data: Buffer, from = 0): number | undefined {
  for (let lf = data.indexOf(LF, from); lf >= 0; lf = data.indexOf(LF, lf + 1)) {
    const next = data[lf + 1] === CR ? lf + 2 : lf + 1;
    if (data[next] === LF) return next + 1;
  }
  return undefined;
}

/** Content-Length of a head as it stands in the stream; 0 when it is not there, NaN when it is not a number. */
export function contentLength(head: string): number {
  const match = /(?:^|\n)(?:content-length|l)[ \t]*:([^\r\n]*)/i.exec(head);
  if (!match) return 0;
  const value = match[1]?.trim() ?? '';
  return /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
}

type Rest = Pick<SipMessage, 'headers' | 'body' | 'head'>;

function readStartLine(line: string, rest: Rest): SipMessage | undefined {
  const text = line.trim();
  const [first, last] = [text.indexOf(' '), text.lastIndexOf(' ')];
  if (first < 0) return undefined;
  if (/^SIP\//i.test(text)) return readStatusLine(text, rest);
  const [method, version] = [text.slice(0, first), text.slice(last + 1)];
  const uri = text.slice(first + 1, last);
  if (!METHOD.test(method) || !VERSION.test(version) || uri === '') return undefined;
  return { kind: 'request', method, uri, version: version.toUpperCase(), ...rest };
}

function readStatusLine(text: string, rest: Rest): SipMessage | undefined {
  if (!/^SIP\/2\.0 /i.test(text)) return undefined;
  const match = STATUS.exec(text.slice('SIP/2.0 '.length).trimStart());
  const status = Number(match?.[1]);
  if (!(status >= 100 && status < 700)) return undefined;
  return { kind: 'response', status, reason: match?.[2] ?? '', ...rest };
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

function readHeaders(lines: readonly string[]): Header[] {
  const headers: Header[] = [];
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).trim();
    // A lone CR or a NUL in a value must not go out again in a response of ours.
    if (name !== '')
      headers.push({
        key: headerKey(name),
        value: line
          .slice(colon + 1)
          .replaceAll(/[\r\0]/g, ' ')
          .trim(),
        address: undefined,
        via: undefined,
      });
  }
  return headers;
}

/** Over UDP a missing Content-Length means all that is left; RFC 3261 §18.3. */
function readBody(rest: Buffer, headers: readonly Header[]): Buffer | undefined {
  const value = headers.find(header => header.key === 'content-length')?.value;
  if (value === undefined) return rest;
  if (!/^\d{1,9}$/.test(value)) return undefined;
  const length = Number(value);
  return length <= rest.length ? rest.subarray(0, length) : undefined;
}
