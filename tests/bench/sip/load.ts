import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServerAddress } from '../../integration/sip-agent/support/raw-peer.ts';
import { freePort } from '../../integration/sip-agent/support/scenario-app.ts';
import { DEVICES, ON_LOAD_CORE, PASSWORD, username } from './contender.ts';

/** With the 64 KiB it takes by itself, sipp loses answers that come at once. */
const BUFFER_BYTES = 4 * 1024 * 1024;

export type LoadKind = 'register' | 'call';

export interface Load {
  /** How many registrations or calls. */
  readonly count: number;
  /** How many run at once; the next begins when one is over. */
  readonly atOnce: number;
}

export interface LoadResult {
  readonly succeeded: number;
  /** Refused, or not answered within sipp's patience. */
  readonly failed: number;
  /** Requests sent again because no answer came in time. */
  readonly repeated: number;
  readonly elapsedMs: number;
}

/** As fast as the server answers: there is no rate, only how many run at once. */
export async function runLoad(
  kind: LoadKind,
  server: ServerAddress,
  { count, atOnce }: Load,
): Promise<LoadResult> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-sipp-'));
  try {
    const statistics = join(folder, 'statistics.csv');
    const scenario = join(import.meta.dirname, 'scenarios', `${kind}.xml`);
    const [command = '', ...args] = [
      ...ON_LOAD_CORE,
      ...['sipp', `${server.host}:${server.port}`, '-sf', scenario, '-inf', usersFile(folder)],
      ...['-i', server.host, '-p', String(await freePort()), '-nostdin'],
      ...['-m', String(count), '-l', String(atOnce), '-r', String(Math.max(atOnce, 20_000))],
      ...['-buff_size', String(BUFFER_BYTES), '-trace_stat', '-stf', statistics, '-fd', '1'],
    ];
    const startedMs = performance.now();
    const sipp = spawn(command, args, { stdio: 'ignore', cwd: folder });
    await once(sipp, 'exit');
    const elapsedMs = performance.now() - startedMs;
    return { ...counted(readFileSync(statistics, 'utf8')), elapsedMs };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function counted(statistics: string): Omit<LoadResult, 'elapsedMs'> {
  const [head = '', ...lines] = statistics.trim().split('\n');
  const names = head.split(';');
  const values = lines.at(-1)?.split(';') ?? [];
  const countOf = (name: string) => Number(values[names.indexOf(name)]);
  return {
    succeeded: countOf('SuccessfulCall(C)'),
    failed: countOf('FailedCall(C)'),
    repeated: countOf('Retransmissions(C)'),
  };
}

/** Who registers: a name and its credentials a line. */
function usersFile(folder: string): string {
  const file = join(folder, 'users.csv');
  const users = Array.from({ length: DEVICES }, (_, device) => {
    const name = username(device);
    return `${name};[authentication username=${name} password=${PASSWORD}]`;
  });
  writeFileSync(file, ['SEQUENTIAL', ...users, ''].join('\n'));
  return file;
}
