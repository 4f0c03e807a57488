import { randomBytes } from 'node:crypto';
import { GatewayError } from '../domain/errors.ts';
import type { FoundEndpoint } from '../domain/site.ts';
import {
  accept,
  type Capabilities,
  DEFAULT_CAPABILITIES,
  type MediaPlan,
  type PlanResult,
  plan,
  quirksOf,
  type SrtpPolicy,
} from '../sdp/index.ts';

/** On what an endpoint's SDP is judged. */
export interface MediaTerms {
  /** What an endpoint is asked to send at most, and what it is sent at most. */
  readonly maxVideoBitrateBps: number;
  readonly maxSentBitrateBps: number;
  readonly srtp: SrtpPolicy;
  /** The User-Agent header; empty when the endpoint says nothing. */
  readonly userAgent: string;
  /** Id of the row of `QUIRKS` that holds whatever the endpoint calls itself. */
  readonly quirks?: string;
}

/** What holds for a site's endpoint where the site says something of its own. */
export function termsOf(
  usual: Omit<MediaTerms, 'userAgent'>,
  { endpoint, site }: FoundEndpoint,
): Omit<MediaTerms, 'userAgent'> {
  const { maxSentBitrateBps } = usual;
  return {
    ...usual,
    srtp: site.srtp ?? usual.srtp,
    maxSentBitrateBps: Math.min(maxSentBitrateBps, pictureShareBps(site.lineSpeedBps)),
    ...(endpoint.quirks !== undefined && { quirks: endpoint.quirks }),
  };
}

/** Sound, headers and whatever else runs over the line. */
const NOT_PICTURE_BPS = 128_000;
const LEAST_PICTURE_BPS = 64_000;

/** What of a line's speed is left for the picture. */
function pictureShareBps(lineSpeedBps = Number.POSITIVE_INFINITY): number {
  return Math.max(LEAST_PICTURE_BPS, lineSpeedBps - NOT_PICTURE_BPS);
}

/** What we offer, and take of an offer. */
export function capabilitiesOf(terms: MediaTerms): Capabilities {
  const { maxVideoBitrateBps, maxSentBitrateBps, srtp } = terms;
  return { ...DEFAULT_CAPABILITIES, maxVideoBitrateBps, maxSentBitrateBps, srtp };
}

/**
 * Reads an offer and decides what of it is taken.
 *
 * @throws GatewayError `sdp-invalid`, `no-common-codec`, `no-common-crypto`
 */
export function planOffer(offerSdp: string, terms: MediaTerms): MediaPlan {
  return planned(plan(offerSdp, capabilitiesOf(terms), quirksOf(terms.userAgent, terms.quirks)));
}

/** The same for an endpoint's answer to an offer of ours. */
export function planAnswer(offerSdp: string, answerSdp: string, terms: MediaTerms): MediaPlan {
  const { srtp, maxSentBitrateBps } = terms;
  const quirks = quirksOf(terms.userAgent, terms.quirks);
  return planned(accept(offerSdp, answerSdp, quirks, srtp, maxSentBitrateBps));
}

/**
 * How our own offer speaks of encryption: not at all; with a key under RTP/AVP, which a
 * device may take or leave (RFC 8643); or RTP/SAVP.
 */
export type OfferForm = 'plain' | 'plain-with-key' | 'secure';

/** The policy under which a form is offered. */
export const POLICY_OF: Readonly<Record<OfferForm, SrtpPolicy>> = {
  plain: 'off',
  'plain-with-key': 'best-effort',
  secure: 'required',
};

/** Forms in which a call of ours is offered, the next when the device refuses one with 488. */
export const OFFER_FORMS: Readonly<Record<SrtpPolicy, readonly OfferForm[]>> = {
  off: ['plain'],
  'best-effort': ['plain-with-key', 'plain'],
  required: ['secure'],
};

/** Nobody is there: RFC 5737 keeps this address for examples, and port 9 discards. */
const NOBODY = 'c=IN IP4 192.0.2.1';
const KEY_AND_SALT_BYTES = 30;

/**
 * What an endpoint that has not said anything yet is taken for, so that ports
 * can be opened for our own offer: silent, at an address that is nobody's. Where
 * a key is offered it has one that nobody knows: the relay makes a key of
 * its own only for a peer that has one, and keeps it when the real key comes.
 */
export function assumedPlan(terms: MediaTerms, form: OfferForm): MediaPlan {
  const hasKey = form !== 'plain';
  const proto = form === 'secure' ? 'RTP/SAVP' : 'RTP/AVP';
  const key = () => (hasKey ? [throwAwayKey()] : []);
  const lines = [
    'v=0',
    'o=- 1 1 IN IP4 192.0.2.1',
    's=-',
    NOBODY,
    't=0 0',
    `m=audio 9 ${proto} 8`,
    ...key(),
    `m=video 9 ${proto} 97`,
    'a=rtpmap:97 H264/90000',
    'a=fmtp:97 profile-level-id=42e01f;packetization-mode=1',
    ...key(),
    '',
  ];
  return planOffer(lines.join('\r\n'), { ...terms, srtp: POLICY_OF[form] });
}

/** Key and salt of the suite every device with SRTP has; RFC 4568 §6.2. */
function throwAwayKey(): string {
  const inline = randomBytes(KEY_AND_SALT_BYTES).toString('base64');
  return `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${inline}`;
}

function planned(result: PlanResult): MediaPlan {
  if (!result.ok) throw new GatewayError(result.code, result.reason);
  return result.plan;
}
