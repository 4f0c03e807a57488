import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { HealthWatch } from '../../../src/media/health-watch.ts';

type Look = 'well' | 'restarted' | 'silent';

describe('health watch', () => {
  let next: Look;
  /** What was told, in order; `back` is that it is restored. */
  let told: string[];
  let watch: HealthWatch;

  beforeEach(() => {
    vi.useFakeTimers();
    told = [];
    watch = new HealthWatch({
      intervalMs: 1_000,
      retryMs: 1_000,
      log: pino({ level: 'silent' }),
      look: async () => {
        if (next === 'silent') throw new Error('no reply');
        return next === 'restarted' ? 'came back empty' : undefined;
      },
      onLost: detail => told.push(detail),
      onRestored: () => told.push('back'),
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
    ['gone and back', ['well', 'silent', 'well'], true, ['does not answer', 'back']],
    [
      'gone twice',
      ['well', 'silent', 'well', 'silent'],
      false,
      ['does not answer', 'back', 'does not answer'],
    ],
    [
      'started anew between two looks',
      ['well', 'restarted', 'well'],
      true,
      ['came back empty', 'back'],
    ],
  ])('an engine that is %s', async (_, looks, ok, expected) => {
    await run(...looks);
    expect(watch.health.ok).toBe(ok);
    expect(told).toEqual(expected);
  });

  test('looks no more once it is stopped', async () => {
    await run('well');
    watch.stop();
    next = 'silent';
    await vi.advanceTimersByTimeAsync(5_000);
    expect(told).toEqual([]);
  });
});
