import type { JobRunner } from '../jobs/job-runner.ts';
import type { Feed } from './feed.ts';
import { HealthFeed } from './health-feed.ts';
import { JobFeed } from './job-feed.ts';
import { MeetingFeed } from './meeting-feed.ts';
import { ParticipantFeed } from './participant-feed.ts';
import type {
  ConferenceGroups,
  HealthSource,
  People,
  RunningMeetings,
  StoredChanges,
} from './ports.ts';
import { SiteFeed, type SiteFeedDeps } from './site-feed.ts';
import { StoredFeed } from './stored-feed.ts';

export interface FeedDeps {
  readonly site: Omit<SiteFeedDeps, 'stored' | 'onError'>;
  readonly stored: StoredChanges;
  readonly meetings: RunningMeetings;
  readonly people: People;
  readonly conferences: ConferenceGroups;
  readonly health: HealthSource;
  readonly jobs: JobRunner;
  readonly now: () => number;
  readonly onError: (err: unknown) => void;
}

const MEETING = 'meeting:';

/** What a topic of `contract/admin-events.ts` is about. */
export function feedOf(topic: string, deps: FeedDeps): Feed | undefined {
  if (topic.startsWith(MEETING)) return new ParticipantFeed(topic.slice(MEETING.length), deps);
  return Object.hasOwn(FEEDS, topic) ? FEEDS[topic]?.(deps) : undefined;
}

const FEEDS: Readonly<Record<string, (deps: FeedDeps) => Feed>> = {
  sites: deps => new SiteFeed({ ...deps, ...deps.site }),
  meetings: deps => new MeetingFeed(deps),
  health: ({ health, onError }) => new HealthFeed(health, onError),
  stored: ({ stored }) => new StoredFeed(stored),
  jobs: ({ jobs }) => new JobFeed(jobs),
};
