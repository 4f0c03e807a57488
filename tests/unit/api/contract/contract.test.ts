/**
 * Every operation that is served, as its own description says: the cases are made from the
 * operations, and answers are held against the OpenAPI document.
 */
import { randomUUID } from 'node:crypto';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, describe, expect, it } from 'vitest';
import { takesIdempotencyKey } from '../../../../src/api/idempotency.ts';
import { openApiDocument, type ResponseObject } from '../../../../src/api/openapi/document.ts';
import { operationSchemas } from '../../../../src/api/openapi/schemas.ts';
import type { Operation } from '../../../../src/contract/operation.ts';
import { allOperations } from '../../../../src/contract/operations.ts';
import { type Answer, send } from '../browser.ts';
import { ADMIN_TOKEN } from '../support.ts';
import { type Asking, FIXTURES } from './fixtures.ts';
import { startWorld } from './world.ts';

const world = await startWorld();
afterAll(() => world.close());

const document = openApiDocument(allOperations);
const ajv = new Ajv2020({ strict: false, validateFormats: false });
ajv.addSchema(JSON.parse(JSON.stringify(document)), 'api');
const schemas = operationSchemas(allOperations);

interface Sent extends Asking {
  readonly idempotencyKey?: string;
  /** `null`: none. */
  readonly token?: string | null;
}

function ask(operation: Operation, asking: Sent): Promise<Answer> {
  const { params = {}, query = {}, body, browser, token = world.token } = asking;
  const filled = operation.path.replaceAll(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(params[name] ?? `no-such-${name}`),
  );
  const search = new URLSearchParams(query).toString();
  const path = search ? `${filled}?${search}` : filled;
  const method = operation.method.toUpperCase();
  const keyed = asking.idempotencyKey && { 'idempotency-key': asking.idempotencyKey };
  if (browser && asking.token === undefined)
    return browser.ask(method, path, { body, headers: { ...keyed } });
  const proof = token === null ? {} : { authorization: `Bearer ${token}` };
  const headers = {
    ...proof,
    ...keyed,
    ...(operation.bodyType && { 'content-type': operation.bodyType }),
  };
  return send(method, `${world.api.url}/api/v1${path}`, body, headers);
}

const fixtureOf = async ({ id }: Operation): Promise<Asking> => {
  const fixture = FIXTURES[id];
  if (!fixture) throw new Error(`no fixture for ${id}: add one to fixtures.ts`);
  return fixture(world);
};

/** The answer is one of those the document has for this status. */
function expectDocumented(operation: Operation, { status, body }: Answer): void {
  const path = operation.path.replaceAll(/:(\w+)/g, '{$1}');
  const responses = document.paths[path]?.[operation.method]?.responses ?? {};
  expect(Object.keys(responses)).toContain(String(status));
  const response = responses[status];
  const place =
    response && '$ref' in response
      ? `api${response.$ref}/content/application~1json/schema`
      : schemaPlace(operation, path, response);
  if (!place)
    return expect(body === '' || Buffer.isBuffer(body) || operation.answerType).toBeTruthy();
  const validate = ajv.getSchema(place);
  if (!validate) throw new Error(`no schema at ${place}`);
  validate(body);
  expect(validate.errors ?? []).toEqual([]);
}

function schemaPlace({ method }: Operation, path: string, response?: ResponseObject) {
  if (!response?.content?.['application/json']) return undefined;
  const escaped = path.replaceAll('/', '~1').replaceAll('{', '%7B').replaceAll('}', '%7D');
  const [status] = Object.entries(document.paths[path]?.[method]?.responses ?? {}).find(
    ([, one]) => one === response,
  ) ?? [''];
  const inOperation = `responses/${status}/content/application~1json/schema`;
  return `api#/paths/${escaped}/${method}/${inOperation}`;
}

const WRONG: Readonly<Record<string, unknown>> = {
  string: { not: 'a text' },
  number: 'three',
  integer: 1.5,
  boolean: 'perhaps',
  array: 'no list',
  object: 'no object',
};

/** Each way in which one field of what comes in has the wrong type. */
function wrongTypes(operation: Operation): [what: string, query: object, body: object][] {
  const fields = schemas.of(operation, 'body');
  const named = fields?.$ref?.split('/').at(-1);
  const body = (named === undefined ? fields : schemas.components[named])?.properties ?? {};
  const query = schemas.of(operation, 'query')?.properties ?? {};
  const typed = (schema: unknown) => {
    const { type, anyOf, $ref } = schema as { type?: string; anyOf?: unknown[]; $ref?: string };
    return { type, isText: type === 'string', isChoice: anyOf !== undefined, $ref };
  };
  return [
    ...Object.entries(body).map(([name, schema]): [string, object, object] => {
      const { type } = typed(schema);
      return [`body.${name}`, {}, { [name]: WRONG[type ?? ''] ?? { of: 'another kind' } }];
    }),
    ...Object.entries(query)
      .filter(([, schema]) => !typed(schema).isText || (schema as { enum?: unknown }).enum)
      .map(([name]): [string, object, object] => [`query.${name}`, { [name]: '💥' }, {}]),
  ];
}

it('every operation is served and has a fixture, and every fixture an operation', () => {
  const served = world.operations.map(({ id }) => id);
  expect(served.toSorted()).toEqual(allOperations.map(({ id }) => id).toSorted());
  expect(served.filter(id => !(id in FIXTURES))).toEqual([]);
  const known = allOperations.map(({ id }) => id);
  expect(Object.keys(FIXTURES).filter(id => !known.includes(id))).toEqual([]);
});

describe.each(world.operations.map(operation => [operation.id, operation] as const))(
  '%s',
  (_, operation) => {
    it('does what it is for, and answers as described', async () => {
      const { expectedError, ...asking } = await fixtureOf(operation);
      const answer = await ask(operation, asking);
      if (expectedError) expect(answer.body.error?.code).toBe(expectedError);
      else expect([answer.status, answer.body]).toEqual([operation.status ?? 200, answer.body]);
      expectDocumented(operation, answer);
    });

    it.each(wrongTypes(operation))('%s of the wrong type is refused', async (what, query, body) => {
      const asking = await fixtureOf(operation);
      const answer = await ask(operation, {
        ...asking,
        query: { ...asking.query, ...query },
        ...(asking.body !== undefined && { body: { ...Object(asking.body), ...body } }),
      });
      expect([answer.status, answer.body.error?.code, what]).toEqual([400, 'bad-request', what]);
      expectDocumented(operation, answer);
    });

    if (operation.body)
      it('what is no JSON, or no object, is refused', async () => {
        const asking = await fixtureOf(operation);
        for (const body of ['{"name":', '[]', '"text"', 'null']) {
          const answer = await ask(operation, { ...asking, body });
          expect([answer.status, answer.body.error?.code]).toEqual([400, 'bad-request']);
        }
      });

    if (takesIdempotencyKey(operation))
      it('creates once with one key, and refuses the key with another body', async () => {
        const idempotencyKey = randomUUID();
        const asking = { ...(await fixtureOf(operation)), idempotencyKey };
        const first = await ask(operation, asking);
        const again = await ask(operation, asking);
        expect([again.status, again.body]).toEqual([201, first.body]);
        expect(again.headers['idempotency-replayed']).toBe('true');
        expect(again.headers.location).toBe(first.headers.location);
        const { body, params } = await fixtureOf(operation);
        const changed = params ? { body: { ...Object(body), durationMin: 45 } } : { body };
        const other = await ask(operation, { ...asking, ...changed });
        expect([other.status, other.body.error?.code]).toEqual([409, 'idempotency-conflict']);
        expectDocumented(operation, other);
      });

    if (operation.access !== 'open')
      it('nobody is let in without proof', async () => {
        const { browser: _, ...asking } = await fixtureOf(operation);
        for (const token of [null, 'wrong', `${ADMIN_TOKEN}x`]) {
          const answer = await ask(operation, { ...asking, token });
          expect([answer.status, answer.body.error?.code]).toEqual([401, 'auth-required']);
          expectDocumented(operation, answer);
        }
      });

    if (operation.access.includes('.'))
      it('who lacks its permission is refused', async () => {
        const { browser: _, ...asking } = await fixtureOf(operation);
        const permission = operation.access as Exclude<Operation['access'], 'open' | 'signed-in'>;
        const answer = await ask(operation, {
          ...asking,
          token: await world.tokenWithout(permission),
        });
        expect([answer.status, answer.body.error]).toMatchObject([
          403,
          { code: 'not-authorized', details: { permission } },
        ]);
        expectDocumented(operation, answer);
      });

    if (operation.params)
      it('what is not there is told as such', async () => {
        const { params: _, absentStatus = 404, ...asking } = await fixtureOf(operation);
        const answer = await ask(operation, asking);
        expect(answer.status).toBe(absentStatus);
        expectDocumented(operation, answer);
      });
  },
);
