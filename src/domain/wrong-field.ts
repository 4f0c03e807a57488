import { GatewayError } from './errors.ts';

/** A request whose form is right and whose field is not, named as the check of the form does. */
export function wrongField(path: string, message: string): GatewayError {
  return new GatewayError('bad-request', 'The request is not understood.', {
    details: { problems: [{ path, message }] },
  });
}
