/**
 * What devices do at odd moments, one sipp scenario for each; its name says
 * what, and its file how. All run at once against one server and one small
 * application.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Bench } from './support/bench.ts';
import { skipFaultOfOriginal } from './support/differences.ts';
import { freePort, ScenarioApp } from './support/scenario-app.ts';
import { runSipp } from './support/sipp.ts';

interface Scenario {
  /** Devices at once; one unless said. */
  readonly calls?: number;
  /** sipp takes no message for a repetition of another: each counts. */
  readonly everyMessage?: true;
  /** It waits for the application's call. */
  readonly out?: true;
}

const SCENARIOS: Record<string, Record<string, Scenario>> = {
  'with sipp': {
    'lost-200': { everyMessage: true },
    'late-ack': {},
    'lost-ack': {},
    'cancel-crosses-200': {},
    'cancel-crosses-200-out': { out: true },
    'reinvite-glare': {},
    prack: { everyMessage: true },
    'prack-out': { out: true },
    'target-refresh': {},
    'unknown-requests': {},
    'register-storm': { calls: 300 },
  },
  'with sipp, pain 4': { 'offerless-invite': {} },
  'with sipp, pain 5': { 'hold-resume-x10': {} },
  'with sipp, pain 7': {
    'session-timer-90': {},
    'session-timer-refresh': {},
    'session-timer-expired': {},
    'update-no-sdp': {},
  },
  'with sipp, pain 8': { 'invite-5k-udp': {} },
  'with sipp, pain 13': { 'info-dtmf': {} },
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

describe.concurrent.for(Object.entries(SCENARIOS))('%s', ([, scenarios]) => {
  test.for(Object.entries(scenarios))('%s', { timeout: 90_000 }, async ([name, how], context) => {
    skipFaultOfOriginal(context);
    const port = await freePort();
    if (how.out) app.callOut(name, port);
    const result = await runSipp(name, { server: bench.server.sip, folder, port, ...how });
    expect(result.errors).toBe('');
    expect(result.exitCode).toBe(0);
    expect(await app.complaints(name)).toEqual([]);
  });
});

test('after all of them nothing is left', async () => {
  await bench.holds({ dialogs: 0, unacknowledged: 0, pendingRequests: 0 });
});
