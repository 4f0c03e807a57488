import { type Environment, readEnvironment } from './environment.ts';
import { ROOT_DIR, readSettingsFile, type SettingsFiles } from './load.ts';
import { HIDDEN, redact } from './redact.ts';
import type { Settings } from './schema.ts';

/** One setting as it is, and what gave it. */
export interface SettingInForce {
  /** For example `media.rtpPortMin`. */
  readonly name: string;
  readonly value: string;
  readonly origin: 'default' | 'file' | 'environment';
}

/** Every setting that has a value; of secrets only that they are set. */
export function settingsInForce(
  settings: Settings,
  env: Environment = process.env,
  files: SettingsFiles = { rootDir: ROOT_DIR },
): SettingInForce[] {
  const fromEnvironment = new Set(leavesOf(readEnvironment(env)).map(([name]) => name));
  const fromFile = new Set(leavesOf(readSettingsFile(env, files)).map(([name]) => name));
  return leavesOf(redact(settings)).map(([name, value]) => {
    if (fromEnvironment.has(name)) return { name, value, origin: 'environment' };
    return { name, value, origin: fromFile.has(name) ? 'file' : 'default' };
  });
}

/** What has no parts of its own, by its path; a list counts as one. */
function leavesOf(value: object, path: readonly string[] = []): [name: string, value: string][] {
  return Object.entries(value).flatMap(([key, part]): [string, string][] => {
    const name = [...path, key].join('.');
    if (part === undefined || part === null) return [];
    if (Array.isArray(part)) return [[name, shown(key, part.join(', '))]];
    if (typeof part === 'object') return leavesOf(part, [...path, key]);
    return [[name, shown(key, String(part))]];
  });
}

/** A second net below `redact`, for settings to come: by their names, and in addresses. */
function shown(key: string, text: string): string {
  if (/secret|password|token|credential/i.test(key)) return HIDDEN;
  return text.replaceAll(/\/\/[^/@\s]*@/g, `//${HIDDEN}@`);
}
