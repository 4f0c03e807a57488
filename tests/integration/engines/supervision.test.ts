import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Engine, type EngineError, type EngineSpec } from '../../../src/engines/index.ts';
import { waitFor } from '../../support/wait-for.ts';

describe('supervision', () => {
  let folder: string;
  let givenUp: EngineError | undefined;
  let engine: Engine;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'engine-'));
    givenUp = undefined;
  });

  afterEach(async () => {
    await engine.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function anEngine(script: string, spec: Partial<EngineSpec> = {}): Engine {
    engine = new Engine(
      {
        name: 'engine',
        command: { file: 'bash', args: ['-c', script], orphanSignal: 'SIGKILL' },
        probe: () => Promise.resolve(),
        ...spec,
      },
      folder,
      {
        onState: () => undefined,
        onGivenUp: error => {
          givenUp = error;
        },
      },
    );
    return engine;
  }

  test('an engine that ends while starting is named, with the last lines of its log', async () => {
    const probe = () => Promise.reject(new Error('not yet'));
    const starting = anEngine('for n in $(seq 1 40); do echo line $n; done; exit 3', { probe });
    const error: EngineError = await starting.start().then(
      () => expect.unreachable(),
      err => err,
    );
    expect(error.message).toBe('engine did not start: ended with code 3');
    expect(error.tail).toHaveLength(15);
    expect(error.tail.at(-1)).toBe('line 40');
    expect(engine.state).toBe('failed');
  });

  test('a program that is not installed is named', async () => {
    const command = { file: 'no-such-program', args: [], orphanSignal: 'SIGKILL' } as const;
    const probe = () => Promise.reject(new Error('not yet'));
    await expect(anEngine('', { command, probe }).start()).rejects.toMatchObject({
      tail: [expect.stringContaining('no-such-program')],
    });
  });

  test('an engine that never becomes healthy is stopped and says why', async () => {
    const probe = () => Promise.reject(new Error('port is closed'));
    const starting = anEngine('sleep 60', { probe, startTimeoutMs: 300 });
    await expect(starting.start()).rejects.toThrow('not healthy after 300 ms: port is closed');
    expect(isAlive(engine.pid)).toBe(false);
  });

  test('an engine that keeps dying is given up', async () => {
    await anEngine('exit 7').start();
    const error = await waitFor('giving up', () => givenUp, 20_000);
    expect(error.message).toContain('ended with code 7');
    expect(engine.state).toBe('failed');
  });

  test('one that ignores SIGTERM is killed with all it started', async () => {
    const pidFile = join(folder, 'pid');
    const script = `trap '' TERM; sleep 300 & echo $! > ${pidFile}; wait; sleep 300`;
    await anEngine(script, { stopTimeoutMs: 200 }).start();
    const grandchild = await waitFor('its child', () => readPid(pidFile));
    await engine.stop();
    expect(isAlive(engine.pid)).toBe(false);
    await waitFor('the end of its child', () => !isAlive(grandchild));
  });

  test('an engine ends when its supervisor is killed', async () => {
    const pidFile = join(folder, 'pid');
    const script = join(folder, 'supervisor.ts');
    writeFileSync(script, supervisorScript(folder, pidFile));
    const supervisor = spawn(process.execPath, [script], { stdio: 'ignore' });
    const pid = await waitFor('the engine', () => readPid(pidFile));
    // Until then it is `setpriv`, which has yet to say by what signal it goes with its parent.
    await waitFor('the engine’s own program', () => readText(`/proc/${pid}/comm`) === 'sleep\n');
    supervisor.kill('SIGKILL');
    await once(supervisor, 'exit');
    await waitFor('the engine to end', () => !isAlive(pid));
    anEngine('true'); // Only so that there is one to stop.
  });
});

function supervisorScript(folder: string, pidFile: string): string {
  const engines = join(import.meta.dirname, '../../../src/engines/index.ts');
  return `
    import { Engine } from ${JSON.stringify(engines)};
    const command = { file: 'sleep', args: ['300'], orphanSignal: 'SIGKILL' };
    const observer = { onState() {}, onGivenUp() {} };
    const spec = { name: 'sleeper', command, probe: async () => {} };
    const engine = new Engine(spec, ${JSON.stringify(folder)}, observer);
    await engine.start();
    const { writeFileSync } = await import('node:fs');
    writeFileSync(${JSON.stringify(pidFile)}, String(engine.pid));
    setInterval(() => {}, 1000);
  `;
}

/** Undefined until the number is written. */
function readPid(file: string): number | undefined {
  return Number(readText(file)) || undefined;
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined; // Not written yet.
  }
}

/** A process that only waits to be collected by its parent does not count. */
function isAlive(pid: number | undefined): boolean {
  const status = readText(`/proc/${pid}/status`);
  return status !== undefined && !/^State:\s+Z/m.test(status);
}
