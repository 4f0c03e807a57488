/** The document as TypeScript, in the form `openapi-fetch` and its like read. */
import type {
  OpenApiDocument,
  OperationObject,
  Parameter,
  Reference,
  ResponseObject,
} from './document.ts';
import type { JsonSchema } from './schemas.ts';

const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;
const PLACES = ['query', 'header', 'path'] as const;

/** A module of types alone: `paths`, `operations` and `components`. */
export function typescriptOf(document: OpenApiDocument): string {
  const { paths, components } = document;
  const operations = Object.values(paths).flatMap(methods => Object.values(methods));
  return [
    `/** ${document.info.title} ${document.info.version}. Made by “npm run -s api:types”. */`,
    interfaceOf('paths', Object.entries(paths).map(pathOf)),
    interfaceOf('operations', operations.map(operationOf)),
    interfaceOf('components', [
      ['schemas', block(Object.entries(components.schemas).map(([n, s]) => [n, typeOf(s)]))],
      ['responses', block(Object.entries(components.responses).map(([n, r]) => [n, answerOf(r)]))],
    ]),
  ].join('\n\n');
}

type Line = readonly [name: string, type: string, isOptional?: boolean];

function pathOf([path, methods]: [string, Readonly<Record<string, OperationObject>>]): Line {
  const lines = METHODS.map((method): Line => {
    const operation = methods[method];
    return operation
      ? [method, `operations[${quoted(operation.operationId)}]`]
      : [method, 'never', true];
  });
  return [path, block([['parameters', parametersOf([])], ...lines])];
}

function operationOf(operation: OperationObject): Line {
  const { operationId, parameters = [], requestBody, responses } = operation;
  const body: Line = requestBody
    ? ['requestBody', block([['content', contentOf(requestBody.content)]])]
    : ['requestBody', 'never', true];
  const answers = Object.entries(responses).map(([status, one]): Line => [status, answerOf(one)]);
  const lines: Line[] = [['parameters', parametersOf(parameters)], body];
  return [operationId, block([...lines, ['responses', block(answers)]])];
}

function parametersOf(parameters: readonly Parameter[]): string {
  const places = PLACES.map((place): Line => {
    const own = parameters.filter(parameter => parameter.in === place);
    if (own.length === 0) return [place, 'never', true];
    const lines = own.map(({ name, schema, required }): Line => [name, typeOf(schema), !required]);
    return [place, block(lines), !own.some(({ required }) => required)];
  });
  return block([...places, ['cookie', 'never', true]]);
}

function answerOf(response: ResponseObject | Reference): string {
  if ('$ref' in response) return referenceType(response.$ref);
  const headers: Line = ['headers', '{ [name: string]: unknown }'];
  if (!response.content) return block([headers, ['content', 'never', true]]);
  return block([headers, ['content', contentOf(response.content)]]);
}

function contentOf(content: NonNullable<ResponseObject['content']>): string {
  return block(Object.entries(content).map(([type, { schema }]) => [type, typeOf(schema)]));
}

function typeOf(schema: JsonSchema): string {
  if (schema.$ref !== undefined) return referenceType(schema.$ref);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map(value => JSON.stringify(value)).join(' | ');
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return joined(choices, ' | ');
  if (schema.allOf) return joined(schema.allOf, ' & ');
  if (Array.isArray(schema.type))
    return schema.type.map(type => typeOf({ ...schema, type })).join(' | ');
  switch (schema.type) {
    case 'object':
      return objectType(schema);
    case 'array':
      return `(${typeOf((schema.items ?? {}) as JsonSchema)})[]`;
    case 'integer':
    case 'number':
      return 'number';
    case 'string':
    case 'boolean':
    case 'null':
      return schema.type;
    default:
      return 'unknown';
  }
}

function joined(schemas: readonly unknown[], sign: string): string {
  return schemas.map(one => `(${typeOf(one as JsonSchema)})`).join(sign);
}

function objectType({ properties, required = [], additionalProperties }: JsonSchema): string {
  if (properties) {
    const lines = Object.entries(properties).map(
      ([name, property]): Line => [name, typeOf(property as JsonSchema), !required.includes(name)],
    );
    return block(lines);
  }
  const isOpen = typeof additionalProperties === 'object';
  return `{ [key: string]: ${isOpen ? typeOf(additionalProperties) : 'unknown'} }`;
}

/** `#/components/schemas/SiteView` is `components["schemas"]["SiteView"]`. */
function referenceType(reference: string): string {
  const [, root = '', ...rest] = reference.split('/');
  return `${root}${rest.map(name => `[${quoted(name)}]`).join('')}`;
}

function interfaceOf(name: string, lines: readonly Line[]): string {
  return `export interface ${name} ${block(lines)}`;
}

function block(lines: readonly Line[]): string {
  const inside = lines.map(([name, type, isOptional]) => {
    return `${/^\w+$/.test(name) ? name : quoted(name)}${isOptional ? '?' : ''}: ${type};`;
  });
  return `{\n${inside.join('\n').replaceAll(/^/gm, '  ')}\n}`;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
