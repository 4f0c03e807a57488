/** The Via header, RFC 3261 §20.42, with `received` and `rport`, RFC 3581. */
import { isSameHost } from '../transport/host.ts';
import { parseParams } from './address.ts';
import { type SipRequest, splitList, type WithHeaders } from './message.ts';

export interface Via {
  /** Small letters: udp, tcp … */
  readonly protocol: string;
  readonly host: string;
  readonly port: number | undefined;
  readonly params: ReadonlyMap<string, string>;
}

/** Start of every branch made by RFC 3261; §8.1.1.7. */
export const MAGIC_COOKIE = 'z9hG4bK';

export function topVia(message: WithHeaders): Via | undefined {
  for (const header of message.headers) {
    if (header.key !== 'via') continue;
    if (header.via) return header.via;
    const [first] = splitList(header.value);
    if (first === undefined) continue;
    header.via = parseVia(first);
    return header.via;
  }
  return undefined;
}

export function parseVia(value: string): Via | undefined {
  const match =
    /^SIP\s*\/\s*2\.0\s*\/\s*(\w+)\s+(\[[0-9a-f:.]+\]|[^:;\s]+)(?:\s*:\s*(\d{1,5}))?\s*(;.*)?$/i.exec(
      value,
    );
  if (!match?.[1] || !match[2]) return undefined;
  const port = match[3] === undefined ? undefined : Number(match[3]);
  if (port !== undefined && (port < 1 || port > 65_535)) return undefined;
  return {
    protocol: match[1].toLowerCase(),
    host: match[2].replace(/^\[|\]$/g, ''),
    port,
    params: parseParams(match[4] ?? ''),
  };
}

/**
 * The first Via value with where the packet came from written in; `received` holds
 * an IPv6 address without brackets, RFC 5118 §4.5.
 *
 * @param always true adds `rport` also where the peer did not ask, as the
 *   application expects; towards the peer RFC 3581 §4 wants it only on demand
 */
export function completeVia(
  value: string,
  source: { readonly host: string; readonly port: number },
  options: { readonly always: boolean },
): string {
  const via = parseVia(value);
  if (!via) return value;
  const bare = value.replace(/;\s*(?:rport|received)(?=[\s=;,]|$)(?:\s*=\s*[^;,\s]*)?/gi, '');
  const rport = via.params.has('rport') || options.always ? `;rport=${source.port}` : '';
  const received = isSameHost(via.host, source.host) ? '' : `;received=${source.host}`;
  return `${bare}${rport}${received}`;
}

/** A head with its top Via completed and every line ended by CRLF; all else stays as it came. */
export function completeTopVia(
  head: Buffer,
  source: { readonly host: string; readonly port: number },
): Buffer {
  const text = head.toString('latin1').replaceAll(/(?<!\r)\n/g, '\r\n');
  const match = /^(v|via)([ \t]*:[ \t]*)([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)/im.exec(text);
  if (!match?.[3]) return Buffer.from(text, 'latin1');
  const comma = match[3].indexOf(',');
  const first = comma < 0 ? match[3] : match[3].slice(0, comma);
  const rest = comma < 0 ? '' : match[3].slice(comma);
  const unfolded = first.replace(/\r?\n[ \t]+/g, ' ').trim();
  const line = `${match[1]}${match[2]}${completeVia(unfolded, source, { always: true })}${rest}`;
  const after = text.slice(match.index + match[0].length);
  return Buffer.from(text.slice(0, match.index) + line + after, 'latin1');
}

/** A message as it came, with only the top Via completed: what the application gets. */
export function verbatim(
  request: SipRequest,
  source: { readonly host: string; readonly port: number },
): Buffer {
  return Buffer.concat([completeTopVia(request.head, source), request.body]);
}
