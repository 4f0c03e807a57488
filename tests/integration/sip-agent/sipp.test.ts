/**
 * What devices do at odd moments, one sipp scenario for each; its name says
 * what, and its file how. All run at once against one server and one small
 * application.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, type TestContext, test } from 'vitest';
import { Bench } from './support/bench.ts';
import { skipFaultOfOriginal } from './support/differences.ts';
import { freePort, ScenarioApp } from './support/scenario-app.ts';
import { runSipp } from './support/sipp.ts';

interface Scenario {
  /** Of a user, which it is the test of; `pain 7` in the test's name. */
  readonly pain?: number;
  /** Devices at once; one unless said. */
  readonly calls?: number;
  /** sipp takes no message for a repetition of another: each counts. */
  readonly everyMessage?: true;
  /** It waits for the application's call. */
  readonly out?: true;
}

const SCENARIOS: Record<string, Scenario> = {
  'lost-200': { everyMessage: true },
  'late-ack': {},
  'lost-ack': {},
  'cancel-crosses-200': {},
  'cancel-crosses-200-out': { out: true },
  'reinvite-glare': {},
  'offerless-invite': { pain: 4 },
  'session-timer-90': { pain: 7 },
  'session-timer-refresh': { pain: 7 },
  'session-timer-expired': { pain: 7 },
  'invite-5k-udp': { pain: 8 },
  prack: { everyMessage: true },
  'prack-out': { out: true },
  'update-no-sdp': { pain: 7 },
  'target-refresh': {},
  'hold-resume-x10': { pain: 5 },
  'info-dtmf': { pain: 13 },
  'unknown-requests': {},
  'register-storm': { calls: 300 },
};

let bench: Bench;
let app: ScenarioApp;
let folder: string;

beforeAll(async () => {
  bench = await Bench.start();
  app = await ScenarioApp.start(bench);
  folder = mkdtempSync(join(tmpdir(), 'sipp-'));
});

afterAll(async () => {
  await bench.close();
  rmSync(folder, { recursive: true });
});

describe.concurrent('with sipp', () => {
  const all = Object.entries(SCENARIOS).map(([name, how]) => [name, how, how.pain] as const);

  const run = async (name: string, { pain: _, ...how }: Scenario, context: TestContext) => {
    skipFaultOfOriginal(context);
    const port = await freePort();
    if (how.out) app.callOut(name, port);
    const result = await runSipp(name, { server: bench.server.sip, folder, port, ...how });
    expect(result.errors).toBe('');
    expect(result.exitCode).toBe(0);
    expect(await app.complaints(name)).toEqual([]);
  };

  test.for(all.filter(([, , pain]) => pain === undefined))(
    '%s',
    { timeout: 90_000 },
    ([name, how], context) => run(name, how, context),
  );
  test.for(all.filter(([, , pain]) => pain).map(([name, how, pain]) => [pain, name, how] as const))(
    'pain %d: %s',
    { timeout: 90_000 },
    ([, name, how], context) => run(name, how, context),
  );
});

test('after all of them nothing is left', async () => {
  await bench.holds({ dialogs: 0, unacknowledged: 0, pendingRequests: 0 });
});
