import { GatewayError, toGatewayError } from '../domain/errors.ts';

/** What stopped a call on its way to the answer; time that ran out is our engines' fault. */
export function asSetUpError(thrown: unknown): GatewayError {
  if (thrown instanceof DOMException && thrown.name === 'TimeoutError')
    return new GatewayError('media-relay-down', 'setting up the call took too long', {
      cause: thrown,
    });
  return toGatewayError(thrown);
}
