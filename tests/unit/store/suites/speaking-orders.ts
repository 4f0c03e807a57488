import { beforeEach, expect, it } from 'vitest';
import type { StoredOrder } from '../../../../src/conferences/ports.ts';
import type { ConferenceId, ParticipantId, SiteId } from '../../../../src/domain/ids.ts';
import type { Store } from '../../../../src/store/index.ts';
import type { Databases } from '../../../support/postgres/both.ts';

const WEEKLY: StoredOrder = {
  conferenceId: 'c1' as ConferenceId,
  order: {
    mode: 'ordered',
    hands: [{ participantId: 'p1' as ParticipantId, raisedAtMs: 1_795_670_000_000 }],
    floor: {
      participantId: 'p2' as ParticipantId,
      siteId: 's1' as SiteId,
      sinceMs: 1_795_670_000_001,
    },
  },
  savedAtMs: 1_795_670_000_002,
};

/** What conferences ask of the store about who may speak. */
export function speakingOrders(databases: Databases): void {
  let store: Store;
  beforeEach(async () => {
    store = await databases.store();
  });

  it('are given back as they were put in last, and taken away', async () => {
    await store.saveOrder(WEEKLY);
    const later = { ...WEEKLY, order: { mode: 'free' as const, hands: [] }, savedAtMs: 5 };
    const other = { ...WEEKLY, conferenceId: 'c2' as ConferenceId };
    await store.saveOrder(later);
    await store.saveOrder(other);
    expect(await store.listOrders()).toEqual(expect.arrayContaining([later, other]));
    await store.deleteOrder(later.conferenceId);
    await store.deleteOrder(later.conferenceId);
    expect(await store.listOrders()).toEqual([other]);
  });
}
