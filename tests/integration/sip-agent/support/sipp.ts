import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PASSWORD } from './digest.ts';
import type { ServerAddress } from './raw-peer.ts';

export interface SippOptions {
  readonly server: ServerAddress;
  /** Where it writes what went wrong. */
  readonly folder: string;
  /** Devices at once; one unless said. */
  readonly calls?: number;
  /** Each message counts, also when it repeats another. */
  readonly everyMessage?: boolean;
  /** Its port. */
  readonly port: number;
  /** It waits for a call there instead of calling the server. */
  readonly out?: boolean;
}

const SCENARIOS = join(import.meta.dirname, '../sipp');
const USERS = 300;
const TIMEOUT_SEC = 80;

/** Runs one scenario to its end. */
export async function runSipp(
  name: string,
  { server, folder, calls = 1, everyMessage = false, port, out = false }: SippOptions,
): Promise<{ readonly exitCode: number; readonly errors: string }> {
  const errorFile = join(folder, `${name}.err`);
  const target = out ? [] : [`${server.host}:${server.port}`];
  const who = ['-i', '127.0.0.1', '-p', String(port), '-inf', usersFile(folder, name)];
  const what = ['-sf', join(SCENARIOS, `${name}.xml`), ...(everyMessage ? ['-nr'] : [])];
  const load = ['-m', String(calls), '-r', String(calls), '-l', String(calls)];
  const end = ['-timeout', `${TIMEOUT_SEC}s`, '-timeout_error', '-nostdin'];
  const trace = ['-trace_err', '-error_file', errorFile];
  const sipp = spawn('sipp', [...target, ...who, ...what, ...load, ...end, ...trace], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  sipp.stderr.on('data', chunk => {
    said += chunk;
  });
  const [exitCode] = (await once(sipp, 'exit')) as [number];
  if (exitCode === 0) return { exitCode, errors: '' };
  const noted = existsSync(errorFile) ? readFileSync(errorFile, 'utf8') : '';
  return { exitCode, errors: `${noted}${said}` };
}

/** Who registers: a name and its credentials a line. */
function usersFile(folder: string, name: string): string {
  const file = join(folder, `${name}.csv`);
  const users = Array.from(
    { length: USERS },
    (_, n) => `hall${n};[authentication username=hall${n} password=${PASSWORD}]`,
  );
  writeFileSync(file, ['SEQUENTIAL', ...users, ''].join('\n'));
  return file;
}
