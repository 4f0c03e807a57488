import type { Logger } from 'pino';
import type { CallList } from './calls/call-list.ts';
import { participantDetails } from './conferences/conference-view.ts';
import type { LiveConferences } from './conferences/live-conferences.ts';
import type { HealthView } from './contract/rest.ts';
import type { ConferenceId } from './domain/ids.ts';
import type { JobRunner } from './jobs/job-runner.ts';
import { meetingView } from './meetings/meeting-directory.ts';
import type { Meetings } from './meetings/meetings.ts';
import type { Presence } from './sites/presence.ts';
import type { Store } from './store/index.ts';
import { systemClock } from './util/clock.ts';
import { type FeedDeps, feedOf } from './watch/feeds.ts';
import type { RunningMeetings } from './watch/ports.ts';
import { WatchHub } from './watch/watch-hub.ts';

export interface WatchParts {
  readonly store: Store;
  readonly presence: Presence;
  readonly calls: CallList;
  readonly conferences: LiveConferences;
  readonly meetings: Pick<Meetings, 'list' | 'onChange'>;
  readonly jobs: JobRunner;
  readonly health: () => Promise<HealthView>;
  readonly log: Logger;
}

/** What pages can watch, of the parts that know it. */
export function watchHub(parts: WatchParts): WatchHub {
  const { store, presence, calls, conferences, meetings, jobs, health, log } = parts;
  const deps: FeedDeps = {
    site: { sites: store, presence, calls, conferences },
    stored: store,
    meetings: meetingsOf(meetings),
    people: peopleOf(conferences),
    conferences: {
      groups: async () =>
        new Map((await store.listConferences()).map(({ id, groupId }) => [id, groupId])),
    },
    health: { health },
    jobs,
    now: () => systemClock.now(),
    onError: err => log.warn({ err }, 'not watched'),
  };
  return new WatchHub({ feedOf: topic => feedOf(topic, deps), log });
}

/** Whether a change of this may put somebody out who is signed in. */
export function isOfPeople(entity: string): boolean {
  return ['user', 'session', 'token'].includes(entity);
}

/** The meetings that run, as those who watch see them. */
export function meetingsOf(meetings: WatchParts['meetings']): RunningMeetings {
  return {
    list: () => meetings.list().map(meetingView),
    onChange: listener => meetings.onChange(({ conferenceId }) => listener(conferenceId)),
  };
}

function peopleOf(conferences: LiveConferences): FeedDeps['people'] {
  return {
    participants: id => {
      const live = conferences.find(id as ConferenceId);
      return live ? participantDetails(live) : [];
    },
    onRoster: listener =>
      conferences.on('roster', ({ conferenceId }) => void listener(conferenceId)),
    onQuality: listener =>
      conferences.on('quality', ({ conferenceId }) => void listener(conferenceId)),
  };
}
