import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { HealthWatch } from '../../../src/media/health-watch.ts';

type Look = 'well' | 'restarted' | 'silent';

describe('health watch', () => {
  let next: Look;
  let losses: string[];
  let watch: HealthWatch;

  beforeEach(() => {
    vi.useFakeTimers();
    losses = [];
    watch = new HealthWatch({
      intervalMs: 1_000,
      log: pino({ level: 'silent' }),
      look: async () => {
        if (next === 'silent') throw new Error('no reply');
        return next === 'restarted' ? 'came back empty' : undefined;
      },
      onLost: detail => losses.push(detail),
    });
  });
  afterEach(() => {
    watch.stop();
    vi.useRealTimers();
  });

  async function run(...looks: Look[]): Promise<void> {
    const [first, ...later] = looks;
    next = first ?? 'well';
    await watch.start();
    for (const look of later) {
      next = look;
      await vi.advanceTimersByTimeAsync(1_000);
    }
  }

  test.each<[string, Look[], boolean, string[]]>([
    ['well from the start', ['well', 'well'], true, []],
    ['never there', ['silent', 'silent', 'silent'], false, []],
    ['there later', ['silent', 'well'], true, []],
    ['gone', ['well', 'silent', 'silent', 'silent'], false, ['does not answer']],
    ['gone and back', ['well', 'silent', 'well'], true, ['does not answer']],
    ['gone twice', ['well', 'silent', 'well', 'silent'], false, Array(2).fill('does not answer')],
    ['started anew between two looks', ['well', 'restarted', 'well'], true, ['came back empty']],
  ])('an engine that is %s', async (_, looks, ok, expected) => {
    await run(...looks);
    expect(watch.health.ok).toBe(ok);
    expect(losses).toEqual(expected);
  });

  test('looks no more once it is stopped', async () => {
    await run('well');
    watch.stop();
    next = 'silent';
    await vi.advanceTimersByTimeAsync(5_000);
    expect(losses).toEqual([]);
  });
});
