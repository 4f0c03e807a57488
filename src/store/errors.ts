import { GatewayError } from '../domain/errors.ts';

/** Columns that must be unique, as a client knows them. */
const FIELDS: Record<string, string> = {
  'endpoint.sip_username': 'sipUsername',
  'site.number': 'number',
  'site_group.name': 'name',
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
    const field = FIELDS[takenColumn(cause) ?? ''];
    if (field !== undefined)
      throw new GatewayError('conflict', `This ${field} is taken.`, { cause, details: { field } });
    if (stateOf(cause) === UNTRANSLATABLE)
      throw new GatewayError('bad-request', 'A text holds a character that cannot be kept.', {
        cause,
      });
    throw new GatewayError('store-unavailable', 'The database does not answer.', { cause });
  }
}

/** The same for one of several things of a request: a conflict says which. */
export async function storedAt<T>(index: number, step: () => Promise<T>): Promise<T> {
  try {
    return await stored(step);
  } catch (err) {
    if (!(err instanceof GatewayError) || err.code !== 'conflict') throw err;
    const details = { ...err.details, index };
    throw new GatewayError('conflict', err.message, { cause: err.cause, details });
  }
}

/** `table.column` that a unique constraint found taken. */
function takenColumn(cause: unknown): string | undefined {
  if (isUniqueViolation(cause)) {
    const column = /^Key \("?([a-z_]+)"?\)=/.exec(cause.detail ?? '')?.[1];
    return `${cause.table}.${column}`;
  }
  return /UNIQUE constraint failed: (\S+)/.exec(String(cause))?.[1];
}

/** SQLSTATE of PostgreSQL, appendix A of its manual. */
const UNIQUE_VIOLATION = '23505';
/** A zero character, which PostgreSQL keeps in no text. */
const UNTRANSLATABLE = '22021';

function isUniqueViolation(
  cause: unknown,
): cause is { readonly table: string; readonly detail?: string } {
  return stateOf(cause) === UNIQUE_VIOLATION;
}

function stateOf(cause: unknown): unknown {
  return typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
}
