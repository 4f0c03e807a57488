/** The store and the API over it, as the gateway has them, and nothing else: to be killed. */
import pino from 'pino';
import { ConferenceDirectory } from '../../src/conferences/conference-directory.ts';
import { computeHa1 } from '../../src/sip/digest.ts';
import { Presence } from '../../src/sites/presence.ts';
import { Registrar } from '../../src/sites/registrar.ts';
import { SiteDirectory } from '../../src/sites/site-directory.ts';
import { openStore } from '../../src/store/index.ts';
import { systemClock } from '../../src/util/clock.ts';
import { fakeCore, startApi } from '../unit/api/support.ts';

const [, , file = ''] = process.argv;
const log = pino({ level: 'warn' });
const store = await openStore({ file, log });
const rules = { minExpiresSec: 60, maxExpiresSec: 3600 };
const registrar = await Registrar.open(rules, systemClock, store, () => undefined);
const presence = await Presence.open({
  sites: store,
  events: store,
  registrar,
  clock: systemClock,
  log,
});
const nobody = { find: () => undefined, list: () => [], end: async () => undefined };
const sites = new SiteDirectory({
  store,
  registrar,
  presence,
  calls: { list: () => [] },
  conferences: nobody,
  computeHa1: (user, password) => computeHa1(user, 'crash', password),
});
const conferences = new ConferenceDirectory({
  store,
  live: nobody as never, // no meeting runs
  now: () => systemClock.now(),
});
const api = await startApi({ ...fakeCore(), sites, conferences, answers: store });
process.stdout.write(`${api.url}\n`);
