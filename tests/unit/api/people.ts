import type { People } from '../../../src/people/people.ts';
import { setupCodeOf } from '../../../src/people/random-words.ts';
import { TestBrowser } from './browser.ts';
import { fakeCore, freshPeople, PEOPLE_SECRET, type RunningApi, startApi } from './support.ts';

export const PASSWORD = 'bốn con mèo ngủ trưa';

/** The API with one administrator, `an`, who is signed in, and time that the test moves. */
export interface StaffedApi {
  readonly api: RunningApi;
  readonly people: People;
  readonly admin: TestBrowser;
  /** Time goes on by so much. */
  pass(ms: number): void;
  now(): number;
  /** Another account, and a browser in which it is signed in. */
  employ(login: string, role: string, groupIds?: readonly string[]): Promise<TestBrowser>;
}

export async function startStaffedApi(
  options: { readonly webRoot?: string } = {},
): Promise<StaffedApi> {
  let nowMs = Date.now();
  const people = await freshPeople(() => nowMs);
  const api = await startApi(fakeCore(), { ...options, people });
  const admin = new TestBrowser(api.url);
  const answer = await admin.setUp(setupCodeOf(PEOPLE_SECRET), 'an', PASSWORD);
  if (answer.status !== 201) throw new Error(`no set-up: ${JSON.stringify(answer.body)}`);
  return {
    api,
    people,
    admin,
    pass: ms => {
      nowMs += ms;
    },
    now: () => nowMs,
    employ: async (login, role, groupIds = []) => {
      const body = { login, name: login, role, password: PASSWORD, groupIds };
      const made = await admin.ask('POST', '/users', { body });
      if (made.status !== 201) throw new Error(`no account: ${JSON.stringify(made.body)}`);
      const browser = new TestBrowser(api.url);
      await browser.signIn(login, PASSWORD);
      return browser;
    },
  };
}
