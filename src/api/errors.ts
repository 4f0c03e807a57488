import type { ErrorRequestHandler } from 'express';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { ErrorView } from '../contract/rest.ts';
import { GatewayError, toGatewayError } from '../domain/errors.ts';

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
    const error = readBodyParserError(thrown) ?? toGatewayError(thrown);
    const { blame, httpStatus, retryAfterSec } = error.outcome;
    const fields = { code: error.code, blame, method: req.method, path: req.path };
    if (blame === 'client') log.debug(fields, 'request refused');
    else log.error({ ...fields, err: error }, 'request failed');
    if (retryAfterSec !== undefined) res.set('Retry-After', String(retryAfterSec));
    res.status(httpStatus).json(errorView(error));
  };
}

const BodyParserError = z.looseObject({ status: z.number().min(400).max(499), type: z.string() });

/** Malformed and oversized bodies come as errors of the body parser. */
function readBodyParserError(thrown: unknown): GatewayError | undefined {
  const parsed = BodyParserError.safeParse(thrown);
  if (!parsed.success) return undefined;
  const tooLarge = parsed.data.type === 'entity.too.large';
  const message = tooLarge ? 'The request is too large.' : 'The request is not valid JSON.';
  return new GatewayError('bad-request', message, { cause: thrown });
}
