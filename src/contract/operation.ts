/**
 * One thing the API can be asked, as data: routes, checks of permissions and of input,
 * the OpenAPI document and its tests are all made from it.
 */
import type { z } from 'zod';
import type { GatewayErrorCode } from '../domain/errors.ts';
import type { Permission } from './permissions.ts';

export interface Operation<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Answer extends z.ZodType = z.ZodType,
> {
  /** `operationId` of OpenAPI. */
  readonly id: string;
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Below `/api/v1`, parameters as `:name`. */
  readonly path: string;
  /** Part of the document it stands in. */
  readonly tag: string;
  /** One line for people who read the document. */
  readonly summary: string;
  /** `open`: everybody who reaches the server; `signed-in`: every account, for what is its own. */
  readonly access: Permission | 'open' | 'signed-in';
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  /** Type of what is sent where it is not JSON, like `text/csv`. */
  readonly bodyType?: string;
  /** 200 when not given; 204 has no body. */
  readonly status?: 200 | 201 | 202 | 204;
  readonly answer?: Answer;
  /** Type of the answer where it is not JSON, like `image/jpeg`. */
  readonly answerType?: string;
  /** What it may fail with, besides what every operation may. */
  readonly errors?: readonly GatewayErrorCode[];
}

/** Gives the operation with its types kept. */
export function operation<
  Params extends z.ZodType = z.ZodUndefined,
  Query extends z.ZodType = z.ZodUndefined,
  Body extends z.ZodType = z.ZodUndefined,
  Answer extends z.ZodType = z.ZodUndefined,
>(description: Operation<Params, Query, Body, Answer>): Operation<Params, Query, Body, Answer> {
  return description;
}

export type ParamsOf<O> =
  O extends Operation<infer P, z.ZodType, z.ZodType, z.ZodType> ? z.output<P> : never;
export type QueryOf<O> =
  O extends Operation<z.ZodType, infer Q, z.ZodType, z.ZodType> ? z.output<Q> : never;
export type BodyOf<O> =
  O extends Operation<z.ZodType, z.ZodType, infer B, z.ZodType> ? z.output<B> : never;
export type AnswerOf<O> =
  O extends Operation<z.ZodType, z.ZodType, z.ZodType, infer A> ? z.output<A> : never;
