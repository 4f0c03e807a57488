import { describe, expect, test } from 'vitest';
import { loadSettings } from '../../../src/config/index.ts';
import { stageEngine } from '../../../src/engines/stage.ts';

const settings = loadSettings({ DIEMCAU_PUBLIC_HOST: '192.0.2.1' }, { rootDir: '/nowhere' });

describe('the stage process', () => {
  test.each([
    [1, '4'],
    [4, '4'],
    [16, '16'],
  ])('on %i cores has a pool of %s threads', (cores, threads) => {
    expect(stageEngine(settings, cores).command.env?.UV_THREADPOOL_SIZE).toBe(threads);
  });
});
