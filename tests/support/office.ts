/**
 * The administrator's half of the gateway over http, with a real store and real directories, and
 * nobody to call: for tests and benchmarks of the API.
 */
import { pino } from 'pino';
import { createApi } from '../../src/api/index.ts';
import { CallList } from '../../src/calls/call-list.ts';
import { CallLog } from '../../src/calls/call-log.ts';
import { ConferenceDirectory } from '../../src/conferences/conference-directory.ts';
import { LiveConferences } from '../../src/conferences/live-conferences.ts';
import { meetingRooms, plansOf } from '../../src/gateway-meetings.ts';
import { isOfPeople, watchHub } from '../../src/gateway-watch.ts';
import { openWork } from '../../src/gateway-work.ts';
import { JobRunner } from '../../src/jobs/job-runner.ts';
import { MeetingDirectory } from '../../src/meetings/meeting-directory.ts';
import { Meetings } from '../../src/meetings/meetings.ts';
import { openPeople } from '../../src/people/people.ts';
import { computeHa1 } from '../../src/sip/digest.ts';
import { Presence } from '../../src/sites/presence.ts';
import { Registrar } from '../../src/sites/registrar.ts';
import { SiteDirectory } from '../../src/sites/site-directory.ts';
import { openStore } from '../../src/store/index.ts';
import { Cleanup } from '../../src/util/cleanup.ts';
import { systemClock } from '../../src/util/clock.ts';
import { FakeMediaRelay } from '../fakes/fake-media-relay.ts';
import { NOBODY_ANSWERS } from '../fakes/fake-meeting-calls.ts';
import { FakeRoomBridge } from '../fakes/fake-room-bridge.ts';
import { FakeStage } from '../fakes/fake-stage.ts';
import { fakeCore, TLS } from '../unit/api/support.ts';

export const OFFICE_TOKEN = 'the-token-of-the-office';
const SECRET = 'a-secret-of-sixteen-or-more';
const CHEAP = { memoryKib: 8, passes: 1, lanes: 1 };

export type Office = Awaited<ReturnType<typeof openOffice>>;

/** @param file of the database */
export async function openOffice(file = ':memory:') {
  const log = pino({ level: 'silent' });
  const cleanup = new Cleanup();
  const store = await openStore({ file, log });
  cleanup.add('store', () => store.close());
  const stage = new FakeStage();
  const live = new LiveConferences({
    relay: new FakeMediaRelay(),
    bridge: new FakeRoomBridge(),
    stage,
    clock: systemClock,
    speaker: { minTalkMs: 300, holdMs: 1500 },
    idleCloseMs: 60_000,
    log,
  });
  cleanup.add('conferences', () => live.close());
  const calls = new CallList();
  const callLog = new CallLog(100);
  const rules = { minExpiresSec: 60, maxExpiresSec: 3600 };
  const registrar = await Registrar.open(rules, systemClock, store, () => undefined);
  const presence = await Presence.open({
    sites: store,
    events: store,
    registrar,
    clock: systemClock,
    log,
  });
  const now = () => systemClock.now();
  const ha1 = (user: string, password: string) => computeHa1(user, 'diemcau', password);
  const parts = { store, registrar, presence, calls, conferences: live };
  const sites = new SiteDirectory({ ...parts, computeHa1: ha1 });
  const conferences = new ConferenceDirectory({ store, live, now });
  const jobs = new JobRunner({ now, log });
  cleanup.add('jobs', () => jobs.close());
  const events = { live, presence, calls, callLog };
  const work = await openWork(
    { store, sites, conferences, ...events, jobs, secret: SECRET, log },
    cleanup,
  );
  const nobody = fakeCore();
  const meetings = await Meetings.open({
    plans: plansOf({ sites: store, conferenceStore: store }),
    calls: NOBODY_ANSWERS,
    ...{ store, rooms: live, clock: systemClock, log },
    pace: { atOnce: 8, perSecond: 100 },
    ladder: { rounds: 1, retryAfterMs: 60_000 },
    emptyAfterMs: 60_000,
  });
  cleanup.add('meetings', () => meetings.close());
  const hub = watchHub({ ...parts, meetings, jobs, health: nobody.health, log });
  cleanup.add('hub', () => hub.close());
  const people = openPeople({ store, secret: SECRET, now, passwordCosts: CHEAP });
  const api = createApi({
    adminToken: OFFICE_TOKEN,
    webRoot: '/nowhere',
    host: '127.0.0.1',
    httpPort: 0,
    httpsPort: 0,
    tls: TLS,
    janusUrl: 'ws://127.0.0.1:9',
    janusApiSecret: 'api-secret',
    core: {
      ...{ ...nobody, sites, conferences },
      meetings: new MeetingDirectory({ meetings, rooms: meetingRooms(live), store }),
    },
    people,
    work,
    watch: {
      hub,
      onPeopleChanged: listener =>
        store.onStored(({ entity }) => {
          if (isOfPeople(entity)) listener();
        }),
    },
    log,
  });
  await api.listen();
  cleanup.add('api', () => api.close());
  const host = `127.0.0.1:${api.ports().httpPort}`;
  return {
    ...{ store, sites, conferences, live, calls, registrar, presence, people, stage, ha1 },
    url: `http://${host}/api/v1`,
    wsUrl: `ws://${host}/admin/events`,
    close: async () => void (await cleanup.close()),
  };
}
