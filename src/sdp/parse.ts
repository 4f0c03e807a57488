import { isIP } from 'node:net';
import { parse as parseSdp, type SessionDescription } from 'sdp-transform';
import { withoutReceiving } from './direction.ts';
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
    const media = lines.map((line, index) => readMedia(line, session.media[index], session));
    return { media, timing: readTiming(tidy), bandwidthBps: readBandwidth(session.bandwidth) };
  } catch {
    return undefined; // the parser's own limits: not SDP as far as we are concerned
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
): OfferedMedia {
  const remote = readAddress(line.port, raw, session);
  const direction = readDirection(raw?.direction ?? session.direction);
  return {
    ...line,
    codecs: readCodecs(line.formats, raw),
    direction: isNowhere(remote.host) ? withoutReceiving(direction) : direction,
    remote,
    content: readContent(raw?.content),
    feedback: readFeedback(raw),
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

/** Hold as RFC 2543 wrote it; RFC 3264 §8.4. */
function isNowhere(host: string): boolean {
  return host === '0.0.0.0' || /^[0:]*:[0:]*$/.test(host);
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

function readFeedback(raw: RawMedia | undefined): OfferedMedia['feedback'] {
  return (raw?.rtcpFb ?? []).map(fb => ({
    payloadType: String(fb.payload) === '*' ? '*' : Number(fb.payload),
    value: [fb.type, fb.subtype].filter(Boolean).join(' ').toLowerCase(),
  }));
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

/** TIAS counts bits without headers, AS and CT kilobits with them; RFC 3890 §6.2, RFC 8866 §5.8. */
function readBandwidth(
  lines: readonly { type: string; limit: number | string }[] | undefined,
): number | undefined {
  const limit = (type: string) => {
    const value = Number(lines?.find(line => line.type === type)?.limit);
    return Number.isSafeInteger(value) && value > 0 ? value : undefined;
  };
  const kbps = limit('AS') ?? limit('CT');
  return limit('TIAS') ?? (kbps === undefined ? undefined : kbps * 1000);
}
