import { z } from 'zod';
import { SettingsSchema } from './schema.ts';
import { SECRET_VARIABLES } from './secrets.ts';
import { SettingsError } from './settings-error.ts';

/** `process.env` or a part of it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** One scalar setting and the variable that sets it. */
export interface SettingVariable {
  /** For example `media.rtpPortMin`. */
  readonly path: string;
  readonly kind: 'number' | 'boolean' | 'string';
}

/** Path of the settings file; not a setting itself. */
export const CONFIG_VARIABLE = 'DIEMCAU_CONFIG';

/** Short names beside those made by the rule. */
const SHORT_NAMES: Readonly<Record<string, string>> = {
  DIEMCAU_HTTPS_PORT: 'http.httpsPort',
  DIEMCAU_TLS_CERT: 'http.certFile',
  DIEMCAU_TLS_KEY: 'http.keyFile',
  DIEMCAU_SIP_SECRET: 'sip.server.secret',
};

/** `embedded` or `host:port` of a drachtio-server: sets several keys at once. */
const SIP_SERVER_VARIABLE = 'DIEMCAU_SIP_SERVER';

/** Variables by name: `media.rtpPortMin` is `DIEMCAU_MEDIA_RTP_PORT_MIN`, and the short names. */
export function settingVariables(): ReadonlyMap<string, SettingVariable> {
  const scalars = scalarsOf(SettingsSchema, []);
  const variables = new Map(scalars.map(scalar => [variableName(scalar.path), scalar]));
  for (const [name, path] of Object.entries(SHORT_NAMES)) {
    const scalar = scalars.find(candidate => candidate.path === path);
    if (scalar) variables.set(name, scalar);
  }
  return variables;
}

/** The variable that sets `path` by the rule. */
export function variableName(path: string): string {
  return `DIEMCAU_${path
    .replaceAll('.', '_')
    .replace(/[A-Z]/g, letter => `_${letter}`)
    .toUpperCase()}`;
}

/**
 * What the environment sets, in the shape of the settings file.
 * @throws SettingsError when a `DIEMCAU_*` variable is none of ours
 */
export function readEnvironment(env: Environment): Record<string, unknown> {
  const variables = settingVariables();
  const result: Record<string, unknown> = {};
  for (const [name, text] of ours(env)) {
    const variable = variables.get(name);
    if (variable) setPath(result, variable.path, scalarValue(variable, text));
    else if (name === SIP_SERVER_VARIABLE) setSipServer(result, text);
    else throw new SettingsError([{ path: name, message: 'unknown environment variable' }]);
  }
  return result;
}

/** Whether the program understands the variable, as a setting, a secret or the file's path. */
export function isKnownVariable(name: string): boolean {
  return isNotASetting(name) || name === SIP_SERVER_VARIABLE || settingVariables().has(name);
}

/** `DIEMCAU_SIP_SERVER` comes first, so that `DIEMCAU_SIP_SECRET` finds its server. */
function ours(env: Environment): [string, string][] {
  return Object.entries(env)
    .filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '')
    .filter(([name]) => name.startsWith('DIEMCAU_') && !isNotASetting(name))
    .sort(([a], [b]) => Number(b === SIP_SERVER_VARIABLE) - Number(a === SIP_SERVER_VARIABLE));
}

function isNotASetting(name: string): boolean {
  return name === CONFIG_VARIABLE || Object.values<string>(SECRET_VARIABLES).includes(name);
}

function setSipServer(result: Record<string, unknown>, text: string): void {
  setPath(result, 'sip.server.kind', text === 'embedded' ? 'embedded' : 'drachtio');
  if (text === 'embedded') return;
  const [, host, port] = /^(.+):(\d+)$/.exec(text) ?? [];
  if (!host || !port) {
    const message = `"${text}" is neither "embedded" nor host:port`;
    throw new SettingsError([{ path: SIP_SERVER_VARIABLE, message }]);
  }
  setPath(result, 'sip.server.host', host);
  setPath(result, 'sip.server.port', Number(port));
}

/** The value in the setting's type; what does not fit is left to the schema's message. */
function scalarValue({ kind }: SettingVariable, text: string): unknown {
  if (kind === 'number' && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (kind === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}

function setPath(target: Record<string, unknown>, path: string, value: unknown): void {
  const [key = '', ...rest] = path.split('.');
  if (rest.length === 0) {
    target[key] = value;
    return;
  }
  target[key] ??= {};
  setPath(target[key] as Record<string, unknown>, rest.join('.'), value);
}

function scalarsOf(schema: z.core.$ZodType, path: readonly string[]): SettingVariable[] {
  const bare = unwrap(schema);
  if (bare instanceof z.ZodObject) {
    return Object.entries(bare.shape).flatMap(([key, child]) => scalarsOf(child, [...path, key]));
  }
  if (bare instanceof z.ZodDiscriminatedUnion) {
    return bare.options.flatMap(option => scalarsOf(option, path));
  }
  return [{ path: path.join('.'), kind: scalarKind(bare) }];
}

function scalarKind(schema: z.core.$ZodType): SettingVariable['kind'] {
  if (schema instanceof z.ZodNumber) return 'number';
  if (schema instanceof z.ZodUnion) return scalarKind(schema.options[0] ?? z.string());
  if (schema instanceof z.ZodLiteral) return typeof schema.value === 'number' ? 'number' : 'string';
  return schema instanceof z.ZodBoolean ? 'boolean' : 'string';
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  const wrapped =
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault;
  return wrapped ? unwrap(schema.unwrap()) : schema;
}
