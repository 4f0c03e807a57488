/** JSON Schema of what operations take and give, with the contract's own names as components. */
import { z } from 'zod';
import * as conferences from '../../contract/conferences.ts';
import * as jobs from '../../contract/jobs.ts';
import * as layout from '../../contract/layout.ts';
import * as meetings from '../../contract/meetings.ts';
import type { Operation } from '../../contract/operation.ts';
import * as people from '../../contract/people.ts';
import * as permissions from '../../contract/permissions.ts';
import * as rest from '../../contract/rest.ts';
import * as sites from '../../contract/sites.ts';
import * as system from '../../contract/system.ts';

export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** Later ones win where two have a name in common. */
const MODULES = [rest, layout, permissions, sites, conferences, meetings, people, jobs, system];

/** Kinds that deserve a name; a text with a pattern is clearer where it stands. */
const NAMED_KINDS = [z.ZodObject, z.ZodEnum, z.ZodUnion, z.ZodDiscriminatedUnion] as const;

const PLACE = '#/components/schemas/';
/** Ids of operations' own schemas in the registry; no component is called like this. */
const OWN = 'operation:';

/** What of an operation has a schema: the first three are what comes in. */
export type Part = 'params' | 'query' | 'body' | 'answer';
const TAKEN: readonly Part[] = ['params', 'query', 'body'];
const GIVEN: readonly Part[] = ['answer'];

export interface OperationSchemas {
  /** By name, only those something refers to. */
  readonly components: Readonly<Record<string, JsonSchema>>;
  /** Undefined where the operation takes or gives nothing of the kind. */
  of(operation: Operation, part: Part): JsonSchema | undefined;
}

/**
 * Schemas of all operations: input form of what they take, where what has a default may be left
 * out, and output form of what they give. A component whose forms differ is there twice, the
 * input form as `<name>Request`.
 */
export function operationSchemas(operations: readonly Operation[]): OperationSchemas {
  const given = convert(operations, GIVEN, 'output');
  const taken = convert(operations, TAKEN, 'input');
  const renamed = new Map(
    Object.keys(taken.named)
      .filter(name => name in given.named && !alike(name, taken.named, given.named))
      .map(name => [PLACE + name, `${PLACE}${name}Request`]),
  );
  const own = { ...given.own, ...withReferences(taken.own, renamed) };
  return {
    components: { ...under(renamed, taken.named), ...given.named },
    of: (operation, part) => own[keyOf(operation, part)],
  };
}

type Schemas = Record<string, JsonSchema>;

function convert(
  operations: readonly Operation[],
  parts: readonly Part[],
  io: 'input' | 'output',
): { named: Schemas; own: Schemas } {
  const registry = z.registry<{ id: string }>();
  for (const [name, schema] of Object.entries(namedSchemas())) registry.add(schema, { id: name });
  const aliases: [key: string, name: string][] = [];
  for (const operation of operations)
    for (const part of parts) {
      const schema = operation[part];
      if (!schema) continue;
      const known = registry.get(schema)?.id;
      if (known === undefined) registry.add(schema, { id: keyOf(operation, part) });
      else aliases.push([keyOf(operation, part), known]);
    }
  const { schemas } = z.toJSONSchema(registry, {
    io,
    uri: referenceTo,
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      // What every JavaScript integer keeps to tells a reader nothing.
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  const plain = Object.entries(schemas).map(([id, { $schema: _, $id: __, ...schema }]) => {
    return [id, schema as JsonSchema] as const;
  });
  const isOwn = ([id]: readonly [string, unknown]) => id.startsWith(OWN);
  const own: Schemas = Object.fromEntries(plain.filter(isOwn));
  for (const [key, id] of aliases) own[key] = own[id] ?? { $ref: referenceTo(id) };
  const named = Object.fromEntries(plain.filter(entry => !isOwn(entry)));
  const opened = withParametersOpened(own, named);
  return { own: opened, named: referredTo(opened, named) };
}

/** What becomes single parameters has its properties at hand, not in a component. */
function withParametersOpened(own: Schemas, named: Schemas): Schemas {
  const entries = Object.entries(own).map(([key, schema]) => {
    const isBodyOrAnswer = /\.(?:body|answer)$/.test(key);
    const name = schema.$ref?.slice(PLACE.length);
    return [key, isBodyOrAnswer || name === undefined ? schema : (named[name] ?? schema)] as const;
  });
  return Object.fromEntries(entries);
}

function namedSchemas(): Record<string, z.ZodType> {
  const exported = MODULES.flatMap(module => Object.entries<unknown>({ ...module }));
  const named = exported.filter((entry): entry is [string, z.ZodType] =>
    NAMED_KINDS.some(kind => entry[1] instanceof kind),
  );
  return Object.fromEntries(named);
}

function keyOf({ id }: Operation, part: Part): string {
  return `${OWN}${id}.${part}`;
}

function referenceTo(id: string): string {
  return PLACE + id;
}

/** Whether both forms are the same, with all they refer to. */
function alike(name: string, one: Schemas, other: Schemas, seen = new Set<string>()): boolean {
  if (seen.has(name)) return true;
  seen.add(name);
  if (JSON.stringify(one[name]) !== JSON.stringify(other[name])) return false;
  return referencesIn(one[name]).every(next => alike(next, one, other, seen));
}

function under(renamed: ReadonlyMap<string, string>, schemas: Schemas): Schemas {
  const entries = Object.entries(withReferences(schemas, renamed)).map(([name, schema]) => {
    return [renamed.get(PLACE + name)?.slice(PLACE.length) ?? name, schema] as const;
  });
  return Object.fromEntries(entries);
}

function withReferences(schemas: Schemas, renamed: ReadonlyMap<string, string>): Schemas {
  const text = JSON.stringify(schemas, (key, value) =>
    key === '$ref' ? (renamed.get(value) ?? value) : value,
  );
  return JSON.parse(text);
}

function referencesIn(schema: unknown): string[] {
  const found: string[] = [];
  JSON.stringify(schema, (key, value) => {
    if (key === '$ref' && typeof value === 'string') found.push(value.slice(PLACE.length));
    return value;
  });
  return found;
}

function referredTo(from: Schemas, all: Schemas): Schemas {
  const needed = new Set<string>();
  const waiting = referencesIn(from);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (needed.has(name)) continue;
    needed.add(name);
    waiting.push(...referencesIn(all[name]));
  }
  return Object.fromEntries([...needed].sort().map(name => [name, all[name] ?? {}]));
}
