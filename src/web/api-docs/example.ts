import { type ApiDocument, type ListedOperation, resolved, type Schema } from './document.ts';

/** Deeper than this, an example shows nothing new. */
const MAX_DEPTH = 6;

/** A value that fits the schema, as small as it can be with its required parts. */
export function exampleOf(schema: Schema, document: ApiDocument, depth = 0): unknown {
  const own = resolved(schema, document);
  if (own.default !== undefined) return own.default;
  if (own.const !== undefined) return own.const;
  if (own.enum) return own.enum[0];
  const choice = own.anyOf ?? own.oneOf ?? own.allOf;
  if (choice?.[0]) return exampleOf(choice[0], document, depth + 1);
  if (depth > MAX_DEPTH) return null;
  const type = typeof own.type === 'string' ? own.type : own.type?.[0];
  if (type === 'object') return objectExample(own, document, depth);
  if (type === 'array') return own.items ? [exampleOf(own.items, document, depth + 1)] : [];
  if (type === 'boolean') return true;
  if (type === 'integer' || type === 'number') return own.minimum ?? 0;
  return textExample(own);
}

function objectExample({ properties = {}, required = [] }: Schema, of: ApiDocument, depth: number) {
  const names = Object.keys(properties).filter(name => required.includes(name));
  const entries = names.map(name => [name, exampleOf(properties[name] ?? {}, of, depth + 1)]);
  return Object.fromEntries(entries);
}

/** Patterns of the contract, each with a text that fits it. */
const SAMPLES = ['1001', 'giao-ban-tuan', '2026-12-01T07:30', '10.1.2.3', 'Xã Đồng Hới', '123456'];

function textExample({ format, pattern, minLength = 0 }: Schema): string {
  if (format === 'uri') return 'https://example.org/hook';
  const fits = (text: string) =>
    text.length >= minLength && (pattern === undefined || new RegExp(pattern, 'u').test(text));
  return SAMPLES.find(fits) ?? '…'.padEnd(minLength, '…');
}

/** A command that asks the operation, to be put into a shell. */
export function curlOf(operation: ListedOperation, document: ApiDocument, origin: string): string {
  const { method, path, requestBody, 'x-permission': permission } = operation;
  const base = document.servers[0]?.url ?? '';
  const address = `${origin}${base}${path.replaceAll(/\{(\w+)\}/g, (_, name) => `<${name}>`)}`;
  const [type, content] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  const lines = [
    `curl ${method === 'get' ? '' : `-X ${method.toUpperCase()} `}${quoted(address)}`,
    ...(permission === 'open' ? [] : [`-H "Authorization: Bearer $TOKEN"`]),
    ...(type === undefined ? [] : [`-H ${quoted(`Content-Type: ${type}`)}`]),
    ...(type === 'application/json' && content
      ? [`-d ${quoted(JSON.stringify(exampleOf(content.schema, document)))}`]
      : []),
    ...(type !== undefined && type !== 'application/json' ? ['--data-binary @<file>'] : []),
  ];
  return lines.join(' \\\n  ');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
