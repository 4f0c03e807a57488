import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { getPriority } from 'node:os';
import { afterEach, describe, expect, test } from 'vitest';
import { PRIORITIES, prioritize } from '../../../src/engines/priority.ts';

describe('the priority of an engine', () => {
  const child = spawn('sleep', ['60']);
  afterEach(() => child.kill('SIGKILL'));

  test('is raised where that is allowed, and a process that is gone is no error', async () => {
    const pid = child.pid ?? 0;
    prioritize(pid, PRIORITIES.relay);
    expect(getPriority(pid)).toBe(process.getuid?.() === 0 ? PRIORITIES.relay : 0);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(() => prioritize(pid, PRIORITIES.relay)).not.toThrow();
  });
});
