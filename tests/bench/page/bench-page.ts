import { mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import type { ConferenceView } from '../../../src/contract/conferences.ts';
import { Cleanup } from '../../../src/util/cleanup.ts';
import { startChromium } from '../../support/chromium.ts';
import { startSystem } from '../../support/system.ts';
import { haveCodecs, pause } from '../call/bench.ts';
import { Codecs } from '../call/codecs.ts';
import { describeMachine } from '../machine.ts';
import { progress } from '../table.ts';
import {
  feedsOf,
  feedsShown,
  type Meeting,
  type OpenPage,
  openBarePage,
  openRoomPage,
} from './contenders.ts';
import { MeasuredPage } from './figures.ts';
import { measureGrowth } from './growth.ts';
import { LIGHT_BROWSERS, seatLightBrowsers } from './light-browsers.ts';
import { describeRounds, type Round } from './report.ts';

const CONFERENCE = { name: 'Giao ban', number: '1001', alias: 'giao-ban' };
const ENGINE_PACKAGES = ['janus', 'rtpengine-daemon', 'chromium'];
/** After the last picture has come: what a page does once is over. */
const SETTLE_MS = 8_000;
const PROFILE_MS = 20_000;
/** Tiles of a page of the room's grid, and of a bare one. */
const PAGE_TILES = 24;

/** The room page with many sites and browsers, beside a page of janus.js alone. */
export async function benchPage(options: ReadonlyMap<string, string>): Promise<void> {
  const number = (name: string, usual: number) => Number(options.get(name) ?? usual);
  const sites = number('sites', 24);
  const browsers = number('browsers', 10);
  const cleanup = new Cleanup();
  try {
    const meeting = await openMeeting(sites, browsers, cleanup);
    const people = sites + browsers;
    console.log(
      `${sites} light codecs and ${browsers} browsers (${LIGHT_BROWSERS}).\n` +
        `On ${describeMachine(ENGINE_PACKAGES)}, everything on the same machine; ` +
        `load average before: ${loadavg()[0]?.toFixed(1)}.\n`,
    );
    const minutes = number('minutes', 0);
    if (minutes > 0) {
      console.log(await measureGrowth(meeting, Math.min(people, PAGE_TILES), minutes));
      return;
    }
    const rounds = await runRounds(meeting, people, {
      rounds: number('rounds', 2),
      windowMs: number('seconds', 60) * 1000,
      profiles: options.get('profiles'),
    });
    console.log(describeRounds(rounds));
  } finally {
    for (const failure of await cleanup.close()) console.error(failure);
  }
}

/** The sites come first, so that theirs are the tiles of the first page. */
async function openMeeting(sites: number, browsers: number, cleanup: Cleanup): Promise<Meeting> {
  progress('starting the system');
  const system = await startSystem();
  cleanup.add('system', () => system.close());
  const codecs = Codecs.start();
  cleanup.add('codecs', () => codecs.close());
  const { status, body } = await system.api('/conferences', { method: 'POST', body: CONFERENCE });
  if (status !== 201) throw new Error(`conference not made: ${status}`);
  const { id } = body as ConferenceView;
  progress(`${sites} codecs`);
  await haveCodecs({ system, codecs }, sites);
  for (let codec = 0; codec < sites; codec += 1) await codecs.call(codec, CONFERENCE.number);
  progress(`${browsers} browsers`);
  await seatLightBrowsers(system, CONFERENCE.alias, browsers, cleanup);
  const chromium = await startChromium({ where: 'office' });
  cleanup.add('chromium', () => chromium.close());
  return { system, chromium, alias: CONFERENCE.alias, conferenceId: id };
}

interface RoundsTerms {
  readonly rounds: number;
  readonly windowMs: number;
  readonly profiles: string | undefined;
}

/** Each page in each round, one after the other. */
async function runRounds(meeting: Meeting, people: number, terms: RoundsTerms): Promise<Round[]> {
  const onPage = Math.min(people, PAGE_TILES);
  const columns = Math.min(6, Math.ceil(Math.sqrt(onPage + 1)));
  let seen: string[] = [];
  const contenders: [string, () => Promise<OpenPage>][] = [
    [
      'room page',
      async () => {
        const opened = await openRoomPage(meeting, onPage);
        seen = await feedsShown(opened.page);
        return opened;
      },
    ],
    ['bare page, the same pictures', () => openBarePage(meeting, seen, columns)],
    ['bare page, all pictures', async () => openBarePage(meeting, await feedsOf(meeting), columns)],
  ];
  const done: Round[] = [];
  for (let round = 1; round <= terms.rounds; round += 1) {
    for (const [name, open] of contenders) {
      progress(`${name}, round ${round} of ${terms.rounds}`);
      const { page, close } = await open();
      const measured = await MeasuredPage.open(page);
      await pause(SETTLE_MS);
      done.push({ name, round, figures: await measured.measure(terms.windowMs) });
      if (terms.profiles)
        saveProfile(terms.profiles, `${name}-${round}`, await measured.profile(PROFILE_MS));
      await close();
      await pause(SETTLE_MS);
    }
  }
  return done;
}

function saveProfile(folder: string, name: string, profile: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name.replaceAll(/\W+/g, '-')}.cpuprofile`), profile);
}
