import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ConferenceView } from '../../../src/contract/conferences.ts';
import { allowOfficeUdp, plugOffice, setOfficeLoss } from '../../support/bed/office-link.ts';
import { SlowLine } from '../../support/bed/slow-line.ts';
import { startChromium, type TestChromium } from '../../support/chromium.ts';
import { type Coturn, startCoturn } from '../../support/coturn.ts';
import { framesDecoded, freshToneLevels } from '../../support/page.ts';
import { startSystem, type TestSystem } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import { addConference, expectNothingLeft, participantsOf } from '../district.ts';

const CORE_OFFICE_HOST = '10.78.0.1';
const TURN_SECRET = 'shared-with-coturn';
const [PIN, CHAIR_PIN] = ['4711', '9876'];
const TONE_HZ = { Lan: 1300, Minh: 700 };
const ABSENT_HZ = 2900;
const CLEAR_DB = 15;
/** A tone is at about -30. */
const AUDIBLE_DB = -60;
const BACK_MS = 40_000;

type Who = keyof typeof TONE_HZ;

/** What came of one fault, as it is printed. */
interface Outcome {
  readonly fault: string;
  readonly told: string;
  readonly seenMs: number;
  readonly heardMs: number;
}

/** Lan, a chair, sits in an office whose line and whose server fail; Minh sees and hears her elsewhere. */
describe('a laptop holds on', () => {
  let system: TestSystem;
  let conference: ConferenceView;
  let coturn: Coturn;
  let slowLine: SlowLine;
  const browsers: TestChromium[] = [];
  const pages = {} as Record<Who, Page>;
  const outcomes: Outcome[] = [];

  beforeAll(async () => {
    coturn = await startCoturn(CORE_OFFICE_HOST, TURN_SECRET);
    slowLine = await SlowLine.open(300);
    system = await startSystem({
      DIEMCAU_ROOMS_TURN_URLS: `turn:${CORE_OFFICE_HOST}:3478?transport=tcp`,
      DIEMCAU_ROOMS_TURN_SECRET: TURN_SECRET,
    });
    const words = { name: 'Giao ban', number: '1001', alias: 'giao-ban' };
    conference = await addConference(system, { ...words, pin: PIN, chairPin: CHAIR_PIN });
    pages.Lan = await joined('Lan', { where: 'office', pin: CHAIR_PIN });
    pages.Minh = await joined('Minh', { where: 'hall', pin: PIN });
    await bothSeenAndHeard();
  });

  afterAll(async () => {
    process.stdout.write(tableOf(outcomes));
    for (const one of [...browsers, slowLine, coturn, system]) await one?.close();
  });

  afterEach(() => {
    slowLine.use(false);
    plugOffice(true);
    allowOfficeUdp(true);
  });

  const joined = async (name: Who, { where, pin }: { where: 'office' | 'hall'; pin: string }) => {
    const colour = name === 'Lan' ? 'green' : 'red';
    const browser = await startChromium({ where, colour, toneHz: TONE_HZ[name] });
    browsers.push(browser);
    const page = await browser.newPage();
    await page.goto(`${system.browserUrl}/c/giao-ban?name=${name}`);
    await page.getByRole('button', { name: 'Join' }).click();
    await page.getByRole('textbox', { name: 'PIN' }).fill(pin);
    await page.getByRole('button', { name: 'Join' }).click();
    await page.getByRole('button', { name: 'Leave' }).waitFor();
    return page;
  };

  const other = { Lan: 'Minh', Minh: 'Lan' } as const;
  /** One picture of that name, and it moves: who came back is there once. */
  const seen = async (who: Who) => {
    const page = pages[other[who]];
    const tile = `figure[aria-label="${who}"] video`;
    let before = Number.POSITIVE_INFINITY;
    await waitFor(
      `${who}’s picture`,
      async () => {
        const now = await framesDecoded(page, tile);
        const isMoving = now > before + 2;
        before = Math.min(before, now);
        return isMoving;
      },
      BACK_MS,
    );
  };
  const isHeard = async (who: Who) => {
    const tones = [TONE_HZ[who], ABSENT_HZ];
    const [tone = -200, absent = -200] = await freshToneLevels(pages[other[who]], 'audio', tones);
    return tone > AUDIBLE_DB && tone - absent > CLEAR_DB;
  };
  const heard = (who: Who) => waitFor(`${who}’s voice`, () => isHeard(who), BACK_MS);
  /** One after the other, so that each has the processor to itself. */
  const allHeard = async (speakers: readonly Who[]) => {
    for (const speaker of speakers) await heard(speaker);
  };
  const bothSeenAndHeard = () =>
    Promise.all([seen('Lan'), seen('Minh'), allHeard(['Lan', 'Minh'])]);
  const banner = (words: RegExp) =>
    pages.Lan.getByRole('alert').filter({ hasText: words }).waitFor({ timeout: BACK_MS });
  const inTheRoster = async () =>
    (await participantsOf(system, conference)).find(({ name }) => name === 'Lan');
  const lanIs = (facts: object) =>
    waitFor(
      `Lan to be ${JSON.stringify(facts)}`,
      async () => {
        const people = await participantsOf(system, conference);
        const [lan, ...twice] = people.filter(({ name }) => name === 'Lan');
        expect(lan).toMatchObject(facts);
        expect(twice).toEqual([]);
        return true;
      },
      BACK_MS,
    );

  /** Waits until these hear and both see each other, and no trouble is told; notes how long it took. */
  const recovers = async (fault: string, told: string, speakers: Who[] = ['Lan', 'Minh']) => {
    const sinceMs = performance.now();
    const elapsedMs = () => Math.round(performance.now() - sinceMs);
    const [seenMs, heardMs] = await Promise.all([
      Promise.all([seen('Lan'), seen('Minh')]).then(elapsedMs),
      allHeard(speakers).then(elapsedMs),
    ]);
    await pages.Lan.locator('.banner [role=alert]').waitFor({ state: 'detached' });
    outcomes.push({ fault, told, seenMs, heardMs });
  };
  const pause = (ms: number) => pages.Minh.waitForTimeout(ms);
  const killed = (name: string) => {
    const { pid } = system.engine(name);
    if (pid === undefined) throw new Error(`${name} does not run`);
    process.kill(pid, 'SIGKILL');
  };
  /** Words of the line's indicator, which a screen reader has even where they are not shown. */
  const lineIs = (words: RegExp) =>
    pages.Lan.getByRole('banner').getByRole('status').filter({ hasText: words }).waitFor({
      timeout: BACK_MS,
    });

  test('5 % loss: the line is called weak, and both go on', async () => {
    await lineIs(/Good line/);
    setOfficeLoss(5);
    await lineIs(/a little of what/);
    await recovers('5 % loss', 'weak line');
  });

  /** A delay that comes suddenly looks like a line that got narrow, too, and that is worse. */
  test('300 ms delay each way: the line is called slow or narrow, and both go on', async () => {
    slowLine.use(true);
    await lineIs(/slow line|your picture/i);
    await recovers('300 ms delay', 'slow or narrow line');
  });

  test('the line dead for 5 s: it goes on over the same connection', async () => {
    const before = await inTheRoster();
    setOfficeLoss(100);
    await pause(5000);
    setOfficeLoss(0);
    await recovers('line dead for 5 s', '');
    await lanIs({ id: before?.id, chair: true });
  });

  test('the cable out for 30 s: back as the same person, muted and a chair', async () => {
    await pages.Lan.getByRole('button', { name: 'Mute' }).click();
    await pages.Lan.getByRole('button', { name: 'Raise hand' }).click();
    await lanIs({ muted: true, handRaised: true });
    const before = await inTheRoster();
    plugOffice(false);
    await banner(/no network.*neither hear nor see you/s);
    await pause(30_000);
    plugOffice(true);
    await recovers('cable out for 30 s', 'no network', ['Minh']);
    await lanIs({ id: before?.id, muted: true, chair: true, handRaised: true });
    await waitFor('silence', async () => !(await isHeard('Lan')));
    await pages.Lan.getByRole('button', { name: 'Unmute' }).click();
    await heard('Lan');
  });

  test('Janus killed: back by itself', async () => {
    killed('janus');
    await banner(/joining again|cannot let you in yet/);
    await recovers('Janus killed', 'joining again');
    await lanIs({ muted: false, chair: true });
  });

  test('the gateway killed: back by itself', async () => {
    killed('gateway');
    await banner(/cannot be reached.*neither hear nor see you/s);
    await recovers('gateway killed', 'server cannot be reached');
    await lanIs({ muted: false, chair: true });
  });

  test('a firewall that lets no UDP through any more: over the TURN relay', async () => {
    allowOfficeUdp(false);
    await pause(5000);
    await recovers('no UDP', '');
    expect(coturn.output()).toMatch(/ALLOCATE processed, success/);
  });

  test('nothing is left afterwards', async () => {
    for (const page of Object.values(pages))
      await page.getByRole('button', { name: 'Leave' }).click();
    await expectNothingLeft(system);
  });
});

function tableOf(outcomes: readonly Outcome[]): string {
  const lines = outcomes.map(({ fault, told, seenMs, heardMs }) =>
    ['   ', fault.padEnd(20), told.padEnd(26), `${seenMs}`.padStart(7), `${heardMs}`.padStart(7)]
      .join(' ')
      .concat('\n'),
  );
  return `    fault                told                       seen ms heard ms\n${lines.join('')}`;
}
