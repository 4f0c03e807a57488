/** The API as an OpenAPI 3.1 document, made from the operations alone. */
import { z } from 'zod';
import { ERROR_WORDS } from '../../contract/error-words.ts';
import type { Operation } from '../../contract/operation.ts';
import { ErrorView } from '../../contract/rest.ts';
import { type GatewayErrorCode, OUTCOMES } from '../../domain/errors.ts';
import { VERSION } from '../../util/version.ts';
import { takesIdempotencyKey } from '../idempotency.ts';
import { errorCodesOf } from './error-codes.ts';
import { type JsonSchema, type OperationSchemas, operationSchemas } from './schemas.ts';

export interface OpenApiDocument {
  readonly openapi: '3.1.1';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly servers: readonly { readonly url: string }[];
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    /** Errors of one status, by the codes that come with it. */
    readonly responses: Readonly<Record<string, ResponseObject>>;
    readonly securitySchemes: Readonly<Record<string, unknown>>;
  };
}

/** https://spec.openapis.org/oas/v3.1.1.html#operation-object */
export interface OperationObject {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description: string;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, ResponseObject | Reference>>;
  /** What the caller needs: a permission, `signed-in` or `open`. */
  readonly 'x-permission': string;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly description?: string;
  readonly schema: JsonSchema;
}

export interface Reference {
  readonly $ref: string;
}

export interface ResponseObject {
  readonly description: string;
  readonly content?: Content;
  readonly headers?: Readonly<Record<string, unknown>>;
}

type Content = Readonly<Record<string, { readonly schema: JsonSchema }>>;

/** Name of the session's cookie over https; over http it is `diemcau`. */
const SESSION_COOKIE = '__Host-diemcau';

const DESCRIPTION = [
  'Everything Điểm Cầu can be asked. Programs send an API token as `Authorization: Bearer …`; pages use the session’s cookie, and with every change its `X-CSRF-Token`.',
  'Errors are `{"error": {"code", "message", "details"}}`; decide by `code`, which never changes its meaning.',
  'Lists take `q`, `sort`, `limit` and `offset` and answer `{"items", "total"}`. What is changed is given with its `version`; who comes second gets 409 `version-conflict`.',
  'What creates something takes an `Idempotency-Key` (16 to 200 characters, a UUID for example): the same request with the same key gives the same answer for 24 hours and creates nothing twice.',
].join('\n\n');

const TAGS: Readonly<Record<string, string>> = {
  sites: 'Sites, their endpoints and groups',
  conferences: 'Conferences and which sites are in them',
  meetings: 'One run of a conference, and what is done while it runs',
  calls: 'Calls of room codecs, those that run and those that were',
  people: 'Accounts, sessions, tokens and who changed what',
  import: 'Files in and out',
  jobs: 'Work that takes long',
  webhooks: 'Telling other programs of events',
  system: 'Engines, machine, settings, bans',
};

export function openApiDocument(operations: readonly Operation[]): OpenApiDocument {
  const schemas = operationSchemas(operations);
  const paths: Record<string, Record<string, OperationObject>> = {};
  for (const operation of operations) {
    const path = operation.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [operation.method]: operationObject(operation, schemas) };
  }
  const { $schema: _, ...error } = z.toJSONSchema(ErrorView);
  const names = [...new Set(operations.map(({ tag }) => tag))];
  return {
    openapi: '3.1.1',
    info: { title: 'Điểm Cầu', version: VERSION, description: DESCRIPTION },
    servers: [{ url: '/api/v1' }],
    tags: names.map(name => ({ name, description: TAGS[name] ?? name })),
    paths,
    components: {
      schemas: { ...schemas.components, Error: error as JsonSchema },
      responses: Object.fromEntries(
        operations
          .flatMap(errorStatuses)
          .map(({ codes }) => [codes.join('.'), errorResponse(codes)]),
      ),
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE },
        token: { type: 'http', scheme: 'bearer' },
      },
    },
  };
}

function operationObject(operation: Operation, schemas: OperationSchemas): OperationObject {
  const { id, tag, summary, access } = operation;
  const parameters = parametersOf(operation, schemas);
  const requestBody = requestBodyOf(operation, schemas);
  return {
    operationId: id,
    tags: [tag],
    summary,
    description: `${summary}.\n\n${neededFor(operation)}`,
    security: access === 'open' ? [] : [{ session: [] }, { token: [] }],
    ...(parameters.length > 0 && { parameters }),
    ...(requestBody && { requestBody }),
    responses: { ...success(operation, schemas), ...errorResponses(operation) },
    'x-permission': access,
  };
}

function neededFor({ access }: Operation): string {
  if (access === 'open') return 'For everybody who reaches the server.';
  if (access === 'signed-in') return 'For every account.';
  return `Needs the permission \`${access}\`.`;
}

function parametersOf(operation: Operation, schemas: OperationSchemas): Parameter[] {
  return [
    ...asParameters(schemas.of(operation, 'params'), 'path'),
    ...asParameters(schemas.of(operation, 'query'), 'query'),
    ...(takesIdempotencyKey(operation) ? [IDEMPOTENCY_KEY] : []),
    ...(operation.method === 'get' || operation.access === 'open' ? [] : [CSRF_TOKEN]),
  ];
}

const IDEMPOTENCY_KEY: Parameter = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'The same request with the same key creates nothing twice within 24 hours.',
  schema: { type: 'string', minLength: 16, maxLength: 200 },
};
const CSRF_TOKEN: Parameter = {
  name: 'X-CSRF-Token',
  in: 'header',
  required: false,
  description: 'The session’s `csrfToken`; needed with its cookie, not with a token.',
  schema: { type: 'string' },
};

function asParameters(schema: JsonSchema | undefined, place: 'path' | 'query'): Parameter[] {
  const required = new Set(schema?.required);
  return Object.entries(schema?.properties ?? {}).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.has(name),
    schema: property as JsonSchema,
  }));
}

function requestBodyOf(operation: Operation, schemas: OperationSchemas) {
  const { body, bodyType } = operation;
  if (!body && bodyType === undefined) return undefined;
  const schema = schemas.of(operation, 'body') ?? {};
  return { required: true, content: { [bodyType ?? 'application/json']: { schema } } };
}

function success(operation: Operation, schemas: OperationSchemas): Record<string, ResponseObject> {
  const { status = 200, answer, answerType } = operation;
  if (status === 204 || (!answer && answerType === undefined))
    return { [status]: { description: 'Done.' } };
  const schema = schemas.of(operation, 'answer') ?? {};
  const content = { [answerType ?? 'application/json']: { schema } };
  return { [status]: { description: operation.summary, content } };
}

function errorResponses(operation: Operation): Record<string, Reference> {
  const references = errorStatuses(operation).map(({ status, codes }) => {
    return [status, { $ref: `#/components/responses/${codes.join('.')}` }] as const;
  });
  return Object.fromEntries(references);
}

interface ErrorStatus {
  readonly status: number;
  readonly codes: readonly GatewayErrorCode[];
}

/** The statuses an operation fails with, and the codes that come with each. */
function errorStatuses(operation: Operation): ErrorStatus[] {
  const codes = errorCodesOf(operation);
  const statuses = new Set(codes.map(code => OUTCOMES[code].httpStatus));
  return [...statuses]
    .sort((a, b) => a - b)
    .map(status => ({ status, codes: codes.filter(code => OUTCOMES[code].httpStatus === status) }));
}

function errorResponse(codes: readonly GatewayErrorCode[]): ResponseObject {
  const lines = codes.map(code => `\`${code}\`: ${ERROR_WORDS[code].meaning.en}`);
  const code: JsonSchema = { enum: [...codes] };
  const schema: JsonSchema = {
    allOf: [
      { $ref: '#/components/schemas/Error' },
      { type: 'object', properties: { error: { type: 'object', properties: { code } } } },
    ],
  };
  return { description: lines.join('\n\n'), content: { 'application/json': { schema } } };
}
