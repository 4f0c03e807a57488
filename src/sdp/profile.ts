/** RTP profiles, and whether a line is taken in the clear, secured, or not at all. */
import { type CryptoLine, chooseCrypto } from './crypto.ts';

/**
 * What a site wants: never SRTP, SRTP where the device offers it, or nothing
 * but SRTP.
 */
export type SrtpPolicy = 'off' | 'best-effort' | 'required';

export interface Security {
  /** Undefined: in the clear. */
  readonly crypto: CryptoLine | undefined;
}

type Form = 'plain' | 'plain with key' | 'secure with key' | 'secure without key';
type Verdict = 'clear' | 'secured' | 'refused';

/**
 * The two best-effort forms of the field are a key under RTP/AVP (RFC 8643), and
 * RTP/SAVP and RTP/AVP lines side by side.
 */
const VERDICTS: Record<SrtpPolicy, Record<Form, Verdict>> = {
  off: {
    plain: 'clear',
    'plain with key': 'clear',
    'secure with key': 'refused',
    'secure without key': 'refused',
  },
  'best-effort': {
    plain: 'clear',
    'plain with key': 'secured',
    'secure with key': 'secured',
    'secure without key': 'refused',
  },
  required: {
    plain: 'refused',
    'plain with key': 'secured',
    'secure with key': 'secured',
    'secure without key': 'refused',
  },
};

/** RFC 3551, RFC 4585; RFC 3711, RFC 5124. */
const PLAIN_PROTOS = ['RTP/AVP', 'RTP/AVPF'];
const SECURE_PROTOS = ['RTP/SAVP', 'RTP/SAVPF'];

/** Whether a profile is one of the four; DTLS and data are not. */
export function isRtpProfile(proto: string): boolean {
  return PLAIN_PROTOS.includes(proto) || SECURE_PROTOS.includes(proto);
}

export function isSecureProfile(proto: string): boolean {
  return SECURE_PROTOS.includes(proto);
}

/** How a line of a profile and its keys is taken under a policy; undefined when it is not. */
export function securityOf(
  line: { readonly proto: string; readonly crypto: readonly CryptoLine[] },
  policy: SrtpPolicy,
): Security | undefined {
  if (!isRtpProfile(line.proto)) return undefined;
  const crypto = chooseCrypto(line.crypto);
  const verdict = VERDICTS[policy][formOf(line.proto, crypto)];
  if (verdict === 'refused') return undefined;
  return { crypto: verdict === 'secured' ? crypto : undefined };
}

function formOf(proto: string, crypto: CryptoLine | undefined): Form {
  if (isSecureProfile(proto)) return crypto ? 'secure with key' : 'secure without key';
  return crypto ? 'plain with key' : 'plain';
}
