import { isIP } from 'node:net';
import { parse as parseSdp, type SessionDescription } from 'sdp-transform';
import { type CryptoLine, readCrypto } from './crypto.ts';
import { isNowhere, withoutReceiving } from './direction.ts';
import { tidySdp } from './tidy.ts';
import type { Direction, MediaAddress, OfferedCodec, OfferedMedia, ParsedOffer } from './types.ts';

/**
 * One medium as the parser gives it. The parser makes numbers of all that looks
 * like one (`a=fmtp:97 15`), whatever its types say: hence `String` below.
 */
type RawMedia = SessionDescription['media'][number] & { content?: unknown; ptime?: unknown };
/** An m-line; RFC 8866 §5.14. The parser's own pattern knows no `port/count` and few tokens. */
interface MediaLine {
  readonly kind: string;
  readonly port: number;
  readonly proto: string;
  readonly formats: string;
}

/** Payload types that need no rtpmap, as far as room codecs use them; RFC 3551 §6. */
const STATIC_CODECS: Record<number, readonly [name: string, clockRateHz: number]> = {
  0: ['pcmu', 8000],
  8: ['pcma', 8000],
  9: ['g722', 8000],
  15: ['g728', 8000],
  18: ['g729', 8000],
  31: ['h261', 90_000],
  34: ['h263', 90_000],
};

const DIRECTIONS: readonly Direction[] = ['sendrecv', 'sendonly', 'recvonly', 'inactive'];
/** Bounds against hostile input; the fullest offer of a room codec has six m-lines and 5 kB. */
const MAX_SDP_CHARS = 64_000;
const MAX_MEDIA = 32;
const MAX_PORT = 65_535;
const MAX_PAYLOAD_TYPE = 127;
/** token, RFC 8866 §9, and the slashes of a proto. */
const MEDIA_LINE =
  /^m=([\w!#$%&'*+.^`{|}~-]+) (\d{1,5})(?:\/\d+)? ([\w!#$%&'*+.^`{|}~/-]+)(?: (.*))?$/;

/** Reads an SDP; undefined when it is none. Never throws. */
export function parseOffer(sdp: string): ParsedOffer | undefined {
  if (sdp.length > MAX_SDP_CHARS) return undefined;
  const tidy = tidySdp(sdp);
  const lines = readMediaLines(tidy);
  if (!tidy.startsWith('v=0\r\n') || !lines) return undefined;
  try {
    const session = parseSdp(tidy);
    const attributes = readAttributes(tidy);
    const media = lines.map((line, index) => ({
      ...readMedia(line, session.media[index], session),
      ...readOwn(attributes[index] ?? []),
    }));
    return {
      media,
      origin: readOrigin(tidy),
      timing: readTiming(tidy),
      bandwidthBps: readBandwidth(session.bandwidth),
    };
  } catch {
    return undefined; // the parser's own limits: not SDP as far as we are concerned
  }
}

/** An SDP of our own side: m-lines as the parser has them, with the keys of each; undefined when it is none. */
export function parseSections(
  sdp: string,
): { readonly session: SessionDescription; readonly keys: CryptoLine[][] } | undefined {
  try {
    const tidy = tidySdp(sdp);
    const session = parseSdp(tidy);
    if (session.media.length === 0) return undefined;
    return { session, keys: readAttributes(tidy).map(readKeys) };
  } catch {
    return undefined; // as above
  }
}

/** All m-lines, or undefined when one is broken: an answer could not mirror it. */
function readMediaLines(tidy: string): MediaLine[] | undefined {
  const texts = tidy.split('\r\n').filter(line => line.startsWith('m='));
  const lines = texts.map(readMediaLine).filter(line => line !== undefined);
  const readable = lines.length === texts.length && lines.length <= MAX_MEDIA;
  return readable && lines.length > 0 ? lines : undefined;
}

function readMediaLine(text: string): MediaLine | undefined {
  const [, kind, portText, proto, formats] = MEDIA_LINE.exec(text) ?? [];
  const port = Number(portText);
  if (kind === undefined || proto === undefined || port > MAX_PORT) return undefined;
  return { kind, port, proto, formats: formats ?? '' };
}

function readMedia(
  line: MediaLine,
  raw: RawMedia | undefined,
  session: SessionDescription,
): Omit<OfferedMedia, keyof OwnReading> {
  const remote = readAddress(line.port, raw, session);
  const direction = readDirection(raw?.direction ?? session.direction);
  return {
    ...line,
    codecs: readCodecs(line.formats, raw),
    direction: isNowhere(remote.host) ? withoutReceiving(direction) : direction,
    remote,
    content: readContent(raw?.content),
    bandwidthBps: readBandwidth(raw?.bandwidth),
    ptimeMs: readPtime(raw?.ptime),
  };
}

/** The m-line's c= before the session's; RTCP on the next port unless said, RFC 3605 §2.1. */
function readAddress(
  port: number,
  raw: RawMedia | undefined,
  session: SessionDescription,
): MediaAddress {
  const written = String(raw?.connection?.ip ?? session.connection?.ip ?? '');
  const host = isIP(written) ? written : '';
  const rtcpPort = Number(raw?.rtcp?.port);
  return { host, rtpPort: port, rtcpPort: isPort(rtcpPort) ? rtcpPort : port + 1 };
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port > 0 && port <= MAX_PORT;
}

function readDirection(value: string | undefined): Direction {
  return DIRECTIONS.find(direction => direction === value) ?? 'sendrecv';
}

function readContent(value: unknown): string[] {
  return String(value ?? '')
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean);
}

/** What the parser reads too little of: it keeps one subtype of feedback and one parameter of a key. */
type OwnReading = Pick<OfferedMedia, 'feedback' | 'crypto' | 'label'>;

function readOwn(attributes: readonly string[]): OwnReading {
  return {
    feedback: valuesOf('rtcp-fb', attributes).flatMap(readFeedback),
    crypto: readKeys(attributes),
    label: valuesOf('label', attributes)[0] ?? '',
  };
}

function readKeys(attributes: readonly string[]): CryptoLine[] {
  return valuesOf('crypto', attributes)
    .map(readCrypto)
    .filter(line => line !== undefined);
}

/** The `a=` lines of each m-line, without `a=`. */
function readAttributes(tidy: string): string[][] {
  const sections: string[][] = [];
  for (const line of tidy.split('\r\n')) {
    if (line.startsWith('m=')) sections.push([]);
    else if (line.startsWith('a=')) sections.at(-1)?.push(line.slice(2));
  }
  return sections;
}

function valuesOf(name: string, attributes: readonly string[]): string[] {
  const start = `${name}:`;
  return attributes
    .filter(attribute => attribute.slice(0, start.length).toLowerCase() === start)
    .map(attribute => attribute.slice(start.length).trim());
}

/** Several subtypes on one line are several kinds: `ccm fir tmmbr` of Polycom HDX. */
function readFeedback(value: string): OfferedMedia['feedback'][number][] {
  const [target = '', type, ...subtypes] = value.toLowerCase().split(' ');
  if (!type || !/^(?:\*|\d{1,3})$/.test(target)) return [];
  const payloadType = target === '*' ? '*' : Number(target);
  const values = subtypes.length === 0 ? [type] : subtypes.map(subtype => `${type} ${subtype}`);
  return values.map(kind => ({ payloadType, value: kind }));
}

function readCodecs(formats: string, raw: RawMedia | undefined): OfferedCodec[] {
  const payloadTypes = formats
    .split(' ')
    .filter(text => /^\d{1,3}$/.test(text))
    .map(Number);
  return [...new Set(payloadTypes)]
    .filter(payloadType => payloadType <= MAX_PAYLOAD_TYPE)
    .map(payloadType => readCodec(payloadType, raw))
    .filter(codec => codec !== undefined);
}

function readCodec(payloadType: number, raw: RawMedia | undefined): OfferedCodec | undefined {
  const map = raw?.rtp.find(rtp => Number(rtp.payload) === payloadType);
  const known = STATIC_CODECS[payloadType];
  const name = String(map?.codec ?? known?.[0] ?? '').toLowerCase();
  const clockRateHz = Number(map?.rate ?? known?.[1]);
  if (name === '' || !Number.isFinite(clockRateHz)) return undefined;
  const channels = Number(map?.encoding ?? 1);
  return { payloadType, name, clockRateHz, channels, fmtp: readFmtp(payloadType, raw) };
}

/** All fmtp lines of one payload type as one value; some devices put braces around it. */
function readFmtp(payloadType: number, raw: RawMedia | undefined): string {
  return (raw?.fmtp ?? [])
    .filter(entry => Number(entry.payload) === payloadType)
    .map(entry => String(entry.config).replace(/[{}]/g, '').trim())
    .join(';');
}

/** Packet time worth repeating: whole ms that a sound packet can have; RFC 8866 §6.4. */
function readPtime(value: unknown): number | undefined {
  const ptimeMs = Number(value);
  return Number.isInteger(ptimeMs) && ptimeMs >= 5 && ptimeMs <= 120 ? ptimeMs : undefined;
}

/** The t= line, which the answer repeats; RFC 3264 §6. */
function readTiming(tidy: string): string {
  return /^t=(\d{1,20} \d{1,20})\r$/m.exec(tidy)?.[1] ?? '0 0';
}

/** Session id and version; RFC 8866 §5.2. */
function readOrigin(tidy: string): string {
  return /^o=\S+ (\d{1,20} \d{1,20}) /m.exec(tidy)?.[1] ?? '';
}

/** Less carries no stream at all: kilobits written where bits belong, or nonsense. */
const LEAST_BANDWIDTH_BPS = 8000;

/**
 * The least of what is said: TIAS in bits without headers, AS and CT in
 * kilobits with them; RFC 3890 §6.2, RFC 8866 §5.8.
 */
function readBandwidth(
  lines: readonly { type: string; limit: number | string }[] | undefined,
): number | undefined {
  const limits = (lines ?? [])
    .filter(({ type }) => type === 'TIAS' || type === 'AS' || type === 'CT')
    .map(({ type, limit }) => (type === 'TIAS' ? Number(limit) : Number(limit) * 1000))
    .filter(limit => Number.isSafeInteger(limit) && limit >= LEAST_BANDWIDTH_BPS);
  return limits.length > 0 ? Math.min(...limits) : undefined;
}
