/** Requests to the API as its document describes them, with something wrong in most of them. */
import type { OpenApiDocument, OperationObject } from '../../src/api/openapi/document.ts';
import type { JsonSchema } from '../../src/api/openapi/schemas.ts';
import { pick, type Random } from './mutate.ts';

export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What programs that take text have tripped over. */
const NASTY_TEXTS = [
  '',
  ' ',
  '\u0000',
  '\ud800',
  '💥',
  'a'.repeat(5000),
  "'; DROP TABLE site; --",
  '%" OR 1=1 --',
  '\\',
  '%',
  '_',
  '../../../../etc/passwd',
  '..%2f..%2fetc',
  '<script>alert(1)</script>',
  '{{7*7}}',
  '__proto__',
  'constructor',
  '1e999',
  '-0',
  '0x10',
  'NaN',
  '９９',
  'Xã Đồng Hới',
  '\u202etxt.exe',
  '\r\nSet-Cookie: a=b',
];
const NASTY_VALUES: readonly unknown[] = [
  ...NASTY_TEXTS,
  null,
  true,
  -1,
  0,
  1.5,
  2 ** 53,
  1e308,
  -1e308,
  [],
  {},
  [[[[[[[[[[]]]]]]]]]],
  Array(300).fill('a'),
  { toString: 1, valueOf: 'x' },
];
/** Texts for the contract's patterns, and ids that are there. */
const SAMPLES = [
  '1001',
  'giao-ban',
  '2026-12-01T07:30',
  '10.1.2.3',
  'Asia/Ho_Chi_Minh',
  '123456',
  'một câu dài',
];
const IDS = ['s1', 'c1', 'k1', 'k2', 'p1', '192.0.2.66', 'sites', 'conferences', 'bulk'];
const METHODS = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'propfind'];
const BROKEN_BODIES = ['{', '[', 'nul', '{"a":', '"', '\u0000', '{"__proto__":{"a":1}}', '[[[['];
const MAX_DEPTH = 8;

export class ApiRequests {
  readonly #document: OpenApiDocument;
  readonly #operations: readonly [path: string, method: string, operation: OperationObject][];
  readonly #token: string;

  constructor(document: OpenApiDocument, token: string) {
    this.#document = document;
    this.#token = token;
    this.#operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]): [string, string, OperationObject] => [
        path,
        method,
        operation,
      ]),
    );
  }

  next(random: Random): ApiRequest {
    const [path, itsMethod, operation] = pick(random, this.#operations);
    const method = chance(random, 0.05) ? pick(random, METHODS) : itsMethod;
    const filled = path.replaceAll(/\{\w+\}/g, () => this.#segment(random));
    const search = this.#search(random, operation);
    const address = chance(random, 0.03) ? `${filled}/${this.#segment(random)}` : filled;
    const body = method === 'get' || method === 'head' ? undefined : this.#body(random, operation);
    return {
      method: method.toUpperCase(),
      path: search ? `${address}?${search}` : address,
      headers: this.#headers(random, body),
      ...(body !== undefined && { body }),
    };
  }

  #segment(random: Random): string {
    if (chance(random, 0.6)) return pick(random, IDS);
    if (chance(random, 0.1)) return pick(random, ['%ff', '%zz', '%00', '%2e%2e', '%']);
    return encodeURIComponent(pick(random, NASTY_TEXTS).toWellFormed()) || '%20';
  }

  #search(random: Random, { parameters = [] }: OperationObject): string {
    const pairs = parameters
      .filter(parameter => parameter.in === 'query')
      .filter(() => chance(random, 0.4))
      .map(({ name, schema }) => {
        const value = this.#value(random, schema);
        const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
        return `${name}=${encodeURIComponent(text.toWellFormed())}`;
      });
    if (chance(random, 0.05)) pairs.push(...pairs, 'a[b][c]=d', '=', '__proto__[x]=1');
    return pairs.join('&');
  }

  #body(random: Random, { requestBody }: OperationObject): string | undefined {
    const content = Object.values(requestBody?.content ?? {})[0];
    if (chance(random, 0.05)) return pick(random, BROKEN_BODIES);
    if (!content) return chance(random, 0.1) ? '{}' : undefined;
    const text = JSON.stringify(this.#value(random, content.schema));
    return chance(random, 0.03) ? text.slice(0, Math.floor(text.length * random())) : text;
  }

  #headers(random: Random, body: string | undefined): Record<string, string> {
    const token = chance(random, 0.95) ? this.#token : pick(random, ['', 'wrong', 'a.b.c']);
    const types = ['text/plain', 'application/json; charset=latin9', 'multipart/form-data', 'x'];
    const key = pick(random, ['short', 'a-key-of-sixteen', 'x'.repeat(300), `key-${random()}-key`]);
    return {
      authorization: `Bearer ${token}`,
      ...(chance(random, 0.2) && { 'idempotency-key': key }),
      ...(chance(random, 0.05) && { cookie: pick(random, ['diemcau=', 'diemcau=%00', '=;=;']) }),
      ...(body !== undefined && {
        'content-type': chance(random, 0.95) ? 'application/json' : pick(random, types),
        'content-length': String(Buffer.byteLength(body)),
      }),
    };
  }

  /** A value that mostly fits the schema. */
  #value(random: Random, schema: JsonSchema, depth = 0): unknown {
    if (chance(random, 0.08)) return pick(random, NASTY_VALUES);
    if (depth > MAX_DEPTH) return null;
    const name = schema.$ref?.split('/').at(-1);
    if (name !== undefined)
      return this.#value(random, this.#document.components.schemas[name] ?? {}, depth + 1);
    if (schema.enum) return pick(random, schema.enum);
    const choices = schema.anyOf ?? schema.oneOf;
    if (choices) return this.#value(random, pick(random, choices) as JsonSchema, depth + 1);
    const { minimum = 0, maximum = 100 } = schema;
    switch (schema.type) {
      case 'object':
        return this.#object(random, schema, depth);
      case 'array': {
        const items = schema.items as JsonSchema;
        const count = Math.floor(random() * 4);
        return Array.from({ length: count }, () => this.#value(random, items, depth + 1));
      }
      case 'boolean':
        return random() < 0.5;
      case 'integer':
      case 'number':
        return pick(random, [minimum, maximum, minimum - 1, maximum + 1, minimum + 0.5, 7]);
      case 'null':
        return null;
      default:
        return this.#text(random, schema);
    }
  }

  #object(random: Random, { properties = {}, required = [] }: JsonSchema, depth: number) {
    const entries = Object.entries(properties)
      .filter(([name]) => chance(random, required.includes(name) ? 0.95 : 0.4))
      .map(([name, property]) => [name, this.#value(random, property as JsonSchema, depth + 1)]);
    if (chance(random, 0.05)) entries.push([pick(random, NASTY_TEXTS), 1]);
    return Object.fromEntries(entries);
  }

  #text(random: Random, { pattern }: JsonSchema): string {
    const fits = SAMPLES.filter(
      text => pattern === undefined || new RegExp(pattern, 'u').test(text),
    );
    const known = pattern === undefined ? [...fits, ...IDS] : fits;
    const text = chance(random, 0.8) && known.length > 0 ? pick(random, known) : undefined;
    return text ?? pick(random, NASTY_TEXTS);
  }
}

function chance(random: Random, probability: number): boolean {
  return random() < probability;
}
