import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConferenceId, SiteId } from '../../../src/domain/ids.ts';
import type { SavedMeeting } from '../../../src/meetings/ports.ts';
import { openStore, type Store } from '../../../src/store/index.ts';
import { LAN } from '../../support/principals.ts';

const log = pino({ level: 'silent' });
const ID = 'c1' as ConferenceId;
const SITE = 's1' as SiteId;
const RUN: SavedMeeting = {
  conferenceId: ID,
  state: 'running',
  startedAtMs: 1_000,
  startedBy: 'Chị Lan',
  occurrenceStartMs: 900,
  endsAtMs: 9_000,
  isLocked: true,
  muteOnEntry: false,
  sites: [
    {
      siteId: SITE,
      state: 'retry-at',
      sinceMs: 1_100,
      position: { round: 1, step: 0 },
      attempts: 2,
      reason: 'peer-busy',
      retryAtMs: 5_000,
    },
  ],
};
const ALL = { sort: '-startedAtMs', limit: 10, offset: 0 };

describe('meetings in the store', () => {
  let store: Store;
  beforeEach(async () => {
    store = await openStore({ file: ':memory:', log });
    await store.insertSites([{ id: SITE, name: 'Xã Tân Phú', endpoints: [] }], LAN);
    const names = { name: 'Giao ban', number: '1001', alias: 'giao-ban' };
    await store.insertConferences([{ id: ID, ...names, members: [], layout: 'auto' }], LAN);
  });
  afterEach(() => store.close());

  it('come back as they were saved last', async () => {
    await store.saveMeeting({ ...RUN, isLocked: false, sites: [] });
    await store.saveMeeting(RUN);
    expect(await store.loadMeetings()).toMatchObject([RUN]);
  });

  it('of a conference only the latest is taken up again; all can be looked at', async () => {
    await store.saveMeeting({ ...RUN, state: 'ended' });
    await store.saveMeeting({ ...RUN, startedAtMs: 20_000 });
    expect(await store.loadMeetings()).toMatchObject([{ startedAtMs: 20_000, state: 'running' }]);
    const { items, total } = await store.findMeetings(ALL);
    expect(total).toBe(2);
    expect(items.map(({ startedAtMs }) => startedAtMs)).toEqual([20_000, 1_000]);
    expect(items[1]).toMatchObject({ conferenceName: 'Giao ban', endedAtMs: expect.any(Number) });
    expect(items[0]?.siteNames.get(SITE)).toBe('Xã Tân Phú');
  });

  it.each([
    ['of a state', { state: 'ended' as const }, 0],
    ['of another conference', { conferenceId: 'c2' }, 0],
    ['whose name has these words, without diacritics', { q: 'giao ban' }, 1],
    ['of other groups', { groupIds: new Set(['g1']) }, 0],
  ])('are found %s', async (_, filter, found) => {
    await store.saveMeeting(RUN);
    expect((await store.findMeetings({ ...ALL, ...filter })).total).toBe(found);
  });

  it('go with their conference', async () => {
    await store.saveMeeting(RUN);
    await store.deleteConference(ID, LAN);
    expect(await store.loadMeetings()).toEqual([]);
  });
});
