import { Kysely, Migrator, sql } from 'kysely';
import pino from 'pino';
import { expect, it } from 'vitest';
import type { ConferenceId, SiteId } from '../../../../src/domain/ids.ts';
import { dialectOf, openStore } from '../../../../src/store/index.ts';
import { migrationProvider } from '../../../../src/store/migrations/index.ts';
import type { Databases } from '../../../support/postgres/both.ts';

const log = pino({ level: 'silent' });

/** What each version of the program had stored when the next one came. */
const OLD_DATA: Readonly<Record<string, readonly string[]>> = {
  '001-sites-and-conferences': [
    `insert into site (id, name, created_at_ms) values
      ('s1', 'Huyện Đồng Phú', 1), ('s2', 'Xã Tân Phú', 2), ('s3', 'Xã Tân Lợi', 3)`,
    `insert into endpoint (id, site_id, sip_username, ha1, position) values
      ('e1', 's1', 'huyen', 'ha1-huyen', 0), ('e2', 's2', 'tanphu', 'ha1-tanphu', 0)`,
    `insert into conference (id, name, number, alias, created_at_ms) values
      ('c1', 'Giao ban', '1001', 'giao-ban', 1), ('c2', 'Họp kín', '1002', 'hop-kin', 2)`,
  ],
  '002-admission': [
    `update site set number = '2002', srtp = 'required' where id = 's2'`,
    `update endpoint set fixed_addresses = '["10.1.2.0/24"]' where id = 'e2'`,
    `update conference set pin_hash = 'salt:key' where id = 'c2'`,
    `insert into conference_site (conference_id, site_id, position) values
      ('c1', 's2', 0), ('c1', 's1', 1)`,
  ],
  '003-registrations': [
    `update endpoint set ha1_sha256 = 'sha-huyen' where id = 'e1'`,
    `insert into binding (sip_username, contact_uri, source_addr, sip_transport, user_agent,
        expires_at_ms, sip_call_id, cseq, position)
      values ('huyen', 'sip:huyen@10.0.0.1', '10.0.0.1:5060', 'udp', 'Codec/1',
        1900000000000, 'reg', 4294967295, 0)`,
    `insert into endpoint_event (endpoint_id, at_ms, kind, detail)
      values ('e1', 1800000000000, 'registered', '10.0.0.1:5060')`,
  ],
  '004-layout': [
    `update conference set layout = 'lecture', hq_site_id = 's1', grid_size = 9 where id = 'c1'`,
    `update conference set layout = 'hq-speaker', hq_site_id = 's3' where id = 'c2'`,
  ],
};

export function migrations(databases: Databases): void {
  it('of every version since the first is carried over', async () => {
    const file = await databases.empty();
    const old = new Kysely<unknown>({ dialect: dialectOf({ file, log }) });
    const migrator = new Migrator({ db: old, provider: migrationProvider });
    for (const [name, statements] of Object.entries(OLD_DATA)) {
      expect((await migrator.migrateTo(name)).error).toBeUndefined();
      for (const statement of statements) await sql.raw(statement).execute(old);
    }
    await old.destroy();

    const store = await openStore({ file, log });
    try {
      expect(await store.getSite('s2' as SiteId)).toMatchObject({
        name: 'Xã Tân Phú',
        number: '2002',
        srtp: 'required',
        version: 1,
        createdAtMs: 2,
        changedAtMs: 2,
        endpoints: [
          {
            id: 'e2',
            sipUsername: 'tanphu',
            ha1: { md5: 'ha1-tanphu', sha256: undefined },
            fixedAddresses: ['10.1.2.0/24'],
          },
        ],
      });
      expect((await store.findEndpoint('huyen'))?.endpoint.ha1?.sha256).toBe('sha-huyen');
      expect((await store.loadBindings()).get('huyen')).toMatchObject([
        { contactUri: 'sip:huyen@10.0.0.1', cseq: 4_294_967_295, expiresAtMs: 1_900_000_000_000 },
      ]);
      expect(await store.lastEndpointEvents()).toMatchObject([{ endpointId: 'e1' }]);
      const out = { dial: 'out' };
      expect(await store.getConference('c1' as ConferenceId)).toMatchObject({
        layout: 'lecture',
        gridSize: 9,
        members: [
          { siteId: 's2', role: 'site', ...out },
          { siteId: 's1', role: 'hq', ...out },
        ],
      });
      // A site that led without being one of the conference's own is one now.
      expect(await store.getConference('c2' as ConferenceId)).toMatchObject({
        pinHash: 'salt:key',
        members: [{ siteId: 's3', role: 'hq' }],
      });
      const found = await store.findSites({ q: 'dong phu', sort: 'name' });
      expect(found.items.map(({ id }) => id)).toEqual(['s1']);
      const listed = await store.findSites({ q: 'tanphu', sort: 'name' });
      expect(listed.items.map(({ id }) => id)).toEqual(['s2']);
    } finally {
      await store.close();
    }
  });
}
