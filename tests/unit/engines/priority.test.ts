import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { getPriority } from 'node:os';
import { afterAll, describe, expect, test } from 'vitest';
import { PRIORITIES, prioritize } from '../../../src/engines/priority.ts';

const refuses = (code: string) => () => {
  throw Object.assign(new Error(code), { code });
};

describe('the priority of an engine', () => {
  const child = spawn('sleep', ['60']);
  const pid = child.pid ?? 0;
  const raised = process.getuid?.() === 0 ? PRIORITIES.relay : 0;
  afterAll(() => child.kill('SIGKILL'));

  test('is raised where no session has a group of its own, too', () => {
    prioritize(pid, PRIORITIES.relay, refuses('EINVAL'));
    expect(getPriority(pid)).toBe(raised);
  });

  test('says what else goes wrong', () => {
    expect(() => prioritize(pid, PRIORITIES.relay, refuses('EIO'))).toThrow('EIO');
  });

  test('is raised where that is allowed, and a process that is gone is no error', async () => {
    prioritize(pid, PRIORITIES.relay);
    expect(getPriority(pid)).toBe(raised);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(() => prioritize(pid, PRIORITIES.relay)).not.toThrow();
  });
});
