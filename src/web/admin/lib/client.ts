import type { ZodUndefined, z } from 'zod';
import type { AnswerOf, Operation } from '../../../contract/operation.ts';
import { Problem, readProblem } from './problem.ts';

export type AnyOperation = Operation<z.ZodType, z.ZodType, z.ZodType, z.ZodType>;

type Input<Z> = Z extends ZodUndefined ? undefined : Z extends z.ZodType ? z.input<Z> : never;
type PartsOf<O> =
  O extends Operation<infer P, infer Q, infer B, z.ZodType>
    ? { params: Input<P>; query: Input<Q>; body: Input<B> }
    : never;
type Needed<Key extends string, Value> = [Value] extends [undefined]
  ? { readonly [K in Key]?: undefined }
  : { readonly [K in Key]: Value };

/** What one call of an operation says: as much of it as the operation asks for. */
export type Ask<O> = Needed<'params', PartsOf<O>['params']> &
  Needed<'body', PartsOf<O>['body']> & {
    readonly query?: Partial<PartsOf<O>['query']>;
    /** What is sent where it is not JSON. */
    readonly file?: Blob;
    /** Makes a repeated create the same one. */
    readonly idempotencyKey?: string;
    readonly signal?: AbortSignal;
  };

/** The same as the code below handles it, whatever the operation. */
interface AnyAsk {
  readonly params?: unknown;
  readonly query?: unknown;
  readonly body?: unknown;
  readonly file?: Blob;
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

/** What the client needs to know of who is signed in. */
export interface Credentials {
  /** Goes with every change. */
  readonly csrfToken: () => string | undefined;
  /** The session is over; resolves once somebody has signed in again, rejects when nobody will. */
  readonly renew: () => Promise<void>;
  /** The session's own token was not the right one, as after a sign-in in another window. */
  readonly refresh: () => Promise<void>;
}

export type Fetch = (input: string, init: RequestInit) => Promise<Response>;

/** Asks operations of the contract; an ended session is renewed and what was asked is asked again. */
export class Client {
  readonly #fetch: Fetch;
  readonly #credentials: Credentials;

  constructor(fetch: Fetch, credentials: Credentials) {
    this.#fetch = fetch;
    this.#credentials = credentials;
  }

  /** @throws Problem */
  async call<O extends AnyOperation>(
    operation: O,
    ...[ask]: Record<string, never> extends Ask<O> ? [Ask<O>?] : [Ask<O>]
  ): Promise<AnswerOf<O>> {
    const response = await this.#send(operation, ask ?? {});
    if (response.status === 204 || !operation.answer) return undefined as AnswerOf<O>;
    return operation.answer.parse(await response.json()) as AnswerOf<O>;
  }

  /** An answer that is a file or a picture. @throws Problem */
  async download<O extends AnyOperation>(operation: O, ask: Ask<O>): Promise<Blob> {
    return (await this.#send(operation, ask)).blob();
  }

  async #send(operation: AnyOperation, ask: AnyAsk): Promise<Response> {
    const first = await this.#attempt(operation, ask);
    if (first.ok) return first;
    const problem = await readProblem(first);
    if (operation.access === 'open' || !(await this.#remedy(problem))) throw problem;
    const second = await this.#attempt(operation, ask);
    if (second.ok) return second;
    throw await readProblem(second);
  }

  /** Whether what was wrong with the session has been put right. */
  async #remedy({ code }: Problem): Promise<boolean> {
    if (code === 'auth-required') await this.#credentials.renew();
    else if (code === 'csrf-refused') await this.#credentials.refresh();
    else return false;
    return true;
  }

  async #attempt(operation: AnyOperation, ask: AnyAsk): Promise<Response> {
    try {
      return await this.#fetch(addressOf(operation, ask), requestOf(operation, ask, this.#csrf()));
    } catch (err) {
      if (ask.signal?.aborted) throw err;
      throw new Problem('network');
    }
  }

  #csrf(): string | undefined {
    return this.#credentials.csrfToken();
  }
}

/** Where an operation is asked, with its parameters filled in. */
export function addressOf({ path }: AnyOperation, { params, query }: AnyAsk): string {
  const values = Object.entries(params ?? {});
  const filled = path.replace(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(String(values.find(([key]) => key === name)?.[1])),
  );
  const said = Object.entries(query ?? {}).filter(
    ([, value]) => value !== undefined && value !== '',
  );
  const search = new URLSearchParams(said.map(([key, value]) => [key, String(value)])).toString();
  return `/api/v1${filled}${search && `?${search}`}`;
}

function requestOf({ method, bodyType }: AnyOperation, ask: AnyAsk, csrf?: string): RequestInit {
  const headers: Record<string, string> = { Accept: 'application/json, */*' };
  if (method !== 'get' && csrf) headers['X-CSRF-Token'] = csrf;
  if (ask.idempotencyKey) headers['Idempotency-Key'] = ask.idempotencyKey;
  if (ask.file) headers['Content-Type'] = bodyType ?? 'application/octet-stream';
  else if (ask.body !== undefined) headers['Content-Type'] = 'application/json';
  const body = ask.file ?? (ask.body === undefined ? undefined : JSON.stringify(ask.body));
  return {
    method: method.toUpperCase(),
    headers,
    credentials: 'same-origin',
    ...(body !== undefined && { body }),
    ...(ask.signal && { signal: ask.signal }),
  };
}
