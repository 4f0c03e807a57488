/** Short SDP for tests, and plans of it. */
import {
  type Capabilities,
  type CryptoLine,
  type LocalAddresses,
  type MediaPlan,
  offer,
  plan,
  type Quirk,
  readRelaySdp,
} from '../../../src/sdp/index.ts';
import { ADDRESSES, CAPABILITIES } from './corpus.ts';
import { inlineKey } from './keys.ts';

export const RELAY_KEY = inlineKey(30, 0x22);
export const H264 = [
  'a=rtpmap:97 H264/90000',
  'a=fmtp:97 profile-level-id=42801f;packetization-mode=1',
];

/** A description by 192.0.2.5 with these lines. */
export function sdpOf(...lines: string[]): string {
  const session = ['v=0', 'o=- 1 1 IN IP4 192.0.2.5', 's=-', 'c=IN IP4 192.0.2.5', 't=0 0'];
  return `${[...session, ...lines].join('\r\n')}\r\n`;
}

/** The plan of an offer that must be taken. */
export function planned(
  sdp: string,
  capabilities: Capabilities = CAPABILITIES,
  quirks: readonly Quirk[] = [],
): MediaPlan {
  const result = plan(sdp, capabilities, quirks);
  if (!result.ok) throw new Error(`${result.code}: ${result.reason}`);
  return result.plan;
}

/** Keys as the relay writes them: tags 1 and 2. */
export function relayKeys(): readonly CryptoLine[] {
  const suites = ['AES_CM_128_HMAC_SHA1_80', 'AES_CM_128_HMAC_SHA1_32', 'AES_192_CM_HMAC_SHA1_80'];
  const lines = suites.map(
    (suite, index) =>
      `a=crypto:${index + 1} ${suite} inline:${index < 2 ? RELAY_KEY : inlineKey(38)}`,
  );
  return readRelaySdp(sdpOf('m=audio 40000 RTP/SAVP 8', ...lines))?.audio?.crypto ?? [];
}

export const SECURE_ADDRESSES: LocalAddresses = {
  ...ADDRESSES,
  audioCrypto: relayKeys(),
  videoCrypto: relayKeys(),
};

/** An offer of ours, best effort. */
export function ourOffer(capabilities: Capabilities = CAPABILITIES): string {
  return offer(capabilities, SECURE_ADDRESSES);
}

export function linesOf(sdp: string, start: RegExp): string[] {
  return sdp.split('\r\n').filter(line => start.test(line));
}
