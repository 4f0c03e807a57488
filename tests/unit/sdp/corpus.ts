/** The project's own offers: every folder under `tests/fixtures/sdp`, and what the planner makes of it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
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

/** Devices whose offer there is. */
export function fixtureNames(): string[] {
  return foldersWith('offer.sdp');
}

/** Devices of which there is an answer to an offer of ours. */
export function lateAnswerNames(): string[] {
  return foldersWith('late-answer.sdp');
}

function foldersWith(file: string): string[] {
  return readdirSync(FIXTURES)
    .filter(name => existsSync(new URL(`${name}/${file}`, FIXTURES)))
    .sort();
}

export function readLateAnswer(name: string): string {
  return readFileSync(new URL(`${name}/late-answer.sdp`, FIXTURES), 'utf8');
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
  /** payload type/packetization mode/profile-level-id/direction of ours; codec/payload type/direction of others. */
  readonly video?: string;
  /** max-fs, max-mbps, bit/s sent, bit/s received. */
  readonly limits?: readonly [number, number, number, number];
  /** Kinds of feedback, in the order pli, fir, nack, tmmbr. */
  readonly feedback?: string;
  /** Payload type of digits. */
  readonly dtmf?: number;
  /** Coders the peer would rather have had. */
  readonly passedOver?: string;
  readonly refresh?: 'pli' | 'fir' | 'info';
  /** The m-line of slides that could be opened. */
  readonly slides?: number;
  readonly refused?: 'sdp-invalid' | 'no-common-codec' | 'no-common-crypto';
}

/** The keys that are taken while SRTP is best effort: tag, suite and what else was read. */
export const KEYS: Record<string, { readonly audio: string; readonly video: string }> = {
  'cisco-sx10-besteffort-srtp': {
    audio: '1 AES_CM_128_HMAC_SHA1_80 2^48',
    video: '1 AES_CM_128_HMAC_SHA1_80 2^48',
  },
  'polycom-realpresence-mki': {
    audio: '1 AES_CM_128_HMAC_SHA1_80 2^31 MKI 1:4',
    video: '1 AES_CM_128_HMAC_SHA1_80 2^31 MKI 1:4',
  },
  'tandberg-e20-te4': {
    audio: '0 AES_CM_128_HMAC_SHA1_80 2^48',
    video: '0 AES_CM_128_HMAC_SHA1_80 2^48',
  },
  'yealink-vc200-srtp-compulsory': {
    audio: '2 AES_CM_128_HMAC_SHA1_32',
    video: '2 AES_CM_128_HMAC_SHA1_80',
  },
  'yealink-vc800-srtp-optional': {
    audio: '1 AES_CM_128_HMAC_SHA1_80',
    video: '1 AES_CM_128_HMAC_SHA1_80',
  },
};

export const EXPECTED: Record<string, Expected> = {
  'aethra-vegastar-h263-2000': {
    audio: 'pcma/8/sendrecv',
    dtmf: 101,
    video: 'h263-1998/96/sendrecv',
    limits: [396, 11_869, 1_024_000, 1_024_000],
    feedback: 'fir nack tmmbr',
    refresh: 'fir',
  },
  'avaya-capneg-srtp': {
    audio: 'g722/9/sendrecv',
    dtmf: 100,
    video: '96/0/42801e/sendrecv',
    limits: [1620, 40_500, 512_000, 512_000],
    feedback: '',
    refresh: 'info',
  },
  'avaya-xt5000-ipv6': {
    audio: 'g722/9/sendrecv',
    video: '97/1/42c01f/sendrecv',
    limits: [3600, 108_000, 1_436_000, 1_436_000],
    feedback: 'pli fir nack tmmbr',
    refresh: 'pli',
  },
  'aver-evc130-untidy': {
    audio: 'g722/9/sendrecv',
    video: '96/1/42801f/sendrecv',
    limits: [3600, 108_000, 960_000, 960_000],
    feedback: 'pli',
    dtmf: 101,
    refresh: 'pli',
  },
  'baresip-1-0': {
    audio: 'pcma/8/sendrecv',
    video: '97/0/42001f/sendrecv',
    limits: [3600, 108_000, 1_000_000, 1_000_000],
    feedback: 'pli nack',
    dtmf: 101,
    refresh: 'pli',
  },
  'broken-media-line': { refused: 'sdp-invalid' },
  'chromium-webrtc': { refused: 'no-common-codec' },
  'cisco-cp8865-media-c-lines': {
    audio: 'opus/114/sendrecv',
    dtmf: 103,
    video: '126/1/42e01f/sendonly',
    limits: [3600, 108_000, 1_000_000, 1_000_000],
    feedback: 'pli fir tmmbr',
    refresh: 'pli',
  },
  'cisco-ex90-tc7': {
    audio: 'g722/9/sendrecv',
    video: '113/1/428014/sendrecv',
    limits: [9000, 245_000, 2_000_000, 2_000_000],
    feedback: 'pli fir',
    dtmf: 96,
    passedOver: 'AAC-LD, G.722.1, G.722.1C',
    refresh: 'pli',
    slides: 3,
  },
  'cisco-sx10-besteffort-srtp': {
    audio: 'g722/9/sendrecv',
    dtmf: 101,
    passedOver: 'AAC-LD, G.722.1',
    video: '97/1/428016/sendrecv',
    limits: [3600, 108_000, 1_984_000, 1_984_000],
    feedback: 'pli',
    refresh: 'pli',
  },
  'cisco-sx20-ce8-cucm': {
    audio: 'opus/116/sendrecv',
    video: '126/1/428016/sendrecv',
    limits: [8160, 245_000, 2_000_000, 2_000_000],
    feedback: 'pli fir tmmbr',
    dtmf: 101,
    passedOver: 'AAC-LD',
    refresh: 'pli',
  },
  'dahua-vto-no-fmtp': {
    audio: 'pcmu/0/sendrecv',
    dtmf: 101,
    passedOver: 'pcm',
    video: '105/0/42000a/sendrecv',
    limits: [99, 1485, 64_000, 2_000_000],
    feedback: '',
    refresh: 'info',
  },
  'grandstream-gvc3200-hold': {
    audio: 'pcmu/0/recvonly',
    video: '99/1/428014/recvonly',
    limits: [396, 11_880, 2_000_000, 2_000_000],
    feedback: '',
    refresh: 'info',
  },
  'h323-gateway-g729': {
    video: 'h263/34/sendrecv',
    limits: [396, 11_869, 2_000_000, 2_000_000],
    feedback: '',
    refresh: 'info',
  },
  'huawei-te30-v600': {
    audio: 'pcma/8/sendrecv',
    video: '105/1/42801e/sendrecv',
    limits: [1700, 42_000, 960_000, 960_000],
    feedback: 'pli',
    passedOver: 'AAC-LD',
    refresh: 'pli',
    slides: 2,
  },
  'huawei-te40-label': {
    audio: 'g722/9/sendrecv',
    dtmf: 116,
    passedOver: 'AAC-LD, G.722.1C',
    video: '105/0/42801f/sendrecv',
    limits: [3600, 108_000, 1_472_000, 1_472_000],
    feedback: '',
    refresh: 'info',
    slides: 2,
  },
  'lifesize-icon-wrapped': {
    audio: 'g722/9/sendrecv',
    video: '100/1/42801f/sendrecv',
    limits: [5120, 216_000, 1_984_000, 1_984_000],
    feedback: 'pli',
    dtmf: 101,
    passedOver: 'AAC-LD',
    refresh: 'pli',
  },
  'linphone-desktop-avpf': {
    audio: 'opus/96/sendrecv',
    video: '97/1/42801f/sendrecv',
    limits: [3600, 108_000, 380_000, 380_000],
    feedback: 'pli fir tmmbr',
    dtmf: 101,
    refresh: 'pli',
  },
  'panasonic-vc1000-viewer': {
    audio: 'pcma/8/inactive',
    video: '97/1/42800b/sendonly',
    limits: [1200, 3000, 192_000, 256_000],
    feedback: '',
    refresh: 'info',
  },
  'poly-x50-relayed': {
    audio: 'pcmu/0/sendrecv',
    video: '109/0/428020/sendrecv',
    limits: [8192, 490_000, 2_000_000, 2_000_000],
    feedback: 'fir tmmbr',
    dtmf: 101,
    refresh: 'fir',
  },
  'polycom-group310-6': {
    audio: 'g722/9/sendrecv',
    video: '110/1/428020/sendrecv',
    limits: [8160, 240_000, 1_856_000, 1_856_000],
    feedback: 'fir',
    dtmf: 101,
    passedOver: 'G.722.1C',
    refresh: 'fir',
  },
  'polycom-hdx-3': {
    audio: 'g722/9/sendrecv',
    video: '110/1/42800d/sendrecv',
    limits: [1620, 40_500, 448_000, 448_000],
    feedback: 'fir tmmbr',
    dtmf: 119,
    passedOver: 'G.722.1C, G.722.1',
    refresh: 'fir',
  },
  'polycom-realpresence-mki': { refused: 'no-common-crypto' },
  'polycom-viewstation-7': {
    audio: 'g722/9/sendrecv',
    passedOver: 'G.728',
    video: 'h263/34/sendrecv',
    limits: [396, 5935, 384_000, 448_000],
    feedback: '',
    refresh: 'info',
  },
  'scanner-hostname': { audio: 'pcma/8/sendrecv' },
  'sony-pcs-1600-h261': {
    audio: 'pcmu/0/sendrecv',
    video: 'h261/31/recvonly',
    limits: [396, 5935, 320_000, 320_000],
    feedback: '',
    refresh: 'info',
  },
  'sony-xg80-2': {
    audio: 'pcmu/0/sendrecv',
    video: '98/0/42e016/sendrecv',
    limits: [1620, 20_250, 2_000_000, 2_000_000],
    feedback: '',
    passedOver: 'G.728',
    refresh: 'info',
  },
  'tandberg-e20-te4': {
    audio: 'g722/9/sendrecv',
    video: '103/1/42800c/sendrecv',
    limits: [1200, 36_000, 640_000, 704_000],
    feedback: 'pli',
    dtmf: 101,
    passedOver: 'AAC-LD, G.722.1',
    refresh: 'pli',
  },
  'tandberg-mxp-f8': {
    audio: 'g722/9/sendrecv',
    passedOver: 'G.722.1',
    video: '97/0/42800d/sendrecv',
    limits: [1584, 40_500, 704_000, 704_000],
    feedback: '',
    refresh: 'info',
  },
  'vidyo-gateway-main-profile': {
    video: '123/1/4d401f/sendrecv',
    limits: [3600, 108_000, 2_000_000, 2_000_000],
    feedback: '',
    refresh: 'info',
  },
  'yealink-vc200-srtp-compulsory': { refused: 'no-common-crypto' },
  'yealink-vc800-srtp-optional': {
    audio: 'opus/122/sendrecv',
    video: '99/1/42801f/sendrecv',
    limits: [3600, 108_000, 1_500_000, 1_500_000],
    feedback: 'pli',
    dtmf: 101,
    refresh: 'pli',
  },
};
