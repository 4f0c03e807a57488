/**
 * The gateway process: makes the adapters, hands them to the core, serves the
 * API. Wiring only; what happens in a call stands in `calls/inbound-call.ts`.
 */
import type { Logger } from 'pino';
import { createApi } from './api/index.ts';
import { CallArchive } from './calls/call-archive.ts';
import { CallList } from './calls/call-list.ts';
import { CallLog } from './calls/call-log.ts';
import { CallTally } from './calls/call-tally.ts';
import { DialOut } from './calls/dial-out.ts';
import { type IncomingCall, runInboundCall } from './calls/inbound-call.ts';
import { runOutboundCall } from './calls/outbound-call.ts';
import { ConferenceDirectory } from './conferences/conference-directory.ts';
import { KeptOrders } from './conferences/kept-orders.ts';
import { LiveConferences } from './conferences/live-conferences.ts';
import { PinGuard } from './conferences/pin-guard.ts';
import { Visits } from './conferences/visits.ts';
import {
  ensureCertificate,
  oidcRedirectUrl,
  roomServerUrl,
  type Secrets,
  type Settings,
  settingsInForce,
} from './config/index.ts';
import type { ConferenceId } from './domain/ids.ts';
import { apiCore } from './gateway-core.ts';
import { connectEngines } from './gateway-engines.ts';
import { gatewayHealth } from './gateway-health.ts';
import { iceView } from './gateway-ice.ts';
import { meetingCalls, meetingRooms, plansOf } from './gateway-meetings.ts';
import { gatewayMetrics } from './gateway-metrics.ts';
import { openRecords } from './gateway-records.ts';
import { gatewaySystem } from './gateway-system.ts';
import { isOfPeople, meetingsOf, watchHub } from './gateway-watch.ts';
import { openWork } from './gateway-work.ts';
import { JobRunner } from './jobs/job-runner.ts';
import { Chairing } from './meetings/chairing.ts';
import { MeetingDirectory } from './meetings/meeting-directory.ts';
import { Meetings } from './meetings/meetings.ts';
import { openIdProvider } from './oidc/index.ts';
import { openPeople } from './people/people.ts';
import { loadPrompts } from './prompts/index.ts';
import { startSipController } from './sip/controller.ts';
import { computeHa1, type DigestAlgorithm } from './sip/digest.ts';
import { AdmissionGuard } from './sites/admission-guard.ts';
import { Presence } from './sites/presence.ts';
import { Registrar } from './sites/registrar.ts';
import { Rounds } from './sites/rounds.ts';
import { SiteDirectory } from './sites/site-directory.ts';
import { StageWatch } from './stage-watch.ts';
import { databaseOf, openStore } from './store/index.ts';
import { Cleanup } from './util/cleanup.ts';
import { systemClock } from './util/clock.ts';
import { MachineWatch } from './util/machine.ts';

/** From INVITE to the answer, at most; well below the caller's own patience of 32 s. */
const SET_UP_TIMEOUT_MS = 10_000;
/** How long a browser that never opened a socket keeps its place. */
const VISIT_GRACE_MS = 10_000;
/** A meeting that ends when it is empty has to be so for this long after its time. */
const MEETING_EMPTY_MS = 10 * 60_000;

const DIGESTS: Record<Settings['sip']['digest'], readonly DigestAlgorithm[]> = {
  'md5-first': ['MD5', 'SHA-256'],
  'sha-256-first': ['SHA-256', 'MD5'],
  md5: ['MD5'],
  'sha-256': ['SHA-256'],
};

export interface Gateway {
  /** Calls room codecs. */
  readonly dialOut: DialOut;
  /** Brings the sites of conferences in. */
  readonly meetings: Meetings;
  /** Ends all calls and visits, then lets go of the engines. */
  close(): Promise<void>;
}

/**
 * Starts the gateway; engines that are not there yet show in `/healthz` and are
 * connected to when they come.
 *
 * @throws Error when a port is taken or the store cannot be opened
 */
export async function startGateway(
  settings: Settings,
  secrets: Secrets,
  log: Logger,
): Promise<Gateway> {
  // drachtio-srf asks the environment for every header it touches: a plain copy saves 6 % of the CPU.
  process.env = { ...process.env };
  const cleanup = new Cleanup();
  try {
    const parts = await wire({ settings, secrets, log }, cleanup);
    return { ...parts, close: () => closeAll(cleanup, log) };
  } catch (err) {
    await cleanup.close();
    throw err;
  }
}

async function closeAll(cleanup: Cleanup, log: Logger): Promise<void> {
  for (const err of await cleanup.close()) log.warn({ err }, 'not closed');
}

interface WireOptions {
  readonly settings: Settings;
  readonly secrets: Secrets;
  readonly log: Logger;
}

async function wire({ settings, secrets, log }: WireOptions, cleanup: Cleanup) {
  const { maxVideoBitrateBps } = settings.rooms;
  const store = await openStore({ file: databaseOf(settings), log });
  cleanup.add('store', () => store.close());

  const { relay, bridge, stage } = await connectEngines({ settings, secrets, log }, cleanup);
  const orders = await KeptOrders.open({ store, clock: systemClock, log });
  cleanup.add('speaking orders', () => orders.close());
  const conferences = new LiveConferences({
    orders,
    relay,
    bridge,
    stage,
    clock: systemClock,
    speaker: settings.speaker,
    idleCloseMs: settings.rooms.idleCloseMs,
    log,
  });
  cleanup.add('conferences', () => conferences.close());

  const calls = new CallList();
  const callLog = new CallLog(settings.callLogLength);
  const keeping = { store, keep: settings.callLogLength, clock: systemClock, log };
  const callArchive = await CallArchive.open({ callLog, ...keeping });
  cleanup.add('call archive', () => callArchive.close());
  const tally = new CallTally();
  const running = new Set<Promise<unknown>>();
  const tracked = <T>(story: Promise<T>): Promise<T> => {
    running.add(story);
    return story.finally(() => running.delete(story));
  };

  const prompts = loadPrompts(log);
  const stores = { sites: store, conferenceStore: store };
  const { silentTimeoutMs } = settings.media;
  const { maxBitrateBps: maxSentBitrateBps } = settings.stage;
  const mediaTerms = { maxVideoBitrateBps, maxSentBitrateBps, srtp: settings.sip.srtp };
  const callDeps = {
    ...{ relay, bridge, stage, conferences, clock: systemClock },
    ...{ calls, callLog, tally, log },
    ...{ mediaTerms, setUpTimeoutMs: SET_UP_TIMEOUT_MS, silentTimeoutMs },
  };
  const onCall = (incoming: IncomingCall): Promise<void> => {
    const menu = { prompts, onWrongPin: (sipUsername: string) => guard.wrongPin(sipUsername) };
    return tracked(runInboundCall({ ...stores, ...callDeps, ...menu }, incoming));
  };

  const { registrationMinSec, registrationMaxSec, realm } = settings.sip;
  const registrar = await Registrar.open(
    { minExpiresSec: registrationMinSec, maxExpiresSec: registrationMaxSec },
    systemClock,
    store,
    (event, err) => log.error({ err, event }, 'listener failed'),
  );
  const presence = await Presence.open({
    sites: store,
    events: store,
    registrar,
    clock: systemClock,
    log,
  });
  const guard = new AdmissionGuard({
    trusted: settings.sip.guard.trusted,
    isHome: host => registrar.isHome(host),
    now: () => systemClock.now(),
    log,
  });
  const sip = startSipController({
    server: sipServer(settings, secrets),
    realm,
    digestAlgorithms: DIGESTS[settings.sip.digest],
    publicHost: settings.publicHost,
    sites: store,
    registrar,
    clock: systemClock,
    guard,
    onWrongPassword: (sourceAddr, sipUsername) => presence.wrongPassword(sipUsername, sourceAddr),
    onCall,
    log,
  });
  cleanup.add('sip', () => sip.close());
  // Before the SIP server is let go: devices are told by BYE.
  cleanup.add('calls', () => {
    calls.requestEndOfAll('shutdown');
    return Promise.allSettled(running).then(() => undefined);
  });
  const { dialler } = sip;
  const dialOut = new DialOut({
    ...stores,
    targetOf: endpoint => presence.targetOf(endpoint),
    run: outgoing =>
      tracked(runOutboundCall({ ...callDeps, dialler, ...settings.dialling }, outgoing)),
  });
  const intervalMs = settings.sip.qualifyIntervalSec * 1000;
  const asking = { presence, sites: store, registrar, probe: sip.probe, clock: systemClock };
  const rounds = new Rounds({ ...asking, intervalMs, log });
  rounds.start();
  cleanup.add('rounds', () => rounds.close());

  const pins = new PinGuard({ clock: systemClock, note: noted => store.note(noted), log });
  const visits = await Visits.open({
    store,
    pins,
    conferences,
    bridge,
    clock: systemClock,
    graceMs: VISIT_GRACE_MS,
    comeBackMs: settings.rooms.comeBackMs,
    joinTimeoutMs: SET_UP_TIMEOUT_MS,
    log,
  });
  cleanup.add('visits', () => visits.close());

  const { atOnce, perSecond, rounds: ladderRounds, retryAfterMs } = settings.dialling;
  const meetings = await Meetings.open({
    plans: plansOf(stores),
    store,
    calls: meetingCalls(dialOut, callLog),
    rooms: conferences,
    clock: systemClock,
    pace: { atOnce, perSecond },
    ladder: { rounds: ladderRounds, retryAfterMs },
    emptyAfterMs: MEETING_EMPTY_MS,
    log,
  });
  const undoFollowing = store.onStored(({ entity, id }) => {
    // A site's endpoints and name are in the plans of all its meetings.
    const all = meetings.list().map(({ conferenceId }) => conferenceId);
    const ids = entity === 'conference' && id !== undefined ? [id] : entity === 'site' ? all : [];
    for (const conferenceId of ids)
      meetings
        .conferenceChanged(conferenceId as ConferenceId)
        .catch(err => log.warn({ err, conferenceId }, 'meeting does not follow its conference'));
  });
  cleanup.add('meetings follow', undoFollowing);
  // Before the calls: a meeting must not take the end of the gateway for theirs.
  cleanup.add('meetings', () => meetings.close());
  const records = await openRecords(
    { conferences, meetings, store, secret: secrets.accountsSecret, log },
    cleanup,
  );
  const leading = { conferences, meetings, waiters: visits, clock: systemClock, log };
  const chairing = new Chairing(leading);
  cleanup.add('chairs', () => chairing.close());

  const engines = { sip, relay, bridge, stage };
  const stageWatch = new StageWatch(stage, systemClock);
  const health = () => gatewayHealth(engines, stageWatch);
  const machine = new MachineWatch();
  cleanup.add('machine', () => machine.close());
  const startedAtMs = systemClock.now();
  const looks = { settings, startedAtMs, machine, stageWatch, relay, store, health };
  const inForce = settingsInForce(settings);
  const computeSiteHa1 = (user: string, password: string) => computeHa1(user, realm, password);
  const now = { calls, conferences };
  const directories = {
    sites: new SiteDirectory({ ...now, store, registrar, presence, computeHa1: computeSiteHa1 }),
    conferences: new ConferenceDirectory({
      store,
      live: conferences,
      now: () => systemClock.now(),
    }),
  };
  const jobs = new JobRunner({ now: () => systemClock.now(), log });
  cleanup.add('jobs', () => jobs.close());
  const hub = watchHub({ store, presence, calls, conferences, meetings, jobs, health, log });
  cleanup.add('watch', () => hub.close());
  const events = { live: conferences, presence, calls, callLog };
  const secret = secrets.accountsSecret;
  const told = { ...events, meetings: meetingsOf(meetings) };
  const work = await openWork({ store, ...directories, ...told, jobs, secret, log }, cleanup);
  const api = createApi({
    adminToken: secrets.adminToken,
    webRoot: new URL('../dist/web', import.meta.url).pathname,
    host: '0.0.0.0',
    httpPort: settings.http.port,
    httpsPort: settings.http.httpsPort,
    tls: await ensureCertificate(settings),
    janusUrl: roomServerUrl(settings),
    janusApiSecret: secrets.janusApiSecret,
    core: apiCore({
      ...directories,
      meetings: new MeetingDirectory({ meetings, rooms: meetingRooms(conferences), store }),
      ...records,
      bans: [guard, pins],
      calls,
      callArchive,
      visits,
      chairing,
      now: () => systemClock.now(),
      maxVideoBitrateBps,
      ice: id => iceView(settings.rooms.turn, id, systemClock.now()),
      answers: store,
      note: noted => store.note(noted),
      system: () => gatewaySystem(looks),
      settings: () => inForce,
      health,
      metrics: () => gatewayMetrics({ engines, stageWatch, calls, tally, conferences }),
    }),
    people: openPeople({
      store,
      secret: secrets.accountsSecret,
      now: () => systemClock.now(),
      provider: organisationProvider(settings),
    }),
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
  cleanup.add('who leaves now', () => orders.freeze());
  log.info({ httpPort: settings.http.port, httpsPort: settings.http.httpsPort }, 'gateway ready');
  return { dialOut, meetings };
}

function organisationProvider(settings: Settings) {
  const { oidc } = settings;
  return (
    oidc && openIdProvider({ settings: oidc, redirectUrl: () => oidcRedirectUrl(settings, oidc) })
  );
}

function sipServer({ sip }: Settings, secrets: Secrets) {
  if (sip.server.kind === 'drachtio') return sip.server;
  return { host: '127.0.0.1', port: sip.server.appPort, secret: secrets.sipAppSecret };
}
