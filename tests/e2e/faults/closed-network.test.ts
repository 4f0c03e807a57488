import { afterAll, beforeAll, expect, test } from 'vitest';
import { CORE_HOST, CORE_OFFICE_HOST } from '../../support/bed/namespaces.ts';
import { allowOfficeUdp } from '../../support/bed/office-link.ts';
import { type Coturn, startCoturn } from '../../support/coturn.ts';
import { startSystem, type TestSystem } from '../../support/system.ts';
import { expectNothingLeft } from '../district.ts';
import { TwoLaptops } from './two-laptops.ts';

const TURN_SECRET = 'shared-with-coturn';

let system: TestSystem;
let coturn: Coturn;
let laptops: TwoLaptops;

beforeAll(async () => {
  coturn = await startCoturn(CORE_OFFICE_HOST, TURN_SECRET, { tlsPort: 443 });
  system = await startSystem({
    DIEMCAU_ROOMS_TURN_URLS: [CORE_OFFICE_HOST, CORE_HOST].map(host => `turns:${host}:443`).join(),
    DIEMCAU_ROOMS_TURN_SECRET: TURN_SECRET,
    DIEMCAU_ROOMS_TURN_RELAY_ONLY: 'true',
  });
  allowOfficeUdp(false);
});

afterAll(async () => {
  allowOfficeUdp(true);
  for (const one of [laptops, coturn, system]) await one?.close();
});

test('a network that lets out nothing but TLS to port 443: seen and heard over the relay', async () => {
  laptops = await TwoLaptops.open(system).catch(cause => {
    throw new Error(`not through coturn: ${coturn.output().slice(-3000)}`, { cause });
  });
  expect(coturn.output()).toMatch(/ALLOCATE processed, success/);
});

test('nothing is left afterwards', async () => {
  await laptops.leave();
  await expectNothingLeft(system);
});
