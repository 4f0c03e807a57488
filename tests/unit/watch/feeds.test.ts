import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CallList } from '../../../src/calls/call-list.ts';
import type { AdminUpdate } from '../../../src/contract/admin-events.ts';
import type { MeetingView } from '../../../src/contract/meetings.ts';
import { Permission } from '../../../src/contract/permissions.ts';
import type { HealthView, ParticipantDetailView } from '../../../src/contract/rest.ts';
import type { Principal } from '../../../src/domain/actor.ts';
import type { Call } from '../../../src/domain/call.ts';
import type { CallId, ConferenceId, EndpointId, SiteId } from '../../../src/domain/ids.ts';
import { JobRunner } from '../../../src/jobs/job-runner.ts';
import { TypedEmitter } from '../../../src/util/typed-emitter.ts';
import type { Watcher } from '../../../src/watch/channel.ts';
import { type FeedDeps, feedOf } from '../../../src/watch/feeds.ts';
import type { StoredChange } from '../../../src/watch/ports.ts';
import type { WatchedSite } from '../../../src/watch/site-feed.ts';
import { WatchHub } from '../../../src/watch/watch-hub.ts';
import { LAN, SILENT } from '../api/support.ts';

interface Happenings {
  stored: StoredChange;
  presence: EndpointId;
  roster: string;
  quality: string;
  meeting: string;
}

const fail = (_: string, err: unknown) => {
  throw err;
};

/** Everything that can be watched, as the test says it is. */
class World {
  readonly happens = new TypedEmitter<Happenings>(fail);
  readonly calls = new CallList();
  readonly jobs = new JobRunner({ now: () => Date.now(), log: SILENT });
  readonly registered = new Set<string>();
  sites: WatchedSite[] = ['a', 'b'].map(id => ({
    id: id as SiteId,
    groupId: `group-${id}`,
    endpoints: [
      {
        id: `e-${id}` as EndpointId,
        siteId: id as SiteId,
        sipUsername: id,
        ha1: { md5: '', sha256: undefined },
        fixedAddresses: [],
      },
    ],
  }));
  participants: ParticipantDetailView[] = [];
  meetings: MeetingView[] = [];
  health: HealthView = { status: 'ok', version: '1', engines: {} };
  written = 0;

  readonly hub = new WatchHub({ feedOf: topic => feedOf(topic, this.#deps()), log: SILENT });

  call(siteId: string) {
    return this.calls.add({
      callId: `call-${siteId}` as CallId,
      siteId: siteId as SiteId,
      conferenceId: 'c1' as ConferenceId,
      state: 'connected',
    } as Call);
  }

  #deps(): FeedDeps {
    const { happens, calls } = this;
    return {
      site: {
        sites: { listSites: async () => this.sites },
        presence: {
          status: ({ sipUsername }) => ({
            state: this.registered.has(sipUsername) ? 'registered' : 'never-seen',
            sinceMs: undefined,
            last: undefined,
            roundTripMs: undefined,
          }),
          onChange: listener => happens.on('presence', listener),
        },
        calls,
        conferences: {
          list: () => [],
          on: (_, listener) =>
            happens.on('roster', id => listener({ conferenceId: id as ConferenceId })),
        },
      },
      stored: { onStored: listener => happens.on('stored', listener) },
      meetings: {
        list: () => this.meetings,
        onChange: listener => happens.on('meeting', listener),
      },
      people: {
        participants: () => {
          this.written += 1;
          return this.participants;
        },
        onRoster: listener => happens.on('roster', listener),
        onQuality: listener => happens.on('quality', listener),
      },
      conferences: { groups: async () => new Map([['c1', 'group-a']]) },
      health: { health: async () => this.health },
      jobs: this.jobs,
      now: () => Date.now(),
      onError: err => fail('', err),
    };
  }
}

class Page implements Watcher {
  readonly who: Principal;
  isBehind = false;
  readonly heard: AdminUpdate[] = [];

  constructor(change: Partial<Principal> = {}) {
    const actor = { kind: 'user', userId: 'u1', name: 'Lan' } as const;
    this.who = { actor, permissions: new Set(Permission.options), ...change };
  }

  send(text: Buffer): void {
    this.heard.push(JSON.parse(String(text)) as AdminUpdate);
  }

  /** What it heard since this was last asked. */
  take(): AdminUpdate[] {
    return this.heard.splice(0);
  }
}

let world: World;
beforeEach(() => {
  vi.useFakeTimers();
  world = new World();
});
afterEach(() => {
  world.hub.close();
  vi.useRealTimers();
});

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
async function watching(topic: string, change: Partial<Principal> = {}): Promise<Page> {
  const page = new Page(change);
  world.hub.watch(page, [topic]);
  await pass(0);
  return page;
}
const limited: Partial<Principal> = { groupIds: new Set(['group-a']) };

describe('sites', () => {
  const states = (update: AdminUpdate | undefined) =>
    update?.type === 'sites' && update.sites.map(({ id, state }) => `${id} ${state}`);

  it('are told whole, and then only those that changed', async () => {
    const page = await watching('sites');
    const [first] = page.take();
    expect(first).toMatchObject({ type: 'sites', whole: true });
    expect(states(first)).toEqual(['a never-seen', 'b never-seen']);
    world.registered.add('b');
    world.happens.emit('presence', 'e-b' as EndpointId);
    await pass(200);
    const [next, ...more] = page.take();
    expect(next).toMatchObject({ type: 'sites', whole: false });
    expect(states(next)).toEqual(['b ready']);
    expect(more).toEqual([]);
  });

  it('that come into a call and out of it are told with the call', async () => {
    const page = await watching('sites');
    page.take();
    const call = world.call('a');
    await pass(200);
    expect(page.take()).toMatchObject([
      { sites: [{ id: 'a', state: 'in-call', calls: [{ callId: 'call-a', conferenceId: 'c1' }] }] },
    ]);
    call.remove();
    await pass(200);
    expect(states(page.take()[0])).toEqual(['a never-seen']);
  });

  it('many changes at once are one update', async () => {
    const page = await watching('sites');
    page.take();
    for (const { id } of world.sites) world.call(id);
    for (let n = 0; n < 100; n += 1) world.happens.emit('presence', 'e-b' as EndpointId);
    await pass(1_000);
    expect(page.take().map(states)).toEqual([['a in-call', 'b in-call']]);
  });

  it('nothing is told when nothing is otherwise', async () => {
    const page = await watching('sites');
    page.take();
    world.happens.emit('roster', 'c1');
    await pass(1_000);
    expect(page.take()).toEqual([]);
  });

  it('of other groups are not told to who is limited to some', async () => {
    const page = await watching('sites', limited);
    expect(states(page.take()[0])).toEqual(['a never-seen']);
    world.call('b');
    await pass(500);
    expect(page.take()).toEqual([]);
  });

  it('a new one is watched too', async () => {
    const page = await watching('sites');
    page.take();
    world.sites = [...world.sites, { id: 'n' as SiteId, endpoints: [] }];
    world.happens.emit('stored', { entity: 'site', id: 'n', action: 'created' });
    await pass(500);
    expect(states(page.take()[0])).toEqual(['n no-endpoint']);
  });

  it('are nothing for who may not read them', async () => {
    const page = await watching('sites', { permissions: new Set() });
    world.call('a');
    await pass(500);
    expect(page.take()).toEqual([]);
  });
});

describe('people of a meeting', () => {
  it('are told with their pictures, a change within 350 ms', async () => {
    const page = await watching('meeting:c1');
    expect(page.take()).toEqual([{ type: 'participants', conferenceId: 'c1', participants: [] }]);
    world.participants = [LAN];
    world.happens.emit('roster', 'c1');
    await pass(350);
    expect(page.take()).toEqual([
      { type: 'participants', conferenceId: 'c1', participants: [LAN] },
    ]);
    world.happens.emit('quality', 'c1');
    world.happens.emit('roster', 'c2');
    await pass(1_000);
    expect(page.take()).toEqual([]);
  });

  it('are written once for all who see the same', async () => {
    const pages = await Promise.all(Array.from({ length: 50 }, () => watching('meeting:c1')));
    for (const page of pages) page.take();
    world.participants = [LAN];
    world.written = 0;
    world.happens.emit('roster', 'c1');
    await pass(500);
    expect(pages.map(page => page.take().length)).toEqual(pages.map(() => 1));
    expect(world.written).toBe(1);
  });

  it('of a conference of another group, or of none that there is, are not told', async () => {
    const other = { groupIds: new Set(['group-b']) };
    const pages = [await watching('meeting:c1', other), await watching('meeting:gone')];
    world.participants = [LAN];
    for (const id of ['c1', 'gone']) world.happens.emit('roster', id);
    await pass(1_000);
    expect(pages.flatMap(page => page.take())).toEqual([]);
  });
});

describe('meetings', () => {
  const meeting = { id: 'm1', conferenceId: 'c1', state: 'running' } as MeetingView;

  it('that start, change and end are told', async () => {
    const page = await watching('meetings');
    expect(page.take()).toEqual([{ type: 'meetings', whole: true, meetings: [] }]);
    world.meetings = [meeting];
    world.happens.emit('meeting', 'c1');
    await pass(500);
    expect(page.take()).toEqual([{ type: 'meetings', whole: false, meetings: [meeting] }]);
    world.meetings = [];
    world.happens.emit('meeting', 'c1');
    await pass(500);
    expect(page.take()).toMatchObject([{ meetings: [{ id: 'm1', state: 'ended' }] }]);
  });

  it('of another group are not told', async () => {
    const page = await watching('meetings', { groupIds: new Set(['group-b']) });
    page.take();
    world.meetings = [meeting];
    world.happens.emit('meeting', 'c1');
    await pass(500);
    expect(page.take()).toEqual([]);
  });
});

describe('what is stored', () => {
  const change = (entity: string, id: string) =>
    world.happens.emit('stored', { entity, id, action: 'changed' });

  it('each thing that changed is told once; many of a kind as the kind', async () => {
    const page = await watching('stored');
    for (let n = 0; n < 5; n += 1) change('site', 's1');
    await pass(200);
    expect(page.take()).toEqual([{ type: 'stored', entity: 'site', id: 's1' }]);
    for (let n = 0; n < 1_000; n += 1) change('site', `s${n}`);
    await pass(200);
    expect(page.take()).toEqual([{ type: 'stored', entity: 'site' }]);
  });

  it('is told to who may read it', async () => {
    const page = await watching('stored', { permissions: new Set(['sites.read']) });
    for (const entity of ['site', 'user', 'webhook', 'something-new']) change(entity, 'x');
    await pass(200);
    expect(page.take()).toEqual([{ type: 'stored', entity: 'site', id: 'x' }]);
  });
});

it('health is told when it changes', async () => {
  const page = await watching('health');
  expect(page.take()).toMatchObject([{ health: { status: 'ok' } }]);
  await pass(10_000);
  expect(page.take()).toEqual([]);
  world.health = { ...world.health, status: 'degraded' };
  await pass(10_000);
  expect(page.take()).toMatchObject([{ health: { status: 'degraded' } }]);
});

it('a job is told to who started it and to who may see it, as it goes on', async () => {
  const permissions = new Set<Permission>(['sites.read']);
  const mine = { permissions };
  const other = { ...mine, actor: { kind: 'user', userId: 'u2', name: 'Minh' } as const };
  const [own, stranger, all] = [
    await watching('jobs', mine),
    await watching('jobs', other),
    await watching('jobs', { actor: other.actor }),
  ];
  const work = {
    kind: 'import',
    total: 3,
    needs: 'sites.write',
    run: async ({ advance }: { advance: (done: number) => void }) => {
      advance(3);
      return {};
    },
  } as const;
  world.jobs.start(work, own.who);
  await pass(500);
  const told = [own, stranger, all].map(page => page.take().at(-1));
  const done = { type: 'job', job: expect.objectContaining({ state: 'done', done: 3 }) };
  expect(told).toEqual([done, undefined, done]);
});

it('who is behind is told nothing, and all anew when it has caught up', async () => {
  const page = await watching('sites');
  page.take();
  page.isBehind = true;
  world.call('a');
  await pass(1_000);
  expect(page.take()).toEqual([]);
  page.isBehind = false;
  await pass(1_000);
  expect(page.take()).toMatchObject([{ type: 'sites', whole: true }]);
});
