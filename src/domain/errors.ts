/** Who has to act. Alerts fire on `server` and `upstream`, never on `client`. */
export type Blame = 'client' | 'server' | 'upstream' | 'unknown';

/** How one code looks on each edge. */
export interface Outcome {
  readonly blame: Blame;
  /** Final SIP status; undefined where no request of a peer is refused with it. */
  readonly sipStatus?: number;
  /** Cause for the Reason header, RFC 3326; values of ITU-T Q.850. */
  readonly q850?: number;
  /** Code and text of the Warning header, RFC 3261 §20.43. */
  readonly warning?: readonly [code: number, text: string];
  /** Seconds for Retry-After, RFC 3261 §20.33. */
  readonly retryAfterSec?: number;
  readonly httpStatus: number;
}

/** Every code this program fails with; the only place where a code meets a status. */
export const OUTCOMES = {
  'bad-message': { blame: 'client', sipStatus: 400, q850: 41, httpStatus: 400 },
  'bad-request': { blame: 'client', sipStatus: 400, q850: 41, httpStatus: 400 },
  'auth-required': { blame: 'client', sipStatus: 401, q850: 21, httpStatus: 401 },
  'not-authorized': { blame: 'client', sipStatus: 403, q850: 21, httpStatus: 403 },
  /** Whoever wants to come in has not said the conference's PIN, or not the right one. */
  'pin-required': { blame: 'client', sipStatus: 403, q850: 21, httpStatus: 403 },
  'pin-wrong': { blame: 'client', sipStatus: 403, q850: 21, httpStatus: 403 },
  'not-found': { blame: 'client', sipStatus: 404, q850: 1, httpStatus: 404 },
  /** Nobody new is let in; whoever runs the meeting can unlock it, or call the endpoint. */
  'conference-locked': { blame: 'client', sipStatus: 403, q850: 21, httpStatus: 409 },
  'conference-not-found': { blame: 'client', sipStatus: 404, q850: 1, httpStatus: 404 },
  /** There is nobody to take a snapshot of now; the message says what to do. */
  'no-picture': { blame: 'client', httpStatus: 409 },
  conflict: { blame: 'client', sipStatus: 485, q850: 1, httpStatus: 409 },
  /** Somebody else changed it since it was read; `details.current` is its version now. */
  'version-conflict': { blame: 'client', httpStatus: 409 },
  /** This idempotency key came with another request before. */
  'idempotency-conflict': { blame: 'client', httpStatus: 409 },
  /** Wrong account or password, or an account that may not sign in; which is not told. */
  'sign-in-refused': { blame: 'client', httpStatus: 401 },
  /** The password was right; a code of the second factor is missing or wrong. */
  'second-factor-required': { blame: 'client', httpStatus: 401 },
  /** The organisation's own sign-in did not answer, or not as it should. */
  'organisation-sign-in-failed': { blame: 'upstream', httpStatus: 502 },
  /** A change by cookie without the session's own token. */
  'csrf-refused': { blame: 'client', httpStatus: 403 },
  'file-not-understood': { blame: 'client', httpStatus: 400 },
  'too-large': { blame: 'client', httpStatus: 413 },
  'content-type-unsupported': { blame: 'client', sipStatus: 415, q850: 79, httpStatus: 415 },
  'sdp-invalid': { blame: 'client', sipStatus: 400, q850: 41, httpStatus: 400 },
  'no-common-codec': {
    blame: 'client',
    sipStatus: 488,
    warning: [305, 'Incompatible media format'],
    httpStatus: 422,
  },
  'no-common-crypto': {
    blame: 'client',
    sipStatus: 488,
    warning: [302, 'Incompatible transport protocol'],
    httpStatus: 422,
  },
  'rate-limited': { blame: 'client', sipStatus: 503, q850: 41, retryAfterSec: 5, httpStatus: 429 },
  'media-relay-down': {
    blame: 'upstream',
    sipStatus: 503,
    q850: 41,
    retryAfterSec: 10,
    httpStatus: 503,
  },
  'media-relay-refused': { blame: 'upstream', sipStatus: 500, q850: 41, httpStatus: 502 },
  'room-server-down': {
    blame: 'upstream',
    sipStatus: 503,
    q850: 41,
    retryAfterSec: 10,
    httpStatus: 503,
  },
  'stage-down': { blame: 'upstream', sipStatus: 503, q850: 41, retryAfterSec: 10, httpStatus: 503 },
  'media-ports-exhausted': {
    blame: 'server',
    sipStatus: 503,
    q850: 41,
    retryAfterSec: 10,
    httpStatus: 503,
  },
  'room-server-refused': { blame: 'upstream', sipStatus: 500, q850: 41, httpStatus: 502 },
  'store-unavailable': {
    blame: 'server',
    sipStatus: 503,
    q850: 41,
    retryAfterSec: 10,
    httpStatus: 503,
  },
  /** The connection to the SIP server was lost; its dialogs are gone. */
  'sip-server-down': {
    blame: 'upstream',
    sipStatus: 503,
    q850: 41,
    retryAfterSec: 10,
    httpStatus: 503,
  },
  /** Somebody else shares a screen; `details.name` says who. */
  'content-taken': { blame: 'client', httpStatus: 409 },
  /** The ACK to our offer brought no SDP. */
  'answer-missing': { blame: 'client', httpStatus: 504 },
  /** The endpoint took no offer of ours while the call ran. */
  'offer-refused': { blame: 'client', httpStatus: 504 },
  /** The voice menu asked and nobody pressed a key. */
  'menu-unanswered': { blame: 'client', httpStatus: 504 },
  /** A room codec that was called is in another call. */
  'peer-busy': { blame: 'client', httpStatus: 409 },
  /** Somebody there refused the call. */
  'peer-declined': { blame: 'client', httpStatus: 409 },
  /** It rang and nobody took it. */
  'peer-no-answer': { blame: 'client', httpStatus: 504 },
  /** Nothing came back, or nothing could be sent. */
  'peer-unreachable': { blame: 'unknown', httpStatus: 504 },
  /** It is there, and takes no calls now: do not disturb, not signed in at its own server. */
  'peer-unavailable': { blame: 'client', httpStatus: 504 },
  /** The address is right, the name in it is not known there. */
  'peer-not-found': { blame: 'client', httpStatus: 404 },
  /** It takes nothing of what we can send: codecs, or encryption. */
  'peer-incompatible': { blame: 'client', httpStatus: 422 },
  /** It wants a password of who calls it, or lets nobody in. */
  'peer-forbids': { blame: 'client', httpStatus: 409 },
  /** It sends callers to an address that is not the site's. */
  'peer-moved': { blame: 'client', httpStatus: 409 },
  /** It answered with an error of its own. */
  'peer-failed': { blame: 'upstream', httpStatus: 502 },
  /** Nothing is known of where the endpoint could be called. */
  'peer-address-missing': { blame: 'client', httpStatus: 409 },
  'ack-timeout': { blame: 'unknown', httpStatus: 504 },
  'media-timeout': { blame: 'unknown', httpStatus: 504 },
  'invalid-state': { blame: 'server', sipStatus: 500, q850: 41, httpStatus: 500 },
  internal: { blame: 'server', sipStatus: 500, q850: 41, httpStatus: 500 },
} as const satisfies Record<string, Outcome>;

export type GatewayErrorCode = keyof typeof OUTCOMES;

interface GatewayErrorOptions {
  readonly cause?: unknown;
  /** Facts for the log and the API body; never secrets. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** The one error class of the gateway: the code is the contract, the message is for people. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly code: GatewayErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: GatewayErrorCode, message: string, options: GatewayErrorOptions = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
  }

  get outcome(): Outcome {
    return OUTCOMES[this.code];
  }
}

/** Anything thrown, as one of ours; the unknown becomes `internal` with its cause kept. */
export function toGatewayError(thrown: unknown): GatewayError {
  if (thrown instanceof GatewayError) return thrown;
  return new GatewayError('internal', 'unexpected failure', { cause: thrown });
}
