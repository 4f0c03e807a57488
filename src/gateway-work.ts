import type { Logger } from 'pino';
import type { WorkCore } from './api/work-core.ts';
import type { CallList } from './calls/call-list.ts';
import type { CallLog } from './calls/call-log.ts';
import type { ConferenceDirectory } from './conferences/conference-directory.ts';
import type { LiveConferences } from './conferences/live-conferences.ts';
import { Imports } from './imports/imports.ts';
import type { JobRunner } from './jobs/job-runner.ts';
import { SecretBox } from './people/secret-box.ts';
import type { Presence } from './sites/presence.ts';
import type { SiteDirectory } from './sites/site-directory.ts';
import type { Store } from './store/index.ts';
import type { Cleanup } from './util/cleanup.ts';
import { systemClock } from './util/clock.ts';
import type { RunningMeetings } from './watch/ports.ts';
import { Dispatcher } from './webhooks/dispatcher.ts';
import { EventWatch } from './webhooks/event-watch.ts';
import { sendMessage } from './webhooks/send.ts';
import { WebhookDirectory } from './webhooks/webhook-directory.ts';

export interface WorkParts {
  readonly store: Store;
  readonly sites: SiteDirectory;
  readonly conferences: ConferenceDirectory;
  readonly live: LiveConferences;
  readonly presence: Presence;
  readonly calls: CallList;
  readonly callLog: CallLog;
  readonly jobs: JobRunner;
  /** Those that run; none when not given. */
  readonly meetings?: RunningMeetings;
  /** Of which the key is made that seals webhooks' secrets. */
  readonly secret: string;
  readonly log: Logger;
}

/** Imports, jobs and webhooks; what is told to webhooks is watched from now on. */
export async function openWork(parts: WorkParts, cleanup: Cleanup): Promise<WorkCore> {
  const { store, sites, conferences, jobs, secret, log } = parts;
  const seal = new SecretBox(secret);
  const now = () => systemClock.now();
  const dispatcher = new Dispatcher({ store, seal, send: sendMessage, now, log });
  await dispatcher.open();
  cleanup.add('webhooks', () => dispatcher.close());
  const events = new EventWatch({ ...parts, dispatcher });
  cleanup.add('events', () => events.close());
  return {
    imports: new Imports({ sites, conferences }, jobs),
    jobs,
    webhooks: new WebhookDirectory({ store, seal, now, onChange: () => dispatcher.reload() }),
  };
}
