import { GatewayError } from '../domain/errors.ts';

/** Columns that must be unique, as a client knows them. */
const FIELDS: Record<string, string> = {
  'endpoint.sip_username': 'sipUsername',
  'site.number': 'number',
  'conference.number': 'number',
  'conference.alias': 'alias',
  'account.login': 'login',
};

/**
 * Runs a database step with its errors in our words.
 *
 * @throws GatewayError `conflict` with the field that is taken, else `store-unavailable`
 */
export async function stored<T>(step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (cause) {
    if (cause instanceof GatewayError) throw cause;
    const column = /UNIQUE constraint failed: (\S+)/.exec(String(cause))?.[1];
    const field = FIELDS[column ?? ''];
    if (field !== undefined)
      throw new GatewayError('conflict', `This ${field} is taken.`, { cause, details: { field } });
    throw new GatewayError('store-unavailable', 'The database does not answer.', { cause });
  }
}
