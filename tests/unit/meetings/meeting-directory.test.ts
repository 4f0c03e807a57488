import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Conference } from '../../../src/domain/conference.ts';
import type { ConferenceId, EndpointId, SiteGroupId, SiteId } from '../../../src/domain/ids.ts';
import { MeetingDirectory } from '../../../src/meetings/meeting-directory.ts';
import { Meetings } from '../../../src/meetings/meetings.ts';
import { openStore, type Store } from '../../../src/store/index.ts';
import { FakeClock, settle } from '../../fakes/fake-clock.ts';
import { FakeMeetingCalls } from '../../fakes/fake-meeting-calls.ts';
import { FakeMeetingRooms } from '../../fakes/fake-meeting-rooms.ts';
import { ANYWHERE, within } from '../../support/principals.ts';

const log = pino({ level: 'silent' });
const ID = 'c1' as ConferenceId;
const CONFERENCE: Conference = {
  id: ID,
  name: 'Giao ban',
  number: '1001',
  alias: 'giao-ban',
  members: [],
  layout: 'auto',
};
const PLANNED = { dial: 'planned' as const };
const ALL = { sort: '-startedAtMs', limit: 10, offset: 0 };

describe('people who run meetings', () => {
  let store: Store;
  let rooms: FakeMeetingRooms;
  let calls: FakeMeetingCalls;
  let meetings: Meetings;
  let directory: MeetingDirectory;

  beforeEach(async () => {
    store = await openStore({ file: ':memory:', log });
    const groupId = 'g1' as SiteGroupId;
    await store.insertGroup({ id: groupId, name: 'Huyện A' }, ANYWHERE.actor);
    await store.insertConferences([{ ...CONFERENCE, groupId }], ANYWHERE.actor);
    rooms = new FakeMeetingRooms();
    calls = new FakeMeetingCalls(rooms);
    const sites = ['a', 'b'].map(name => ({
      siteId: name as SiteId,
      name: `Xã ${name}`,
      role: 'site' as const,
      dialOut: name === 'a',
      endpointIds: [`${name}-main` as EndpointId],
    }));
    const plan = { conference: CONFERENCE, sites, muteOnEntry: false, ending: 'at-time' as const };
    meetings = await Meetings.open({
      ...{ store, calls, rooms, log, clock: new FakeClock() },
      plans: { getPlan: async () => plan, listScheduled: async () => [] },
      pace: { atOnce: 100, perSecond: 1000 },
      ladder: { rounds: 1, retryAfterMs: 1000 },
      emptyAfterMs: 60_000,
    });
    directory = new MeetingDirectory({ meetings, rooms, store });
  });
  afterEach(async () => {
    await meetings.close();
    await store.close();
  });

  it('start one, once, and are written down', async () => {
    const view = await directory.start(ANYWHERE, ID, PLANNED);
    expect(view).toMatchObject({ conferenceName: 'Giao ban', startedBy: 'Lan', state: 'running' });
    await expect(directory.start(ANYWHERE, ID, PLANNED)).rejects.toMatchObject({
      code: 'conflict',
    });
    const { items } = await store.listAudit({ sort: '-atMs', limit: 5, offset: 0 });
    expect(items[0]).toMatchObject({ action: 'meeting-started', by: { name: 'Lan' } });
  });

  it('say whom to call: those planned, nobody, or whom they name', async () => {
    const called = async (dial: 'planned' | 'none' | string[]) => {
      await directory.start(ANYWHERE, ID, { dial });
      await settle();
      const view = await directory.get(ANYWHERE, ID);
      await directory.end(ANYWHERE, ID);
      return view?.sites.filter(({ state }) => state !== 'not-called').map(({ siteId }) => siteId);
    };
    expect(await called('planned')).toEqual(['a']);
    expect(await called('none')).toEqual([]);
    expect(await called(['b'])).toEqual(['b']);
  });

  it('find no conference of another group', async () => {
    await expect(directory.start(within('g2'), ID, PLANNED)).rejects.toMatchObject({
      code: 'not-found',
    });
    expect((await directory.list(within('g2'), ALL)).total).toBe(0);
  });

  it('see those that run as they are, and those that were with their end', async () => {
    await directory.start(ANYWHERE, ID, PLANNED);
    await settle();
    await meetings.close(); // all is saved
    expect((await directory.list(ANYWHERE, ALL)).items).toMatchObject([
      { state: 'running', sites: [{ name: 'Xã a' }, { name: 'Xã b' }] },
    ]);
  });

  it('are told of a meeting that does not run', async () => {
    expect(await directory.get(ANYWHERE, ID)).toBeUndefined();
    await expect(directory.end(ANYWHERE, ID)).rejects.toMatchObject({ code: 'not-found' });
    await expect(directory.changeParticipant(ANYWHERE, ID, 'p', { muted: true })).rejects.toThrow(
      /no such participant/,
    );
  });
});
