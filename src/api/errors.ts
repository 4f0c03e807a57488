import type { ErrorRequestHandler } from 'express';
import type { Logger } from 'pino';
import type { z } from 'zod';
import type { ErrorView } from '../contract/rest.ts';
import { GatewayError, type GatewayErrorCode, toGatewayError } from '../domain/errors.ts';

/** Parses outside data; @throws GatewayError `bad-request` naming each wrong field. */
export function parseBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(issue => ({
    path: issue.path.join('.'),
    message: issue.message,
  }));
  throw new GatewayError('bad-request', 'The request is not understood.', {
    details: { problems },
  });
}

/** @throws GatewayError `not-found` for undefined and false */
export function found<T>(value: T | undefined | false, what: string): T {
  if (value === undefined || value === false)
    throw new GatewayError('not-found', `There is no such ${what}.`);
  return value;
}

/** The body of every error. What is our own fault keeps its reasons for the log. */
export function errorView(error: GatewayError): ErrorView {
  const isOurs = error.outcome.blame === 'server';
  const message = isOurs ? 'Something went wrong here; it has been logged.' : error.message;
  const hasDetails = !isOurs && Object.keys(error.details).length > 0;
  return { error: { code: error.code, message, ...(hasDetails && { details: error.details }) } };
}

/** The only place where an error meets HTTP. */
export function errorHandler(log: Logger): ErrorRequestHandler {
  return (thrown, req, res, next) => {
    if (res.headersSent) return next(thrown);
    const error = readRefusal(thrown) ?? toGatewayError(thrown);
    const { blame, httpStatus } = error.outcome;
    const retryAfterSec = error.details.retryAfterSec ?? error.outcome.retryAfterSec;
    const fields = { code: error.code, blame, method: req.method, path: req.path };
    if (blame === 'client') log.debug(fields, 'request refused');
    else log.error({ ...fields, err: error }, 'request failed');
    if (retryAfterSec !== undefined) res.set('Retry-After', String(retryAfterSec));
    res.status(httpStatus).json(errorView(error));
  };
}

/**
 * Errors of express and its body parser that blame the client (malformed,
 * oversized, a path that does not decode) carry the HTTP status they mean.
 */
function readRefusal(thrown: unknown): GatewayError | undefined {
  if (!(thrown instanceof Error) || thrown instanceof GatewayError) return undefined;
  const { status, type } = thrown as { status?: unknown; type?: unknown };
  if (typeof status !== 'number' || status < 400 || status > 499) return undefined;
  const [code, message] = refusalOf(status, type);
  return new GatewayError(code, message, { cause: thrown });
}

function refusalOf(status: number, type: unknown): [GatewayErrorCode, string] {
  if (status === 413) return ['too-large', 'The request is too large.'];
  if (status === 415) return ['content-type-unsupported', 'Send JSON, in UTF-8.'];
  if (type === 'entity.parse.failed') return ['bad-request', 'The request is not valid JSON.'];
  return ['bad-request', 'The request is not understood.'];
}
