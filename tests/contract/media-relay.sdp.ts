/** SDP for the relay's tests, as the core writes it. */
import { readRelaySdp } from '../../src/sdp/index.ts';

export interface Ports {
  readonly audio: number;
  readonly video: number;
}

/** RTCP is one above RTP. */
const ENDPOINT: Ports = { audio: 42_000, video: 42_002 };
const INNER: Ports = { audio: 42_010, video: 42_012 };

const AUDIO = { pcma: '8 PCMA/8000', pcmu: '0 PCMU/8000', g722: '9 G722/8000' } as const;
export type TestAudio = keyof typeof AUDIO;

/** An endpoint's streams. */
export function endpointSdp(
  codec: TestAudio = 'pcma',
  options: { host?: string; ports?: Ports } = {},
): string {
  const { host = '192.0.2.20', ports = ENDPOINT } = options;
  return sdp(host, [
    ...media('audio', ports.audio, 'RTP/AVP', AUDIO[codec]),
    ...media('video', ports.video, 'RTP/AVP', '97 H264/90000'),
    'a=fmtp:97 profile-level-id=42e01f;packetization-mode=1',
  ]);
}

/** Our inner side's answer; Opus takes the payload type that the relay's offer gave it. */
export function innerAnswer(
  codec: TestAudio | 'opus' = 'pcma',
  relayOffer = '',
  ports: Ports = INNER,
): string {
  const opus = `${readRelaySdp(relayOffer)?.audio?.payloadType ?? 96} opus/48000/2`;
  return sdp('127.0.0.1', [
    ...media('audio', ports.audio, 'RTP/AVP', codec === 'opus' ? opus : AUDIO[codec]),
    ...media('video', ports.video, 'RTP/AVP', '97 H264/90000'),
    'a=fmtp:97 profile-level-id=42e01f;packetization-mode=1',
  ]);
}

export const FEED_SSRC = 0x0dc0_1234;

/** A feed of the stage. */
export function feedSdp(port = 42_020): string {
  return sdp('127.0.0.1', [
    ...media('video', port, 'RTP/AVP', '107 H264/90000', 'sendonly'),
    'a=fmtp:107 profile-level-id=42e01f;packetization-mode=1',
    'a=rtcp-fb:107 nack pli',
    `a=ssrc:${FEED_SSRC} cname:feed`,
  ]);
}

/** What a room server answers to a feed that the relay has given ICE and DTLS. */
export function roomAnswer(offerSdp: string): string {
  return sdp('10.77.0.1', [
    ...media('video', 42_030, 'UDP/TLS/RTP/SAVPF', '107 H264/90000', 'recvonly'),
    `a=mid:${/^a=mid:(\S+)/m.exec(offerSdp)?.[1] ?? '0'}`,
    'a=rtcp-mux',
    'a=ice-ufrag:room',
    'a=ice-pwd:roomroomroomroomroomroom',
    'a=candidate:1 1 udp 2015363327 10.77.0.1 42030 typ host',
    'a=end-of-candidates',
    `a=fingerprint:sha-256 ${Array(32).fill('AB').join(':')}`,
    'a=setup:active',
  ]);
}

function media(
  kind: string,
  port: number,
  proto: string,
  format: string,
  direction = 'sendrecv',
): string[] {
  const [payloadType] = format.split(' ');
  return [
    `m=${kind} ${port} ${proto} ${payloadType}`,
    `a=rtcp:${port + 1}`,
    `a=rtpmap:${format}`,
    `a=${direction}`,
  ];
}

function sdp(host: string, lines: readonly string[]): string {
  const head = ['v=0', `o=- 1 1 IN IP4 ${host}`, 's=-', `c=IN IP4 ${host}`, 't=0 0'];
  return `${[...head, ...lines].join('\r\n')}\r\n`;
}
