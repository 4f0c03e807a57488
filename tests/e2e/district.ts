import { expect } from 'vitest';
import type { ConferenceRequest, ConferenceView } from '../../src/contract/conferences.ts';
import type { ParticipantView } from '../../src/contract/rest.ts';
import type { SiteRequest } from '../../src/contract/sites.ts';
import { NOTHING, remainsOf } from '../support/remains.ts';
import type { TestSystem } from '../support/system.ts';
import { waitFor } from '../support/wait-for.ts';

/** Password of every site's endpoint in these tests. */
export const passwordOf = (username: string): string => `password-of-${username}`;

/** A site with one endpoint; the username is its name in small letters. */
export async function addSite(
  system: TestSystem,
  name: string,
  username: string,
  more: Partial<SiteRequest> = {},
): Promise<void> {
  const endpoints = [{ sipUsername: username, sipPassword: passwordOf(username) }];
  const body = { name, endpoints, ...more };
  const { status } = await system.api('/sites', { method: 'POST', body });
  expect(status).toBe(201);
}

export async function addConference(
  system: TestSystem,
  body: ConferenceRequest,
): Promise<ConferenceView> {
  const reply = await system.api('/conferences', { method: 'POST', body });
  expect(reply.status).toBe(201);
  return reply.body as ConferenceView;
}

export async function participantsOf(
  system: TestSystem,
  conference: ConferenceView,
): Promise<ParticipantView[]> {
  return (await system.api(`/conferences/${conference.id}/participants`)).body as ParticipantView[];
}

/** Waits until no engine holds anything any more. */
export async function expectNothingLeft(system: TestSystem): Promise<void> {
  let seen: unknown;
  await waitFor('the engines to be empty', async () => {
    seen = await remainsOf(system);
    return JSON.stringify(seen) === JSON.stringify(NOTHING);
  }).catch(() => expect(seen).toEqual(NOTHING));
  expect((await system.api('/calls')).body).toEqual([]);
}
