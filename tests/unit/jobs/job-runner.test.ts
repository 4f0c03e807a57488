import { beforeEach, expect, it, vi } from 'vitest';
import type { Permission } from '../../../src/contract/permissions.ts';
import type { Principal } from '../../../src/domain/actor.ts';
import { GatewayError } from '../../../src/domain/errors.ts';
import { JobRunner, type Progress, type Work } from '../../../src/jobs/job-runner.ts';
import { SILENT } from '../api/support.ts';

let nowMs: number;
let runner: JobRunner;
beforeEach(() => {
  nowMs = 1_000;
  runner = new JobRunner({ now: () => nowMs, log: SILENT });
});

const who = (userId: string, ...permissions: Permission[]): Principal => ({
  actor: { kind: 'user', userId, name: userId },
  permissions: new Set(permissions),
});
const lan = who('lan');
const work = (run: Work['run']): Work => ({ kind: 'import', total: 10, needs: 'sites.write', run });
const untilStopped = ({ signal }: Progress) =>
  new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error));
  });
const stateOf = (id: string) => runner.get(id, lan)?.state;

it('tells how far it is, and what came of it', async () => {
  const report = { rows: 10, accepted: 10, created: 10, changed: 0, problems: [] };
  const seen: unknown[] = [];
  runner.onChange(id => seen.push(runner.get(id, lan)?.done));
  const { id } = runner.start(
    work(async ({ advance }) => {
      advance(4);
      advance(10);
      return { report };
    }),
    lan,
  );
  expect(stateOf(id)).toBe('running');
  await vi.waitFor(() => expect(stateOf(id)).toBe('done'));
  expect(runner.get(id, lan)).toMatchObject({ done: 10, startedBy: 'lan', report });
  expect(seen).toEqual([0, 4, 10, 10]);
});

it('that is cancelled stops, and is not called failed', async () => {
  const { id } = runner.start(work(untilStopped), lan);
  expect(runner.cancel(id, lan)).toBe(true);
  await vi.waitFor(() => expect(stateOf(id)).toBe('cancelled'));
  expect(runner.cancel(id, lan)).toBe(true);
});

it('that is cancelled too late is done', async () => {
  const done = Promise.withResolvers<void>();
  const { id } = runner.start(
    work(async () => {
      await done.promise;
      return {};
    }),
    lan,
  );
  await Promise.resolve();
  runner.cancel(id, lan);
  done.resolve();
  await vi.waitFor(() => expect(stateOf(id)).toBe('done'));
});

it('that fails says why; of what nobody expected, no more than that', async () => {
  const known = runner.start(
    work(() => Promise.reject(new GatewayError('conflict', 'This number is taken.'))),
    lan,
  );
  const unknown = runner.start(
    work(() => Promise.reject(new Error('secret'))),
    lan,
  );
  await vi.waitFor(() => expect(stateOf(unknown.id)).toBe('failed'));
  expect(runner.get(known.id, lan)?.error).toEqual({
    code: 'conflict',
    message: 'This number is taken.',
  });
  expect(runner.get(unknown.id, lan)?.error?.message).not.toContain('secret');
});

it('is seen and stopped by who started it and by who may do it everywhere', () => {
  const { id } = runner.start(work(untilStopped), lan);
  const operator = who('minh', 'sites.write');
  const limited = { ...operator, groupIds: new Set(['g']) };
  expect([lan, operator, limited, who('nam')].map(one => runner.list(one).length)).toEqual([
    1, 1, 0, 0,
  ]);
  expect(runner.cancel(id, limited)).toBe(false);
  expect(runner.cancel(id, operator)).toBe(true);
});

it('is forgotten an hour after its end, when another begins', async () => {
  const { id } = runner.start(
    work(async () => ({})),
    lan,
  );
  await vi.waitFor(() => expect(stateOf(id)).toBe('done'));
  nowMs += 3_599_000;
  runner.start(work(untilStopped), lan);
  expect(stateOf(id)).toBe('done');
  nowMs += 2_000;
  runner.start(work(untilStopped), lan);
  expect(stateOf(id)).toBeUndefined();
});

it('more than a few at once are refused', () => {
  const start = () => runner.start(work(untilStopped), lan);
  for (let n = 0; n < 20; n += 1) start();
  expect(start).toThrow('Too much');
});

it('the end of the program stops all', async () => {
  const { id } = runner.start(work(untilStopped), lan);
  await runner.close();
  expect(stateOf(id)).toBe('cancelled');
});
