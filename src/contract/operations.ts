import { conferenceOperations } from './conferences.ts';
import { jobOperations } from './jobs.ts';
import { meetingOperations } from './meetings.ts';
import type { Operation } from './operation.ts';
import { peopleOperations } from './people.ts';
import { recordOperations } from './records.ts';
import { siteOperations } from './sites.ts';
import { systemOperations } from './system.ts';

/** Everything the API can be asked by who is signed in or carries a token. */
export const operations = {
  ...siteOperations,
  ...conferenceOperations,
  ...meetingOperations,
  ...recordOperations,
  ...systemOperations,
  ...peopleOperations,
  ...jobOperations,
} as const;

export const allOperations: readonly Operation[] = Object.values(operations);
