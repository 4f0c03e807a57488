import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ROOT_DIR } from '../../../src/config/index.ts';
import { CORE_HOST } from '../../support/bed/namespaces.ts';
import { waitFor } from '../../support/wait-for.ts';

const START_TIMEOUT_MS = 40_000;

/** The command line itself, as `scripts/up` calls it. */
describe('diemcau up', () => {
  let dataDir: string;
  let up: Started | undefined;

  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'up-'));
  });

  afterEach(async () => {
    await up?.stop('SIGTERM');
    up = undefined;
    rmSync(dataDir, { recursive: true, force: true });
  });

  const start = (args: readonly string[] = [], env: Record<string, string> = {}): Started => {
    up = new Started(args, {
      DIEMCAU_PUBLIC_HOST: CORE_HOST,
      DIEMCAU_DATA_DIR: dataDir,
      ...env,
    });
    return up;
  };

  test('starts everything, says where to point a browser and a codec, stops on Ctrl-C', async () => {
    const running = start();
    const text = await running.says('Điểm Cầu is running.', START_TIMEOUT_MS);
    for (const engine of ['rtpengine', 'janus', 'stage', 'sip-agent', 'gateway']) {
      expect(text).toMatch(new RegExp(`${engine} +ready`));
    }
    await running.says('Ctrl-C stops everything.');
    expect(running.output).toContain(`https://${CORE_HOST}:8443/c/`);
    expect(running.output).toMatch(new RegExp(`dials \\d+@${CORE_HOST} `));
    const token = readFileSync(join(dataDir, 'admin-token'), 'utf8').trim();
    expect(running.output).toContain(token);

    const [, setupCode] = /\/admin#setup=([a-z2-7-]+)/.exec(running.output) ?? [];
    const made = await fetch('http://127.0.0.1:8080/api/v1/setup', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        setupCode,
        login: 'an',
        name: 'An',
        password: 'bốn con mèo ngủ trưa',
      }),
    });
    expect(await made.json()).toMatchObject({ user: { login: 'an', role: 'administrator' } });

    const health = await fetch('http://127.0.0.1:8080/healthz');
    expect(await health.json()).toMatchObject({ status: 'ok' });

    expect(await running.stop('SIGINT')).toBe(0);
    expect(processesUsing(dataDir)).toEqual([]);
  });

  test('a taken SIP port is named with its setting, and nothing stays', async () => {
    const socket = createSocket('udp4').bind(5060, CORE_HOST);
    await once(socket, 'listening');
    const running = start();
    expect(await running.exitCode()).toBe(1);
    expect(running.output).toContain(
      'setting sip.port: udp port 5060 is taken by another program; set DIEMCAU_SIP_PORT to another',
    );
    expect(processesUsing(dataDir)).toEqual([]);
    socket.close();
  });

  test('an engine that does not start is named with the end of its log', async () => {
    const running = start([], {
      PATH: `${join(ROOT_DIR, 'node_modules/.bin')}:/bin-without-janus`,
    });
    expect(await running.exitCode()).toBe(1);
    expect(running.output).toMatch(/did not start: .*ENOENT|did not start: ended with/);
    expect(running.output).toContain(join(dataDir, 'log'));
  });

  test('a misspelt setting stops the start', async () => {
    const running = start([], { DIEMCAU_HTTP_PROT: '80' });
    expect(await running.exitCode()).toBe(1);
    expect(running.output).toBe('setting DIEMCAU_HTTP_PROT: unknown environment variable\n');
  });

  test('everything ends when the program is killed', async () => {
    const running = start();
    await running.says('Ctrl-C stops everything.', START_TIMEOUT_MS);
    expect(processesUsing(dataDir).length).toBeGreaterThanOrEqual(5);
    await running.stop('SIGKILL');
    await waitFor('the engines to end', () => {
      const left = processesUsing(dataDir);
      if (left.length > 0) throw new Error(`still running: ${left.map(commandLine).join(', ')}`);
      return true;
    });
  });

  test('--demo: two simulated sites are in the conference', async () => {
    const running = start(['--demo']);
    await running.says('Ctrl-C stops everything.', 2 * START_TIMEOUT_MS);
    expect(running.output).toMatch(/demo-1 +ready/);
    expect(running.output).toMatch(/demo-2 +ready/);
    expect(running.output).toContain('/c/demo');
    expect(await running.stop('SIGTERM')).toBe(0);
    expect(processesUsing(dataDir)).toEqual([]);
  }, 120_000);
});

/** One run of the command line. */
class Started {
  output = '';
  readonly #process: ChildProcess;
  readonly #exited: Promise<number | null>;

  constructor(args: readonly string[], env: Record<string, string>) {
    const main = join(ROOT_DIR, 'src/main.ts');
    this.#process = spawn(process.execPath, [main, 'up', ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const collect = (chunk: Buffer) => {
      this.output += chunk.toString('utf8');
    };
    this.#process.stdout?.on('data', collect);
    this.#process.stderr?.on('data', collect);
    this.#exited = once(this.#process, 'close').then(([code]) => code);
  }

  /** Waits for a text; resolves with all that was said. */
  async says(text: string, timeoutMs?: number): Promise<string> {
    return waitFor(
      text,
      () => {
        if (this.#process.exitCode !== null) throw new Error(`ended: ${this.output}`);
        return this.output.includes(text) && this.output;
      },
      timeoutMs,
    );
  }

  exitCode(): Promise<number | null> {
    return this.#exited;
  }

  stop(signal: NodeJS.Signals): Promise<number | null> {
    this.#process.kill(signal);
    return this.#exited;
  }
}

/** Command lines and environments that name the data folder; those only waiting to be collected do not count. */
function processesUsing(folder: string): string[] {
  const pids = readdirSync('/proc').filter(name => /^\d+$/.test(name));
  return pids.filter(pid => Number(pid) !== process.pid && mentions(pid, folder));
}

function commandLine(pid: string): string {
  try {
    const status = /^State:.*$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[0];
    return `${readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')} (${status})`;
  } catch {
    return pid; // It ended while we looked.
  }
}

function mentions(pid: string, folder: string): boolean {
  try {
    return ['cmdline', 'environ'].some(file =>
      readFileSync(`/proc/${pid}/${file}`).includes(folder),
    );
  } catch {
    return false; // It ended while we looked.
  }
}
