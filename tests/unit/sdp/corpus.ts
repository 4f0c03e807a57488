/** The project's own offers: every folder under `tests/fixtures/sdp`, and what the planner makes of it. */
import { readdirSync, readFileSync } from 'node:fs';
import {
  type AnswerAddresses,
  type Capabilities,
  DEFAULT_CAPABILITIES,
} from '../../../src/sdp/index.ts';

const FIXTURES = new URL('../../fixtures/sdp/', import.meta.url);

export const CAPABILITIES: Capabilities = {
  ...DEFAULT_CAPABILITIES,
  maxVideoBitrateBps: 2_000_000,
};

export const ADDRESSES: AnswerAddresses = {
  host: '192.0.2.1',
  audioPort: 40_000,
  audioRtcpPort: 40_001,
  videoPort: 40_002,
  videoRtcpPort: 40_003,
  sessionId: '700',
  sessionVersion: 1,
};

export function fixtureNames(): string[] {
  return readdirSync(FIXTURES).sort();
}

export function readOffer(name: string): string {
  return readFileSync(new URL(`${name}/offer.sdp`, FIXTURES), 'utf8');
}

/** The answer that was read and found right, with CRLF as it is sent. */
export function readExpectedAnswer(name: string): string {
  return readFileSync(new URL(`${name}/answer.sdp`, FIXTURES), 'utf8').replaceAll('\n', '\r\n');
}

export interface Expected {
  /** coder/payload type/direction of ours. */
  readonly audio?: string;
  /** payload type/packetization mode/profile-level-id/direction of ours. */
  readonly video?: string;
  /** max-fs, max-mbps, bit/s sent, bit/s received. */
  readonly limits?: readonly [number, number, number, number];
  /** Kinds of feedback, in the order pli, fir, nack, tmmbr. */
  readonly feedback?: string;
  readonly refused?: 'sdp-invalid' | 'no-common-codec';
}

export const EXPECTED: Record<string, Expected> = {
  'avaya-xt5000-ipv6': {
    audio: 'g722/9/sendrecv',
    video: '97/1/42c01f/sendrecv',
    limits: [3600, 108_000, 1_500_000, 1_500_000],
    feedback: 'pli fir nack tmmbr',
  },
  'aver-evc130-untidy': {
    audio: 'g722/9/sendrecv',
    video: '96/1/42801f/sendrecv',
    limits: [3600, 108_000, 1_024_000, 1_024_000],
    feedback: 'pli',
  },
  'baresip-1-0': {
    audio: 'pcma/8/sendrecv',
    video: '97/0/42001f/sendrecv',
    limits: [3600, 108_000, 1_000_000, 1_000_000],
    feedback: 'pli nack',
  },
  'broken-media-line': { refused: 'sdp-invalid' },
  'chromium-webrtc': { refused: 'no-common-codec' },
  'cisco-ex90-tc7': {
    audio: 'g722/9/sendrecv',
    video: '113/1/428014/sendrecv',
    limits: [9000, 245_000, 2_000_000, 2_000_000],
    feedback: 'pli fir',
  },
  'cisco-sx20-ce8-cucm': {
    audio: 'opus/116/sendrecv',
    video: '126/1/428016/sendrecv',
    limits: [8160, 245_000, 2_000_000, 2_000_000],
    feedback: 'pli fir tmmbr',
  },
  'grandstream-gvc3200-hold': {
    audio: 'pcmu/0/recvonly',
    video: '99/1/428014/recvonly',
    limits: [396, 11_880, 2_000_000, 2_000_000],
    feedback: '',
  },
  'h323-gateway-g729': { refused: 'no-common-codec' },
  'huawei-te30-v600': {
    audio: 'pcma/8/sendrecv',
    video: '105/1/42801e/sendrecv',
    limits: [1700, 42_000, 1_024_000, 1_024_000],
    feedback: 'pli',
  },
  'lifesize-icon-wrapped': {
    audio: 'g722/9/sendrecv',
    video: '100/1/42801f/sendrecv',
    limits: [5120, 216_000, 2_000_000, 2_000_000],
    feedback: 'pli',
  },
  'linphone-desktop-avpf': {
    audio: 'opus/96/sendrecv',
    video: '97/1/42801f/sendrecv',
    limits: [3600, 108_000, 380_000, 380_000],
    feedback: 'pli fir tmmbr',
  },
  'panasonic-vc1000-viewer': {
    audio: 'pcma/8/inactive',
    video: '97/1/42800b/sendonly',
    limits: [1200, 3000, 192_000, 256_000],
    feedback: '',
  },
  'poly-x50-relayed': {
    audio: 'pcmu/0/sendrecv',
    video: '109/0/428020/sendrecv',
    limits: [8192, 490_000, 2_000_000, 2_000_000],
    feedback: 'fir tmmbr',
  },
  'polycom-group310-6': {
    audio: 'g722/9/sendrecv',
    video: '110/1/428020/sendrecv',
    limits: [8160, 240_000, 1_920_000, 1_920_000],
    feedback: 'fir',
  },
  'polycom-hdx-3': {
    audio: 'g722/9/sendrecv',
    video: '110/1/42800d/sendrecv',
    limits: [1620, 40_500, 512_000, 512_000],
    feedback: 'fir',
  },
  'scanner-hostname': { audio: 'pcma/8/sendrecv' },
  'sony-xg80-2': {
    audio: 'pcmu/0/sendrecv',
    video: '98/0/42e016/sendrecv',
    limits: [1620, 20_250, 2_000_000, 2_000_000],
    feedback: '',
  },
  'tandberg-e20-te4': {
    audio: 'g722/9/sendrecv',
    video: '103/1/42800c/sendrecv',
    limits: [1200, 36_000, 640_000, 768_000],
    feedback: 'pli',
  },
  'vidyo-gateway-main-profile': {
    video: '123/1/4d401f/sendrecv',
    limits: [3600, 108_000, 2_000_000, 2_000_000],
    feedback: '',
  },
  'yealink-vc800-srtp-optional': {
    audio: 'opus/122/sendrecv',
    video: '99/1/42801f/sendrecv',
    limits: [3600, 108_000, 1_500_000, 1_500_000],
    feedback: 'pli',
  },
};
