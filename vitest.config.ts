import { defineConfig } from 'vitest/config';

/** Tests that wait for timers of SIP, and for what is written to be there after a crash. */
const WAITING = [
  'tests/integration/sip-agent/sipp.test.ts',
  'tests/integration/sip-agent/embedded/remains.test.ts',
  'tests/integration/store/crash.test.ts',
];

/**
 * `unit` opens no ports and keeps its workers, as starting one costs more than most files take;
 * `stage` plays pictures on loopback, several files at once as they mostly wait; the others run
 * inside a test bed's namespace, one file after the other. `integration` and `calls` look at no
 * pictures and mostly wait, so that a bed for them may stand beside the one of `pages`, whose
 * browsers look at few; `waiting` does little else, and stands beside both. `e2e` is run when nothing
 * else is. `faults` waits for lines and engines to be gone for long, and has an npm script of its
 * own, as has `screenshots`, which are to be looked at.
 */
export default defineConfig({
  test: {
    reporters: ['default'],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['tests/unit/**/*.test.ts', 'tests/unit/**/*.test.tsx'],
          environment: 'node',
          isolate: false,
          // Databases are made and passwords hashed here: longer than vitest's own limits when
          // the machine is busy. What hangs is still ended.
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'stage',
          include: ['tests/integration/stage/**/*.test.ts'],
          environment: 'node',
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['tests/contract/**/*.test.ts', 'tests/integration/**/*.test.ts'],
          exclude: ['tests/integration/stage/**', ...WAITING],
          environment: 'node',
          fileParallelism: false,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'waiting',
          include: WAITING,
          environment: 'node',
          fileParallelism: false,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'calls',
          include: ['tests/e2e/calls/**/*.test.ts'],
          environment: 'node',
          fileParallelism: false,
          testTimeout: 90_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          exclude: ['tests/e2e/{calls,faults,pages}/**'],
          environment: 'node',
          fileParallelism: false,
          testTimeout: 90_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'pages',
          include: ['tests/e2e/pages/**/*.test.ts'],
          environment: 'node',
          fileParallelism: false,
          testTimeout: 90_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'faults',
          include: ['tests/e2e/faults/**/*.test.ts'],
          environment: 'node',
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'screenshots',
          include: ['tests/screenshots/**/*.test.ts'],
          environment: 'node',
          testTimeout: 300_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
