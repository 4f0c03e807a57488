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
  /** Where it waits for a call; it calls the server where none is given. */
  readonly port?: number | undefined;
}

const SCENARIOS = join(import.meta.dirname, '../sipp');
const USERS = 300;
const TIMEOUT_SEC = 80;

/** Runs one scenario to its end. */
export async function runSipp(
  name: string,
  { server, folder, calls = 1, everyMessage = false, port }: SippOptions,
): Promise<{ readonly exitCode: number; readonly errors: string }> {
  const errorFile = join(folder, `${name}.err`);
  const target = port === undefined ? [`${server.host}:${server.port}`] : ['-p', String(port)];
  const load = ['-m', String(calls), '-r', String(calls), '-l', String(calls)];
  const sipp = spawn(
    'sipp',
    [
      ...target,
      ...[
        '-i',
        '127.0.0.1',
        '-sf',
        join(SCENARIOS, `${name}.xml`),
        ...load,
        ...(everyMessage ? ['-nr'] : []),
      ],
      ...['-inf', usersFile(folder), '-timeout', `${TIMEOUT_SEC}s`, '-timeout_error', '-nostdin'],
      ...['-trace_err', '-error_file', errorFile],
    ],
    { stdio: 'ignore' },
  );
  const [exitCode] = (await once(sipp, 'exit')) as [number];
  const errors = exitCode !== 0 && existsSync(errorFile) ? readFileSync(errorFile, 'utf8') : '';
  return { exitCode, errors };
}

/** Who registers: a name and its credentials a line. */
function usersFile(folder: string): string {
  const file = join(folder, 'users.csv');
  const users = Array.from(
    { length: USERS },
    (_, n) => `hall${n};[authentication username=hall${n} password=${PASSWORD}]`,
  );
  writeFileSync(file, ['SEQUENTIAL', ...users, ''].join('\n'));
  return file;
}
