import pino from 'pino';
import { generate } from 'selfsigned';
import { type ClientOptions, WebSocket } from 'ws';
import type { ApiCore, EndedReason, Notice, Visit, Wait } from '../../../src/api/core.ts';
import { type ApiServer, createApi } from '../../../src/api/index.ts';
import type { WorkCore } from '../../../src/api/work-core.ts';
import type { ChairAct, ChairView } from '../../../src/contract/chair.ts';
import type { ChatLine } from '../../../src/contract/chat.ts';
import type { ContentFloorView } from '../../../src/contract/content-floor.ts';
import type { MeetingView } from '../../../src/contract/meetings.ts';
import type { ParticipantView, SnapshotQuery } from '../../../src/contract/rest.ts';
import type { SpeakingOrderView } from '../../../src/contract/speaking-order.ts';
import type { Principal } from '../../../src/domain/actor.ts';
import { GatewayError } from '../../../src/domain/errors.ts';
import { openPeople, type People } from '../../../src/people/people.ts';
import type { OrganisationProvider } from '../../../src/people/ports.ts';
import { openStore } from '../../../src/store/index.ts';
import { MemoryAnswers } from '../../fakes/memory-answers.ts';

export const ADMIN_TOKEN = 'an-admin-token';
export const SILENT = pino({ level: 'silent' });

const TRACE = {
  call: {
    callId: 'k1',
    direction: 'in' as const,
    sipCallId: 'sip-1',
    dialled: '1001',
    sipUsername: 'xa-1',
    remoteAddr: '192.0.2.20:5060',
    userAgent: 'Codec/1',
    startedAtMs: 1,
    alarms: [],
  },
  messages: [{ atMs: 1, direction: 'in' as const, summary: 'INVITE', text: 'INVITE' }],
};
export const LAN: ParticipantView = {
  id: 'p1',
  kind: 'browser',
  name: 'Lan',
  joinedAtMs: 1,
  hasAudio: true,
  hasVideo: false,
  muted: false,
  speaking: false,
  poorLine: false,
  alarms: [],
  sharing: false,
  chair: false,
  handRaised: false,
  away: false,
};

/** A wait whose core is the test. */
export class FakeWait implements Wait {
  readonly reason = 'locked';
  sockets = 0;
  #listener: ((end: 'admitted' | 'turned-away' | 'gone' | 'shutdown') => void) | undefined;

  onEnded(listener: (end: 'admitted' | 'turned-away' | 'gone' | 'shutdown') => void): () => void {
    this.#listener = listener;
    return () => undefined;
  }

  end(how: 'admitted' | 'turned-away' | 'gone' | 'shutdown'): void {
    this.#listener?.(how);
  }

  attached(): void {
    this.sockets += 1;
  }

  detached(): void {
    this.sockets -= 1;
  }
}

/** A visit whose core is the test. */
export class FakeVisit implements Visit {
  readonly participantId = 'p1';
  readonly conferenceId = 'c1';
  readonly roomId = 'room-1';
  readonly name = 'Lan';
  sockets = 0;
  isLeft = false;
  isSharing = false;
  /** Somebody else who shares. */
  sharer: string | undefined;
  readonly muted: boolean[] = [];
  isHeldMuted = false;
  isChair = false;
  /** Of somebody who waits. */
  readonly wait = new FakeWait();
  readonly hands: boolean[] = [];
  readonly written: string[] = [];
  readonly contentRequests: ('request' | 'withdraw' | 'deny')[] = [];
  readonly acts: ChairAct[] = [];
  /** Why an act is refused. */
  refusal: GatewayError | undefined;
  /** PINs by which it became a chair, and where they came from. */
  readonly led: (readonly [string, string])[] = [];
  #leading: (() => void) | undefined;
  readonly #noticeListeners = new Set<(notice: Notice) => void>();
  readonly #rosterListeners = new Set<(participants: ParticipantView[]) => void>();
  readonly #contentListeners = new Set<(view: ContentFloorView) => void>();
  readonly #endListeners = new Set<(reason: EndedReason) => void>();

  get listeners(): number {
    return this.#rosterListeners.size + this.#endListeners.size + this.#noticeListeners.size;
  }

  onRoster(listener: (participants: ParticipantView[]) => void): () => void {
    this.#rosterListeners.add(listener);
    listener([LAN]);
    return () => this.#rosterListeners.delete(listener);
  }

  onEnded(listener: (reason: EndedReason) => void): () => void {
    this.#endListeners.add(listener);
    return () => this.#endListeners.delete(listener);
  }

  onNotice(listener: (notice: Notice) => void): () => void {
    this.#noticeListeners.add(listener);
    return () => this.#noticeListeners.delete(listener);
  }

  notice(notice: Notice): void {
    for (const listener of [...this.#noticeListeners]) listener(notice);
  }

  tell(participants: ParticipantView[]): void {
    for (const listener of [...this.#rosterListeners]) listener(participants);
  }

  end(reason: EndedReason): void {
    for (const listener of [...this.#endListeners]) listener(reason);
  }

  setMuted(muted: boolean): void {
    this.muted.push(muted);
  }

  async lead(pin: string, address: string): Promise<void> {
    if (this.refusal) throw this.refusal;
    this.led.push([pin, address]);
    this.isChair = true;
    this.#leading?.();
  }

  onLeading(listener: () => void): () => void {
    if (this.isChair) listener();
    else this.#leading = listener;
    return () => undefined;
  }

  raiseHand(raised: boolean): void {
    this.hands.push(raised);
  }

  onOrder(listener: (order: SpeakingOrderView) => void): () => void {
    listener({ nowMs: 5_000, mode: 'free', hands: [] });
    return () => undefined;
  }

  write(text: string): void {
    this.written.push(text);
  }

  onChat(listener: (lines: readonly ChatLine[]) => void): () => void {
    listener([]);
    return () => undefined;
  }

  onChair(listener: (chair: ChairView) => void): () => void {
    listener({ nowMs: 5_000, locked: true, layout: { layout: 'auto' }, waiting: [] });
    return () => undefined;
  }

  async act(act: ChairAct): Promise<void> {
    if (this.refusal) throw this.refusal;
    this.acts.push(act);
  }

  share(): void {
    if (this.sharer !== undefined)
      throw new GatewayError('content-taken', 'taken', { details: { name: this.sharer } });
    this.isSharing = true;
  }

  async stopSharing(): Promise<void> {
    this.isSharing = false;
  }

  requestContent(wanted: boolean): void {
    this.contentRequests.push(wanted ? 'request' : 'withdraw');
  }

  denyContent(): void {
    this.contentRequests.push('deny');
  }

  onContent(listener: (view: ContentFloorView) => void): () => void {
    this.#contentListeners.add(listener);
    return () => this.#contentListeners.delete(listener);
  }

  tellContent(view: ContentFloorView): void {
    for (const listener of [...this.#contentListeners]) listener(view);
  }

  attached(): void {
    this.sockets += 1;
  }

  detached(): void {
    this.sockets -= 1;
  }

  async leave(): Promise<void> {
    this.isLeft = true;
    this.end('removed');
  }
}

/** Not a picture, but what was asked, between a JPEG's start and end. */
function jpegOf(query: SnapshotQuery): Buffer {
  const text = Buffer.from(JSON.stringify(query));
  return Buffer.concat([Buffer.from('ffd8', 'hex'), text, Buffer.from('ffd9', 'hex')]);
}

/** A core with one site, one conference, one call and one visit under the token `token-1`. */
export function fakeCore(visit = new FakeVisit()): ApiCore {
  const times = { version: 1, createdAtMs: 1, changedAtMs: 1 };
  const now = { state: 'no-endpoint' as const, calls: [], poorLine: false };
  const site = { ...times, ...now, id: 's1', name: 'Xã Tân Phú', endpoints: [] };
  const group = { id: 'g1', name: 'Cụm 1', siteCount: 0 };
  const meeting = { id: 'c1', name: 'Giao ban', number: '1000', alias: 'giao-ban' };
  const layout = { layout: 'auto' as const };
  const flags = { muteOnEntry: false, recordingWished: false, hasPin: false, hasChairPin: false };
  const conference = {
    ...times,
    ...meeting,
    ...layout,
    ...flags,
    members: [],
    live: false,
    participantCount: 0,
  };
  const only =
    <T>(known: string, value: T) =>
    (_by: Principal, id: string) =>
      id === known ? value : undefined;
  return {
    sites: {
      list: async () => ({ items: [site], total: 1 }),
      get: async (by, id) => only('s1', site)(by, id),
      create: async (_by, input) => ({ ...site, name: input.name }),
      saveAll: async () => undefined,
      createAll: async (_by, inputs) => inputs.map((_, index) => `s${index + 1}`),
      update: async (by, id) => only('s1', site)(by, id),
      delete: async (_by, id) => id === 's1',
      history: async (_by, id, endpointId) => (id === 's1' && endpointId === 'e1' ? [] : undefined),
      listGroups: async () => [group],
      createGroup: async (_by, { name }) => ({ ...group, name }),
      renameGroup: async (by, id) => only('g1', group)(by, id),
      deleteGroup: async (_by, id) => id === 'g1',
    },
    conferences: {
      list: async () => ({ items: [conference], total: 1 }),
      get: async (by, id) => only('c1', conference)(by, id),
      create: async (_by, { name }) => ({ ...conference, name }),
      saveAll: async () => undefined,
      createAll: async (_by, inputs) => inputs.map((_, index) => `c${index + 1}`),
      update: async (by, id) => only('c1', conference)(by, id),
      delete: async (_by, id) => id === 'c1',
      map: async () => ({ conferences: [conference] }),
      calendar: async () => [],
      participants: async (by, id) => only('c1', [LAN])(by, id),
      layout: async (by, id) => only('c1', layout)(by, id),
      setLayout: async (by, id, input) => only('c1', input)(by, id),
      snapshot: async (by, id, query) =>
        only('c1', { jpeg: jpegOf(query), takenAtMs: 5_000 })(by, id),
    },
    meetings: meetingsDouble(),
    records: recordsDouble(),
    recordTickets: { issue: () => 'ticket-1', file: refuseTicket },
    rollCalls: rollCallsDouble(),
    calls: {
      list: () => [],
      log: async () => ({ items: [], total: 0 }),
      trace: async callId => (callId === 'k1' ? TRACE : undefined),
      hangup: async callId => callId === 'k1',
    },
    bans: {
      list: () => [],
      lift: source => source === '192.0.2.66',
    },
    visits: {
      join: async () => ({
        participantId: 'p1',
        token: 'token-1',
        conference: { id: 'c1', name: 'Giao ban' },
        roomId: 'room-1',
        maxVideoBitrateBps: 768_000,
        ice: { servers: [], relayOnly: false },
        chair: false,
        back: false,
      }),
      find: token => (token === 'token-1' && !visit.isLeft ? visit : undefined),
      findWait: token => (token === 'wait-1' ? visit.wait : undefined),
    },
    answers: new MemoryAnswers(),
    note: async () => undefined,
    system: () => Promise.reject(new Error('nobody asks')),
    settings: () => [],
    health: async () => ({ status: 'ok', version: '0', engines: {} }),
    metrics: async () => [
      { name: 'calls_running', help: 'Calls.', type: 'gauge', samples: [{ value: 3 }] },
    ],
  };
}

/** Conference `c1` has a meeting that runs. */
function meetingsDouble(): ApiCore['meetings'] {
  const meeting: MeetingView = {
    id: 'm1',
    conferenceId: 'c1',
    conferenceName: 'Giao ban',
    state: 'running',
    startedBy: 'Lan',
    startedAtMs: 1,
    locked: false,
    sites: [],
  };
  const known = async (_by: Principal, id: string) => {
    if (id === 'c1') return meeting;
    throw new GatewayError('not-found', 'There is no such conference.');
  };
  const done = async (by: Principal, id: string) => void (await known(by, id));
  return {
    list: async () => ({ items: [meeting], total: 1 }),
    get: known,
    start: known,
    end: done,
    extend: known,
    lock: known,
    say: known,
    dial: known,
    cancelDialling: known,
    hangUp: known,
    muteAll: done,
    changeParticipant: done,
    putOut: done,
  };
}

/** Nothing is recorded. */
function recordsDouble(): ApiCore['records'] {
  return {
    list: async () => ({ items: [], total: 0 }),
    get: async () => undefined,
    file: async () => undefined,
  };
}

const refuseTicket: ApiCore['recordTickets']['file'] = async () => {
  throw new GatewayError('not-authorized', 'This record is no longer given out from here.');
};

/** Nobody has called a roll. */
function rollCallsDouble(): ApiCore['rollCalls'] {
  const refuse = async () => {
    throw new GatewayError('not-found', 'The roll has not been called in this meeting: start it.');
  };
  return {
    watch: () => () => undefined,
    watchRecord: () => () => undefined,
    start: refuse,
    mark: refuse,
    markRestAbsent: refuse,
    sign: refuse,
    file: refuse,
  };
}

export interface RunningApi {
  readonly url: string;
  readonly wsUrl: string;
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly operations: ApiServer['operations'];
  readonly close: ApiServer['close'];
}

const pem = await generate([{ name: 'commonName', value: 'test' }], {
  keyType: 'ec',
  algorithm: 'sha256',
});
/** A certificate for tests, made once. */
export const TLS = { cert: pem.cert, key: pem.private };

export const PEOPLE_SECRET = 'a-secret-for-tests';
const CHEAP = { memoryKib: 8, passes: 1, lanes: 1 };

/** Nobody has an account yet; passwords cost nothing. */
export async function freshPeople(
  now: () => number = Date.now,
  provider?: OrganisationProvider,
): Promise<People> {
  const store = await openStore({ file: ':memory:', log: SILENT });
  return openPeople({ store, secret: PEOPLE_SECRET, now, provider, passwordCosts: CHEAP });
}

/** For tests that are about something else. */
const nobody = freshPeople();

/** The API on ports of its own on loopback. */
export async function startApi(
  core: ApiCore,
  options: {
    readonly webRoot?: string;
    readonly janusUrl?: string;
    readonly people?: People;
    readonly work?: WorkCore;
  } = {},
): Promise<RunningApi> {
  const api = createApi({
    adminToken: ADMIN_TOKEN,
    webRoot: '/nowhere',
    host: '127.0.0.1',
    httpPort: 0,
    httpsPort: 0,
    tls: TLS,
    janusUrl: 'ws://127.0.0.1:9',
    janusApiSecret: 'api-secret',
    people: await nobody,
    ...options,
    core,
    log: SILENT,
  });
  await api.listen();
  const { httpPort, httpsPort } = api.ports();
  const host = `127.0.0.1:${httpPort}`;
  const { operations } = api;
  const close = () => api.close();
  const ports = { httpPort, httpsPort };
  return { url: `http://${host}`, wsUrl: `ws://${host}`, ...ports, operations, close };
}

/** A WebSocket client that keeps what it hears, so that nothing is missed between two waits. */
export class TestSocket {
  readonly socket: WebSocket;
  readonly closed: Promise<number>;
  readonly heard: Record<string, unknown>[] = [];
  readonly #waiting: (() => void)[] = [];

  private constructor(socket: WebSocket) {
    this.socket = socket;
    this.closed = new Promise(resolve => socket.once('close', resolve));
    socket.on('error', () => undefined); // the test looks at `closed`
    socket.on('message', data => {
      this.heard.push(JSON.parse(String(data)));
      for (const wake of this.#waiting.splice(0)) wake();
    });
  }

  static async open(url: string, protocol?: string | ClientOptions): Promise<TestSocket> {
    const socket =
      typeof protocol === 'object' ? new WebSocket(url, protocol) : new WebSocket(url, protocol);
    const client = new TestSocket(socket);
    await new Promise((resolve, reject) => {
      client.socket.once('open', resolve);
      client.socket.once('error', reject);
    });
    return client;
  }

  send(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** The first message, heard already or still to come, that fits; it is taken out. */
  async next(
    fits: (message: Record<string, unknown>) => boolean = () => true,
  ): Promise<Record<string, unknown>> {
    for (;;) {
      const index = this.heard.findIndex(fits);
      if (index >= 0) return this.heard.splice(index, 1)[0] as Record<string, unknown>;
      await new Promise<void>(resolve => this.#waiting.push(resolve));
    }
  }
}
