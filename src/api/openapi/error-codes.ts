import type { Operation } from '../../contract/operation.ts';
import { type GatewayErrorCode, OUTCOMES } from '../../domain/errors.ts';
import { takesIdempotencyKey } from '../idempotency.ts';

/** The codes an operation may fail with, those of every operation among them. */
export function errorCodesOf(operation: Operation): GatewayErrorCode[] {
  const { method, access, params, query, body, bodyType, errors = [] } = operation;
  const takesBody = body !== undefined || bodyType !== undefined;
  const codes: Readonly<Partial<Record<GatewayErrorCode, boolean>>> = {
    'bad-request': true,
    'auth-required': access !== 'open',
    'not-authorized': access !== 'open',
    'csrf-refused': access !== 'open' && method !== 'get',
    'not-found': params !== undefined || query !== undefined || body !== undefined,
    'too-large': takesBody,
    'idempotency-conflict': takesIdempotencyKey(operation),
    'rate-limited': true,
    internal: true,
    'store-unavailable': true,
  };
  const all = Object.keys(OUTCOMES) as GatewayErrorCode[];
  return all.filter(code => codes[code] === true || errors.includes(code));
}
