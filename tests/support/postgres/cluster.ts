/**
 * PostgreSQL for tests: a cluster of its own in a temporary folder, reached by a socket there and
 * by nothing else. It ends with the test process, however that ends.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

const START_TIMEOUT_MS = 60_000;
const USER = 'diemcau';

export class PostgresCluster {
  readonly #folder: string;
  readonly #server: ChildProcess;
  #databases = 0;

  private constructor(folder: string, server: ChildProcess) {
    this.#folder = folder;
    this.#server = server;
  }

  /** @throws Error when PostgreSQL is not installed or does not start */
  static async start(): Promise<PostgresCluster> {
    const folder = mkdtempSync(join(tmpdir(), 'diemcau-pg-'));
    const owner = unprivileged();
    if (owner) chownSync(folder, owner.uid, owner.gid);
    const data = join(folder, 'data');
    // Sorted by Vietnamese rules, so that what has to be the same in both databases shows.
    const locale = ['--encoding=UTF8', '--locale=C.UTF-8', '--locale-provider=icu'];
    const options = ['-D', data, '-U', USER, '-A', 'trust', '--no-sync', '--icu-locale=vi'];
    run(join(binaries(), 'initdb'), [...options, ...locale], folder);
    const settings = ['fsync=off', 'listen_addresses=', 'max_connections=50'];
    const args = ['-D', data, '-k', folder, ...settings.flatMap(one => ['-c', one])];
    const [file, before] = asUnprivileged();
    const command = [...before, join(binaries(), 'postgres'), ...args];
    const server = spawn(file, command, { cwd: folder, stdio: 'ignore' });
    const cluster = new PostgresCluster(folder, server);
    process.once('exit', () => server.kill('SIGINT'));
    await cluster.#ready();
    return cluster;
  }

  /** URL of a new database, empty or a copy of another. */
  async createDatabase(template = 'template0'): Promise<string> {
    this.#databases += 1;
    const name = `test_${this.#databases}`;
    await this.#ask(`create database ${name} template ${template}`);
    return this.url(name);
  }

  url(database: string): string {
    return `postgresql://${USER}@localhost/${database}?host=${encodeURIComponent(this.#folder)}`;
  }

  async stop(): Promise<void> {
    const gone = new Promise(resolve => this.#server.once('exit', resolve));
    if (this.#server.exitCode === null) {
      this.#server.kill('SIGINT');
      await gone;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #ready(): Promise<void> {
    const untilMs = performance.now() + START_TIMEOUT_MS;
    for (;;) {
      try {
        await this.#ask('select 1');
        return;
      } catch (err) {
        if (this.#server.exitCode !== null || performance.now() > untilMs) throw err;
        await new Promise(resolve => setTimeout(resolve, 50));
      }
    }
  }

  async #ask(text: string): Promise<void> {
    const client = new pg.Client({ connectionString: this.url('postgres') });
    client.on('error', () => undefined); // what it was asked fails, and says so
    await client.connect();
    try {
      await client.query(text);
    } finally {
      await client.end();
    }
  }
}

/** Debian keeps them beside the path, by version; the newest. */
function binaries(): string {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  const [newest] = versions;
  if (newest === undefined) throw new Error('PostgreSQL is missing: apt-get install postgresql');
  return join(root, newest, 'bin');
}

/** Root may not run it: Debian’s own account for it does. */
function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** It gets SIGINT, a fast shutdown, when we die. */
function asUnprivileged(): [file: string, args: string[]] {
  const owner = unprivileged();
  const identity = owner ? [`--reuid=${owner.uid}`, `--regid=${owner.gid}`, '--clear-groups'] : [];
  return ['setpriv', [...identity, '--pdeathsig', 'INT', '--']];
}

function run(file: string, args: readonly string[], cwd: string): void {
  const [command, before] = asUnprivileged();
  execFileSync(command, [...before, file, ...args], { cwd, stdio: 'pipe' });
}
