import { once } from 'node:events';
import type { Secrets, Settings } from '../config/index.ts';
import type { ConferenceRequest, ConferenceView } from '../contract/conferences.ts';
import { describeError } from '../observability/log.ts';
import { banner } from './banner.ts';
import { engineFailure, stateLine } from './console.ts';
import { DEMO_CONFERENCE, startDemo } from './demo.ts';
import { EngineError, type EngineObserver } from './engine.ts';
import { RestClient } from './rest-client.ts';
import { startSystem } from './system.ts';

/** So that a first start has a number to dial and a link to open. */
const FIRST_CONFERENCE: ConferenceRequest = {
  name: 'Phòng họp 1',
  number: '1000',
  alias: 'phong-hop-1',
};

interface Closable {
  close(): Promise<Error[]>;
}

export interface UpOptions {
  /** Two simulated sites dial in. */
  readonly demo: boolean;
  /** Fires when everything is to be stopped. */
  readonly signal: AbortSignal;
}

/** Runs the whole system in the foreground until `signal` fires; resolves with the exit code. */
export async function runUp(
  settings: Settings,
  secrets: Secrets,
  { demo, signal }: UpOptions,
): Promise<number> {
  const opened: Closable[] = [];
  const { observer, givenUp } = printingObserver();
  try {
    console.log('Starting:');
    opened.push(await startSystem(settings, secrets, observer, signal));
    const rest = new RestClient(settings, secrets);
    if (demo) opened.push(await startDemo(settings, rest, observer, signal));
    const conferences = await shownConferences(rest, demo);
    console.log(banner(settings, secrets, conferences, await rest.setupNeeded()));
    await Promise.race([aborted(signal), givenUp]);
    return 0;
  } catch (err) {
    if (signal.aborted) return 0;
    console.error(`\n${err instanceof EngineError ? engineFailure(err) : describeError(err)}`);
    return 1;
  } finally {
    await closeAll(opened.reverse());
  }
}

/** The demonstration's conference first, else all; one is made where there is none. */
async function shownConferences(rest: RestClient, demo: boolean): Promise<ConferenceView[]> {
  const all = await rest.conferences('');
  if (demo) return all.filter(({ alias }) => alias === DEMO_CONFERENCE.alias);
  return all.length > 0 ? all : [await rest.addConference(FIRST_CONFERENCE)];
}

/** Prints what happens; `givenUp` rejects when an engine cannot be kept running. */
function printingObserver(): { observer: EngineObserver; givenUp: Promise<never> } {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => undefined); // May come while nobody waits; then it is seen at the next wait.
  const observer: EngineObserver = {
    onState: (name, state, detail) => console.log(stateLine(name, state, detail)),
    onGivenUp: reject,
  };
  return { observer, givenUp: promise };
}

async function closeAll(opened: readonly Closable[]): Promise<void> {
  if (opened.length > 0) console.log('\nStopping:');
  for (const part of opened) {
    for (const err of await part.close()) console.error(describeError(err));
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}
