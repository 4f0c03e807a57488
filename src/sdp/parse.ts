import { parse as parseSdp, type SessionDescription } from 'sdp-transform';
import { tidySdp } from './tidy.ts';
import type { Direction, OfferedCodec, OfferedMedia, ParsedOffer } from './types.ts';

type RawMedia = SessionDescription['media'][number];

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

/** Reads an SDP; undefined when it is none. Never throws. */
export function parseOffer(sdp: string): ParsedOffer | undefined {
  if (sdp.length > MAX_SDP_CHARS) return undefined;
  const tidy = tidySdp(sdp);
  if (!/^v=0\r\n/.test(tidy) || !/^m=/m.test(tidy)) return undefined;
  try {
    const session = parseSdp(tidy);
    if (session.media.length === 0 || session.media.length > MAX_MEDIA) return undefined;
    const media = session.media.map(line => readMedia(line, session));
    if (media.some(line => !Number.isInteger(line.port) || line.port < 0 || line.port > 65_535))
      return undefined;
    return { media, bandwidthBps: readBandwidth(session.bandwidth) };
  } catch {
    return undefined; // the parser's own limits: not SDP as far as we are concerned
  }
}

function readMedia(line: RawMedia, session: SessionDescription): OfferedMedia {
  const loose = line as RawMedia & { content?: string; ptime?: number };
  const host = line.connection?.ip ?? session.connection?.ip ?? '';
  const onHold = host === '0.0.0.0' || host === '::'; // RFC 2543 hold, RFC 3264 §8.4
  const direction = readDirection(line.direction ?? session.direction);
  return {
    kind: line.type,
    port: line.port,
    proto: line.protocol,
    formats: String(line.payloads ?? ''),
    codecs: readCodecs(line),
    direction: onHold ? withoutReceiving(direction) : direction,
    remote: { host, rtpPort: line.port, rtcpPort: line.rtcp?.port ?? line.port + 1 },
    content: readContent(loose),
    feedback: (line.rtcpFb ?? []).map(fb => ({
      payloadType: String(fb.payload) === '*' ? '*' : Number(fb.payload),
      value: [fb.type, fb.subtype].filter(Boolean).join(' ').toLowerCase(),
    })),
    bandwidthBps: readBandwidth(line.bandwidth),
    ptimeMs: Number.isFinite(loose.ptime) ? loose.ptime : undefined,
  };
}

function readDirection(value: string | undefined): Direction {
  return DIRECTIONS.find(direction => direction === value) ?? 'sendrecv';
}

function withoutReceiving(direction: Direction): Direction {
  return direction === 'sendrecv' || direction === 'sendonly' ? 'sendonly' : 'inactive';
}

function readContent(line: { content?: string }): string[] {
  return (line.content ?? '')
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean);
}

function readCodecs(line: RawMedia): OfferedCodec[] {
  const payloadTypes = String(line.payloads ?? '')
    .split(' ')
    .filter(text => /^\d{1,3}$/.test(text));
  const codecs: OfferedCodec[] = [];
  for (const payloadType of payloadTypes.map(Number)) {
    const codec = readCodec(line, payloadType);
    if (codec) codecs.push(codec);
  }
  return codecs;
}

function readCodec(line: RawMedia, payloadType: number): OfferedCodec | undefined {
  const map = line.rtp?.find(rtp => Number(rtp.payload) === payloadType);
  const known = STATIC_CODECS[payloadType];
  const name = map?.codec?.toLowerCase() ?? known?.[0];
  const clockRateHz = Number(map?.rate ?? known?.[1]);
  if (name === undefined || !Number.isFinite(clockRateHz)) return undefined;
  const fmtp = line.fmtp?.find(entry => Number(entry.payload) === payloadType)?.config ?? '';
  return { payloadType, name, clockRateHz, channels: Number(map?.encoding ?? 1), fmtp };
}

/** TIAS counts bits without headers, AS and CT kilobits with them; RFC 3890 §6.2, RFC 8866 §5.8. */
function readBandwidth(
  lines: readonly { type: string; limit: number | string }[] | undefined,
): number | undefined {
  const limit = (type: string) => {
    const value = Number(lines?.find(line => line.type.toUpperCase() === type)?.limit);
    return Number.isFinite(value) && value > 0 ? value : undefined;
  };
  const kbps = limit('AS') ?? limit('CT');
  return limit('TIAS') ?? (kbps === undefined ? undefined : kbps * 1000);
}
