import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writePrivateFile } from './private-file.ts';
import type { Settings } from './schema.ts';
import { SettingsError } from './settings-error.ts';

/** What the processes prove themselves to each other with. */
const SecretsFile = z.strictObject({
  /** Janus' `api_secret`, in every request to it. */
  janusApiSecret: z.string().min(16),
  /** `admin_key` of both room plugins: only who knows it creates rooms. */
  janusAdminKey: z.string().min(16),
  /** Bearer of the stage's WebSocket. */
  stageSecret: z.string().min(16),
  /** The embedded SIP server's secret for its application. */
  sipAppSecret: z.string().min(16),
  /** Of it the keys are made that seal what accounts keep in the database, and the setup code. */
  accountsSecret: z.string().min(16),
});

type EngineSecrets = z.output<typeof SecretsFile>;

export interface Secrets extends EngineSecrets {
  /** Bearer of the REST API. */
  readonly adminToken: string;
  /** True once in a data folder's life, when the token has just been made: print it then. */
  readonly adminTokenIsNew: boolean;
}

/** Environment variables that replace what is in the data folder; containers need them. */
export const SECRET_VARIABLES: Readonly<Record<keyof EngineSecrets, string>> = {
  janusApiSecret: 'DIEMCAU_SECRET_JANUS_API',
  janusAdminKey: 'DIEMCAU_SECRET_JANUS_ADMIN',
  stageSecret: 'DIEMCAU_SECRET_STAGE',
  sipAppSecret: 'DIEMCAU_SECRET_SIP_APP',
  accountsSecret: 'DIEMCAU_SECRET_ACCOUNTS',
};

const SECRET_BYTES = 24;

/**
 * The secrets, read from `<dataDir>/secrets.json` and `<dataDir>/admin-token`
 * (both 0600); what is not there yet is made and stored.
 *
 * @throws SettingsError when a stored or given secret cannot be used
 */
export function loadSecrets(
  settings: Pick<Settings, 'dataDir' | 'adminToken'>,
  env: Readonly<Record<string, string | undefined>>,
): Secrets {
  mkdirSync(settings.dataDir, { recursive: true });
  return { ...engineSecrets(settings.dataDir, env), ...adminToken(settings) };
}

/** Where the admin token is stored, for the banner. */
export function adminTokenFile(dataDir: string): string {
  return join(dataDir, 'admin-token');
}

function engineSecrets(dataDir: string, env: Readonly<Record<string, string | undefined>>) {
  const file = join(dataDir, 'secrets.json');
  const stored = existsSync(file) ? readStored(file) : {};
  const names = Object.keys(SECRET_VARIABLES) as (keyof EngineSecrets)[];
  const complete = Object.fromEntries(names.map(name => [name, stored[name] ?? newSecret()]));
  if (names.some(name => stored[name] === undefined)) {
    writePrivateFile(file, `${JSON.stringify(complete, null, 2)}\n`);
  }
  const given = names.map(name => [name, env[SECRET_VARIABLES[name]] || complete[name]]);
  return checked(Object.fromEntries(given), 'DIEMCAU_SECRET_*');
}

function readStored(file: string): Partial<EngineSecrets> {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new SettingsError([{ path: file, message: `cannot be read: ${String(cause)}` }]);
  }
  const parsed = SecretsFile.partial().safeParse(content);
  if (parsed.success) return dropUndefined(parsed.data);
  throw new SettingsError([
    { path: file, message: 'is not a secrets file; remove it to start anew' },
  ]);
}

function dropUndefined(
  secrets: {
    [K in keyof EngineSecrets]?: string | undefined;
  },
): Partial<EngineSecrets> {
  return Object.fromEntries(Object.entries(secrets).filter(([, value]) => value !== undefined));
}

function checked(secrets: unknown, origin: string): EngineSecrets {
  const parsed = SecretsFile.safeParse(secrets);
  if (parsed.success) return parsed.data;
  const names = parsed.error.issues.map(
    issue => SECRET_VARIABLES[String(issue.path[0]) as keyof EngineSecrets],
  );
  throw new SettingsError(
    names.map(name => ({ path: name ?? origin, message: 'must have at least 16 characters' })),
  );
}

function adminToken({ dataDir, adminToken }: Pick<Settings, 'dataDir' | 'adminToken'>) {
  if (adminToken !== undefined) return { adminToken, adminTokenIsNew: false };
  const file = adminTokenFile(dataDir);
  const stored = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  if (stored) return { adminToken: stored, adminTokenIsNew: false };
  const made = newSecret();
  writePrivateFile(file, `${made}\n`);
  return { adminToken: made, adminTokenIsNew: true };
}

function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url');
}
