/** What the SDP for endpoints is put together from; offers and answers share it. */
import { type CryptoLine, writeCrypto } from './crypto.ts';
import type { DtmfPlan, VideoFeedback } from './types.ts';

/** Where the endpoint is to send, and the `o=` line's numbers. */
export interface LocalAddresses {
  readonly host: string;
  readonly audioPort?: number;
  readonly audioRtcpPort?: number;
  /** The relay's keys for sound and picture; RFC 4568. */
  readonly audioCrypto?: readonly CryptoLine[];
  readonly videoPort?: number;
  readonly videoRtcpPort?: number;
  readonly videoCrypto?: readonly CryptoLine[];
  /** The same for all descriptions of a call; digits. */
  readonly sessionId: string;
  /** Grows with each description that differs; RFC 3264 §8. */
  readonly sessionVersion: number;
}

/** What our side decodes: 720p30, the limits of level 3.1; ITU-T H.264 Table A-1. */
export const OUR_LEVEL_IDC = '1f';
/** Always said: Polycom's DMA refuses H.264 without max-fs, github.com/pjsip/pjproject/issues/1239. */
export const OUR_LIMITS = 'max-fs=3600;max-mbps=108000';
/** The sixteen keys of a telephone; RFC 4733 §3.2. */
const DTMF_EVENTS = '0-15';

export function sessionLines(
  { host, sessionId, sessionVersion }: LocalAddresses,
  timing: string,
): string[] {
  const family = host.includes(':') ? 'IP6' : 'IP4';
  return [
    'v=0',
    `o=diemcau ${sessionId} ${sessionVersion} IN ${family} ${host}`,
    's=-',
    `c=IN ${family} ${host}`,
    `t=${timing}`,
  ];
}

/** A line that is not taken, in its place; RFC 3264 §6. */
export function closedLine(line: {
  readonly kind: string;
  readonly proto: string;
  readonly formats: string;
}): string {
  return `m=${line.kind} 0 ${line.proto} ${line.formats || '0'}`;
}

/** Only where RTCP is not on the next port; RFC 3605 §2.1. */
export function rtcpLines(port: number, rtcpPort: number | undefined): string[] {
  return rtcpPort === undefined || rtcpPort === port + 1 ? [] : [`a=rtcp:${rtcpPort}`];
}

/** Both forms: old devices know only AS, which is in kbit/s; RFC 3890 §6.2. */
export function bandwidthLines(bitrateBps: number): string[] {
  return [`b=AS:${Math.ceil(bitrateBps / 1000)}`, `b=TIAS:${bitrateBps}`];
}

export function dtmfLines({ payloadType, clockRateHz }: DtmfPlan): string[] {
  return [
    `a=rtpmap:${payloadType} telephone-event/${clockRateHz}`,
    `a=fmtp:${payloadType} ${DTMF_EVENTS}`,
  ];
}

/** What is understood of RTCP: RFC 4585 §4.2, RFC 5104 §7.1. */
export function feedbackLines(
  payloadType: number | '*',
  { nack, nackPli, ccmFir, tmmbr }: VideoFeedback,
): string[] {
  const kinds = [
    nack && 'nack',
    nackPli && 'nack pli',
    ccmFir && 'ccm fir',
    tmmbr && 'ccm tmmbr',
  ].filter(kind => kind !== false);
  return kinds.map(kind => `a=rtcp-fb:${payloadType} ${kind}`);
}

/** Keys as lines; they may go to the peer and nowhere else. */
export function cryptoLines(lines: readonly CryptoLine[]): string[] {
  return lines.map(line => `a=crypto:${writeCrypto(line)}`);
}

export function joinLines(lines: readonly string[]): string {
  return `${lines.join('\r\n')}\r\n`;
}
