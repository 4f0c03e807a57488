import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import type { z } from 'zod';
import type { AnswerOf, BodyOf, Operation, ParamsOf, QueryOf } from '../contract/operation.ts';
import type { Permission } from '../contract/permissions.ts';
import type { Principal } from '../domain/actor.ts';
import { GatewayError } from '../domain/errors.ts';
import type { Authenticate } from './auth.ts';
import { parseBody } from './errors.ts';
import { type Idempotency, takesIdempotencyKey } from './idempotency.ts';

/** A request that has passed its operation's checks. */
export interface Asked<O> {
  readonly params: ParamsOf<O>;
  readonly query: QueryOf<O>;
  readonly body: BodyOf<O>;
  /** Who asks; of an `open` operation only when somebody is signed in. */
  readonly by: O extends { access: 'open' } ? Principal | undefined : Principal;
  readonly req: Request;
  readonly res: Response;
}

/** What a handler gives; where there is no schema, bytes of the operation's `answerType` or nothing. */
type Given<O> = (AnswerOf<O> extends undefined ? Buffer : AnswerOf<O>) | undefined;

export interface MountOptions {
  readonly router: Router;
  readonly authenticate: Authenticate;
  /** Parses the body, after the checks of who asks. */
  readonly readBody: RequestHandler;
  /** The same where nobody has to be proved: takes less. */
  readonly readOpenBody: RequestHandler;
  readonly idempotency: Idempotency;
}

/** Answers operations: each is served at its path, to whom it is for, with what it takes. */
export class OperationRoutes {
  readonly #options: MountOptions;
  readonly #served: Operation[] = [];

  constructor(options: MountOptions) {
    this.#options = options;
  }

  /** What is served so far. */
  get served(): readonly Operation[] {
    return this.#served;
  }

  /**
   * @param handler gives the answer; what it gives is sent as JSON with the operation's
   *   status, and `undefined` with a JSON answer is `not-found`
   */
  serve<O extends Operation<z.ZodType, z.ZodType, z.ZodType, z.ZodType>>(
    operation: O,
    handler: (asked: Asked<O>) => Promise<Given<O>> | Given<O>,
  ): void {
    const { router, authenticate, readBody, readOpenBody, idempotency } = this.#options;
    const { method, path, access } = operation;
    this.#served.push(operation);
    const proved: RequestHandler = async (req, res, next) => {
      const principal = await authenticate(req, access);
      if (access !== 'open') requirePrincipal(principal, operation, res);
      res.locals[PRINCIPAL] = principal;
      next();
    };
    const answered: RequestHandler = async (req, res) => {
      const asked = {
        params: parsed(operation.params, req.params),
        query: parsed(operation.query, req.query),
        body: parsed(operation.body, req.body),
        by: res.locals[PRINCIPAL],
        req,
        res,
      } as Asked<O>;
      const key = req.get('idempotency-key');
      if (key === undefined || !takesIdempotencyKey(operation) || !asked.by)
        return send(operation, res, await handler(asked));
      const { params, query, body, by } = asked;
      const request = { operation: operation.id, params, query, body };
      const work = async () => handler(asked);
      const { answer, isReplayed } = await idempotency.run({ key, by, request }, work);
      if (isReplayed) res.set('Idempotency-Replayed', 'true');
      send(operation, res, answer);
    };
    const reader = access === 'open' ? readOpenBody : readBody;
    const body = operation.bodyType !== undefined ? [readFile] : operation.body ? [reader] : [];
    router[method](path, proved, ...body, answered);
  }
}

/** For what is no operation: lets through who may do this. */
export function requirePermission(authenticate: Authenticate, access: Permission): RequestHandler {
  return async (req, res, next) => {
    requirePrincipal(await authenticate(req, access), { access }, res);
    next();
  };
}

/** A file with 1,000 sites is a tenth of this. */
const MAX_FILE = '10mb';
const readFile = express.raw({ limit: MAX_FILE, type: () => true });

const PRINCIPAL = 'principal';

function requirePrincipal(
  by: Principal | undefined,
  { access }: Pick<Operation, 'access'>,
  res: Response,
): asserts by is Principal {
  if (!by) {
    res.set('WWW-Authenticate', 'Bearer realm="diemcau"');
    throw new GatewayError(
      'auth-required',
      'Sign in at /admin, or give a token as “Authorization: Bearer …”.',
    );
  }
  if (access === 'open' || access === 'signed-in' || by.permissions.has(access)) return;
  throw new GatewayError(
    'not-authorized',
    'Your account may not do this. Ask an administrator for the right.',
    {
      details: { permission: access },
    },
  );
}

function parsed(schema: z.ZodType | undefined, value: unknown): unknown {
  const given = schema && parseBody(schema, value ?? {});
  if (hasNul(given))
    throw new GatewayError('bad-request', 'The request is not understood.', {
      details: { problems: [{ path: '', message: 'no text may contain the character NUL' }] },
    });
  return given;
}

/** No database takes it: one ends the text there, the other fails. */
function hasNul(value: unknown): boolean {
  const rest = [value];
  for (let one = rest.pop(); one !== undefined; one = rest.pop()) {
    if (typeof one === 'string' && one.includes('\0')) return true;
    if (typeof one === 'object' && one !== null)
      for (const part of Object.values(one)) if (part !== undefined) rest.push(part);
  }
  return false;
}

function send(operation: Operation, res: Response, answer: unknown): void {
  const status = operation.status ?? 200;
  if (res.headersSent) return;
  if (status === 204 || (!operation.answer && answer === undefined)) {
    res.status(status).end();
    return;
  }
  if (answer === undefined) throw new GatewayError('not-found', 'There is nothing of this kind.');
  if (status === 201 && hasId(answer) && !operation.path.includes(':'))
    res.location(`/api/v1${operation.path}/${answer.id}`);
  if (Buffer.isBuffer(answer))
    res
      .status(status)
      .type(operation.answerType ?? 'bin')
      .send(answer);
  else res.status(status).json(answer);
}

function hasId(answer: unknown): answer is { readonly id: string } {
  return typeof answer === 'object' && answer !== null && 'id' in answer;
}
