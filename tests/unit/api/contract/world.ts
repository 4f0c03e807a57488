import { CallArchive } from '../../../../src/calls/call-archive.ts';
import { CallList } from '../../../../src/calls/call-list.ts';
import { CallLog } from '../../../../src/calls/call-log.ts';
import { ConferenceDirectory } from '../../../../src/conferences/conference-directory.ts';
import { LiveConferences } from '../../../../src/conferences/live-conferences.ts';
import { Visits } from '../../../../src/conferences/visits.ts';
import { settingsInForce } from '../../../../src/config/in-force.ts';
import { loadSettings } from '../../../../src/config/load.ts';
import type { Operation } from '../../../../src/contract/operation.ts';
import { Permission } from '../../../../src/contract/permissions.ts';
import type { CallId, ConferenceId } from '../../../../src/domain/ids.ts';
import { meetingRooms, plansOf } from '../../../../src/gateway-meetings.ts';
import { openRecords } from '../../../../src/gateway-records.ts';
import { gatewaySystem } from '../../../../src/gateway-system.ts';
import { openWork } from '../../../../src/gateway-work.ts';
import { JobRunner } from '../../../../src/jobs/job-runner.ts';
import { MeetingDirectory } from '../../../../src/meetings/meeting-directory.ts';
import { Meetings } from '../../../../src/meetings/meetings.ts';
import { openPeople } from '../../../../src/people/people.ts';
import { setupCodeOf } from '../../../../src/people/random-words.ts';
import { Presence } from '../../../../src/sites/presence.ts';
import { Registrar } from '../../../../src/sites/registrar.ts';
import { SiteDirectory } from '../../../../src/sites/site-directory.ts';
import { openStore, type Store } from '../../../../src/store/index.ts';
import { Cleanup } from '../../../../src/util/cleanup.ts';
import { systemClock } from '../../../../src/util/clock.ts';
import { MachineWatch } from '../../../../src/util/machine.ts';
import { FakeMediaRelay } from '../../../fakes/fake-media-relay.ts';
import { NOBODY_ANSWERS } from '../../../fakes/fake-meeting-calls.ts';
import { FakeRoomBridge } from '../../../fakes/fake-room-bridge.ts';
import { FakeStage } from '../../../fakes/fake-stage.ts';
import { pinsOf } from '../../../support/pins.ts';
import { seated } from '../../../support/seated.ts';
import { send, TestBrowser } from '../browser.ts';
import { fakeCore, type RunningApi, SILENT, startApi } from '../support.ts';

export const PASSWORD = 'bốn con mèo ngủ trưa';
const SECRET = 'a-secret-for-tests';
const CHEAP = { memoryKib: 8, passes: 1, lanes: 1 };
const DAY_MS = 24 * 3600 * 1000;

/** The API over a database, with accounts, and something of every kind to ask about. */
export interface World {
  readonly api: RunningApi;
  readonly operations: readonly Operation[];
  /** The first administrator's browser, signed in. */
  readonly admin: TestBrowser;
  /** A token that may do everything its owner may, and others. */
  readonly token: string;
  /** The same without one permission. */
  tokenWithout(permission: Permission): Promise<string>;
  /** Another account with a browser that is signed in. */
  employ(role?: string): Promise<{ id: string; login: string; browser: TestBrowser }>;
  /** Makes something by the API itself; gives its id. */
  create(path: string, body: unknown): Promise<string>;
  /** A conference in which a browser is. */
  readonly conferenceId: string;
  readonly participantId: string;
  /** Another browser joins it; gives its id there. */
  join(): Promise<string>;
  /** A signed record of that conference; gives its id. */
  record(): Promise<string>;
  /** A word that no other test has. */
  fresh(): string;
  close(): Promise<void>;
}

export async function startWorld(): Promise<World> {
  const store = await openStore({ file: ':memory:', log: SILENT });
  const people = openPeople({
    store,
    secret: SECRET,
    now: Date.now,
    passwordCosts: CHEAP,
  });
  const directories = await openDirectories(store);
  const { sites, conferences, meetings, live, presence, callList: calls } = directories;
  const { running } = directories;
  const callLog = new CallLog(100);
  const cleanup = new Cleanup();
  const recordParts = { conferences: live, meetings: running, store, secret: SECRET, log: SILENT };
  const { records, rollCalls, recordTickets } = await openRecords(recordParts, cleanup);
  const jobs = new JobRunner({ now: () => systemClock.now(), log: SILENT });
  cleanup.add('jobs', () => jobs.close());
  const parts = { store, sites, conferences, live, presence, calls, callLog, jobs };
  const work = await openWork({ ...parts, secret: SECRET, log: SILENT }, cleanup);
  const keeping = { store, keep: 100, clock: systemClock, log: SILENT };
  const archive = await CallArchive.open({ callLog, ...keeping });
  logCalls(callLog);
  const core = fakeCore();
  const settings = loadSettings({ DIEMCAU_PUBLIC_HOST: '192.0.2.1', DIEMCAU_DATA_DIR: '/tmp' });
  const machine = new MachineWatch();
  const api = await startApi(
    {
      ...core,
      sites,
      conferences,
      meetings,
      records,
      recordTickets,
      rollCalls,
      calls: {
        ...core.calls,
        log: (query, by) => archive.list(query, by),
        trace: async (callId, by) => {
          const found = await archive.find(callId as CallId, by);
          return found && { call: found.call, messages: [...found.messages] };
        },
      },
      answers: store,
      note: noted => store.note(noted),
      settings: () => settingsInForce(settings, {}),
      system: () =>
        gatewaySystem({
          settings,
          startedAtMs: 1,
          machine,
          store,
          stageWatch: { status: async () => undefined },
          relay: { ports: async () => ({ used: 4, of: 5000 }) },
          health: core.health,
        }),
    },
    { people, work },
  );

  const admin = new TestBrowser(api.url);
  const made = await admin.setUp(setupCodeOf(SECRET), 'an', PASSWORD);
  if (made.status !== 201) throw new Error(`no set-up: ${JSON.stringify(made.body)}`);
  const tokens = new Map<string, Promise<string>>();
  const tokenFor = (scopes: readonly Permission[]): Promise<string> => {
    const known = tokens.get(scopes.join()) ?? makeToken(admin, scopes);
    tokens.set(scopes.join(), known);
    return known;
  };
  let words = 0;
  const fresh = () => {
    words += 1;
    return `w${words}`;
  };
  const token = await tokenFor(Permission.options);
  const create = async (path: string, body: unknown): Promise<string> => {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await send('POST', `${api.url}/api/v1${path}`, body, headers);
    if (answer.status !== 201) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
    return answer.body.id;
  };
  const alias = 'giao-ban';
  const conferenceId = await create('/conferences', { name: 'Giao ban', number: '1000', alias });
  const visit = await directories.join(alias);
  return {
    api,
    create,
    conferenceId,
    participantId: visit.seat.participantId,
    join: async () => (await directories.join(alias)).seat.participantId,
    record: async () => {
      const id = conferenceId as ConferenceId;
      const roll = await rollCalls.start(id, 'Lan');
      await rollCalls.sign(id, 'Lan', { kind: 'chair', name: 'Lan' });
      return roll.id;
    },
    operations: api.operations,
    admin,
    token,
    tokenWithout: permission => tokenFor(Permission.options.filter(one => one !== permission)),
    fresh,
    employ: async (role = 'administrator') => {
      const login = `user-${fresh()}`;
      const body = { login, name: login, role, password: PASSWORD };
      const answer = await admin.ask('POST', '/users', { body });
      const browser = new TestBrowser(api.url);
      await browser.signIn(login, PASSWORD);
      return { id: answer.body.id, login, browser };
    },
    close: async () => {
      await api.close();
      await cleanup.close();
      await directories.close();
      await archive.close();
      machine.close();
      await store.close();
    },
  };
}

async function makeToken(admin: TestBrowser, scopes: readonly Permission[]): Promise<string> {
  const body = { name: 'contract', scopes, expiresAtMs: Date.now() + DAY_MS };
  const answer = await admin.ask('POST', '/me/tokens', { body });
  if (answer.status !== 201) throw new Error(`no token: ${JSON.stringify(answer.body)}`);
  return answer.body.token;
}

/** What is stored of sites and conferences is real, what runs of them is played by the fakes. */
async function openDirectories(store: Store) {
  const clock = systemClock;
  const rules = { minExpiresSec: 60, maxExpiresSec: 3600 };
  const registrar = await Registrar.open(rules, clock, store, () => undefined);
  const presence = await Presence.open({
    sites: store,
    events: store,
    registrar,
    clock,
    log: SILENT,
  });
  const [relay, bridge, stage] = [new FakeMediaRelay(), new FakeRoomBridge(), new FakeStage()];
  const speaker = { minTalkMs: 300, holdMs: 1500 };
  const live = new LiveConferences({
    ...{ relay, bridge, stage, clock, speaker },
    idleCloseMs: 60_000,
    log: SILENT,
  });
  const computeHa1 = (user: string, password: string) => ({
    md5: `${user} ${password.length}`,
    sha256: undefined,
  });
  const calls = new CallList();
  const visits = await Visits.open({
    ...{ store, pins: pinsOf(clock), conferences: live, bridge, clock, log: SILENT },
    graceMs: 600_000,
    comeBackMs: 60_000,
    joinTimeoutMs: 5000,
  });
  const meetings = await Meetings.open({
    plans: plansOf({ sites: store, conferenceStore: store }),
    calls: NOBODY_ANSWERS,
    ...{ store, rooms: live, clock, log: SILENT },
    pace: { atOnce: 8, perSecond: 100 },
    ladder: { rounds: 1, retryAfterMs: 60_000 },
    emptyAfterMs: 60_000,
  });
  return {
    meetings: new MeetingDirectory({ meetings, rooms: meetingRooms(live), store }),
    running: meetings,
    live,
    presence,
    callList: calls,
    sites: new SiteDirectory({ store, registrar, presence, calls, conferences: live, computeHa1 }),
    conferences: new ConferenceDirectory({ store, live, now: () => clock.now() }),
    join: (alias: string) => seated(visits, { alias, name: 'Lan' }),
    close: async () => {
      await meetings.close();
      await visits.close();
      await live.close();
    },
  };
}

/** One call that is over, `k1`, and one that runs. */
function logCalls(callLog: CallLog): void {
  const [over] = ['k1', 'k2'].map(callId =>
    callLog.open(
      {
        callId: callId as CallId,
        direction: 'in',
        sipCallId: `sip-${callId}`,
        dialled: '1001',
        sipUsername: 'xa-1',
        remoteAddr: '192.0.2.20:5060',
        userAgent: 'Codec/1',
        startedAtMs: 1000,
      },
      () => [{ atMs: 1000, direction: 'in', summary: 'INVITE', text: 'INVITE' }],
    ),
  );
  over?.answered(30);
  over?.alarmed([{ alarm: 'no-picture', totalSec: 4 }]);
  over?.close('peer-hangup', 9000);
}
