import { GatewayError, type GatewayErrorCode } from '../domain/errors.ts';

/**
 * What a final status of a called device means; RFC 3261 §21. Those that are not here are
 * `peer-failed`. 487 is the answer to our own CANCEL, and is not asked for here.
 */
const CODES: Readonly<Record<number, GatewayErrorCode>> = {
  401: 'peer-forbids',
  403: 'peer-forbids',
  404: 'peer-not-found',
  /** Made by the server when nothing came, or by the device when nobody took it. */
  408: 'peer-unreachable',
  410: 'peer-moved',
  415: 'peer-incompatible',
  407: 'peer-forbids',
  480: 'peer-unavailable',
  484: 'peer-not-found',
  485: 'peer-not-found',
  486: 'peer-busy',
  488: 'peer-incompatible',
  /** Made by the server when nothing could be sent, or by the device that takes no more calls. */
  503: 'peer-unreachable',
  600: 'peer-busy',
  603: 'peer-declined',
  604: 'peer-not-found',
  606: 'peer-incompatible',
};

/** Devices say 480 or 486 when nobody answers, and only the Reason header says more; RFC 3326. */
const BY_Q850: Readonly<Record<number, GatewayErrorCode>> = {
  17: 'peer-busy',
  18: 'peer-no-answer',
  19: 'peer-no-answer',
  21: 'peer-declined',
};

/**
 * The failure of a call of ours, from the final response to its INVITE.
 *
 * @param reasonHeader the Reason header, '' for none
 * @param hasRung whether the device had shown that it rings
 */
export function dialFailure(
  { status, reason }: { readonly status: number; readonly reason: string },
  reasonHeader: string,
  hasRung: boolean,
): GatewayError {
  const cause = Number(/Q\.850\s*;\s*cause\s*=\s*(\d+)/i.exec(reasonHeader)?.[1]);
  const byStatus = isMoved(status) ? 'peer-moved' : CODES[status];
  const rangOut = hasRung && (status === 408 || status === 480) ? 'peer-no-answer' : undefined;
  const code = BY_Q850[cause] ?? rangOut ?? byStatus ?? 'peer-failed';
  const details = { status, ...(Number.isInteger(cause) && { q850: cause }) };
  return new GatewayError(code, `called device says ${status} ${reason}`.trim(), { details });
}

export function isMoved(status: number): boolean {
  return status >= 300 && status < 400;
}
