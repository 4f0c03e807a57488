import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { CONFIG_VARIABLE, type Environment, readEnvironment } from './environment.ts';
import { primaryAddress } from './primary-address.ts';
import { type Settings, SettingsSchema } from './schema.ts';
import { problemsOf, SettingsError } from './settings-error.ts';

/** Where files are looked for. */
export interface SettingsFiles {
  /** The repository: holds `config/`, and a relative `dataDir` starts here. */
  readonly rootDir: string;
}

/** The repository this file belongs to. */
export const ROOT_DIR = resolve(import.meta.dirname, '../..');

/**
 * Settings from defaults, then the file, then the environment.
 *
 * The file is `config/diemcau.yaml` if it exists, or what `DIEMCAU_CONFIG`
 * names, which must exist.
 *
 * @throws SettingsError with the path of each key that is wrong or unknown
 */
export function loadSettings(
  env: Environment,
  files: SettingsFiles = { rootDir: ROOT_DIR },
): Settings {
  const given = withServerKind(merge(readSettingsFile(env, files), readEnvironment(env)));
  const checked = SettingsSchema.safeParse(given);
  if (!checked.success) throw new SettingsError(problemsOf(checked.error));
  const { publicHost = ownAddress(), dataDir, ...rest } = checked.data;
  return { ...rest, publicHost, dataDir: resolve(files.rootDir, dataDir) };
}

/** Who sets only a port of the SIP server means the default one, `embedded`. */
function withServerKind(given: Record<string, unknown>): Record<string, unknown> {
  const { sip } = given;
  if (!isRecord(sip) || !isRecord(sip.server)) return given;
  return { ...given, sip: { ...sip, server: { kind: 'embedded', ...sip.server } } };
}

function ownAddress(): string {
  const address = primaryAddress();
  if (address) return address;
  const message = 'this machine has no network address to use; give one (DIEMCAU_PUBLIC_HOST)';
  throw new SettingsError([{ path: 'publicHost', message }]);
}

export function readSettingsFile(
  env: Environment,
  { rootDir }: SettingsFiles,
): Record<string, unknown> {
  const named = env[CONFIG_VARIABLE];
  const file = named ? resolve(rootDir, named) : join(rootDir, 'config/diemcau.yaml');
  if (!named && !existsSync(file)) return {};
  const content = parseFile(file);
  if (content === null || content === undefined) return {};
  if (isRecord(content)) return content;
  throw new SettingsError([{ path: file, message: 'must hold keys and values' }]);
}

function parseFile(file: string): unknown {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new SettingsError([{ path: file, message }]);
  }
}

/** `over` on top of `base`, key by key; a choice of another `kind` starts afresh. */
function merge(
  base: Record<string, unknown>,
  over: Record<string, unknown>,
): Record<string, unknown> {
  if (over.kind !== undefined && over.kind !== base.kind) return over;
  const merged = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isRecord(value) && isRecord(below) ? merge(below, value) : value;
  }
  return merged;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
