import { beforeEach, expect, it } from 'vitest';
import type { StoredPass } from '../../../../src/conferences/ports.ts';
import type { ConferenceId, ParticipantId } from '../../../../src/domain/ids.ts';
import type { Store } from '../../../../src/store/index.ts';
import type { Databases } from '../../../support/postgres/both.ts';

const LAN: StoredPass = {
  tokenHash: 'hash-of-lan',
  conferenceId: 'c1' as ConferenceId,
  participantId: 'p1' as ParticipantId,
  chair: true,
  muted: false,
  sinceMs: 1_795_670_000_000,
};
const LET_IN: StoredPass = {
  tokenHash: 'hash-of-minh',
  conferenceId: 'c1' as ConferenceId,
  chair: false,
  muted: true,
  sinceMs: 1_795_670_000_001,
  untilMs: 1_795_670_900_000,
};

/** What visits ask of the store. */
export function passes(databases: Databases): void {
  let store: Store;
  beforeEach(async () => {
    store = await databases.store();
  });

  it('are given back as they were put in, the oldest first', async () => {
    await store.savePass(LET_IN);
    await store.savePass(LAN);
    expect(await store.listPasses()).toEqual([LAN, LET_IN]);
  });

  it('are changed, and taken away', async () => {
    await store.savePass(LAN);
    await store.savePass(LET_IN);
    const gone = { ...LAN, muted: true, untilMs: LAN.sinceMs + 1 };
    await store.savePass(gone);
    expect(await store.listPasses()).toEqual([gone, LET_IN]);
    await store.deletePasses([LAN.tokenHash, 'nobody']);
    await store.deletePasses([]);
    expect(await store.listPasses()).toEqual([LET_IN]);
  });
}
