import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { ConferenceView } from '../../../src/contract/conferences.ts';
import type { ParticipantView } from '../../../src/contract/rest.ts';
import { startChromium, type TestChromium } from '../../support/chromium.ts';
import { framesDecoded, freshToneLevels } from '../../support/page.ts';
import type { TestSystem } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import { addConference, participantsOf } from '../district.ts';

const [PIN, CHAIR_PIN] = ['4711', '9876'];
const TONE_HZ = { Lan: 1300, Minh: 700 };
const ABSENT_HZ = 2900;
const CLEAR_DB = 15;
/** A tone is at about -30. */
const AUDIBLE_DB = -60;
const BACK_MS = 40_000;
const OTHER = { Lan: 'Minh', Minh: 'Lan' } as const;

export type Who = keyof typeof TONE_HZ;

/** Lan, a chair, sits in an office whose line and whose server fail; Minh sees and hears her elsewhere. */
export class TwoLaptops {
  readonly #system: TestSystem;
  readonly #conference: ConferenceView;
  readonly #browsers: TestChromium[] = [];
  readonly pages = {} as Record<Who, Page>;

  private constructor(system: TestSystem, conference: ConferenceView) {
    this.#system = system;
    this.#conference = conference;
  }

  /** Both are in, and see and hear each other; the caller closes. */
  static async open(system: TestSystem): Promise<TwoLaptops> {
    const words = { name: 'Giao ban', number: '1001', alias: 'giao-ban' };
    const conference = await addConference(system, { ...words, pin: PIN, chairPin: CHAIR_PIN });
    const laptops = new TwoLaptops(system, conference);
    try {
      await laptops.#join('Lan', { where: 'office', pin: CHAIR_PIN });
      await laptops.#join('Minh', { where: 'hall', pin: PIN });
      const heard = laptops.allHeard(['Lan', 'Minh']);
      await Promise.all([laptops.seen('Lan'), laptops.seen('Minh'), heard]);
      return laptops;
    } catch (err) {
      await laptops.close();
      throw err;
    }
  }

  /** One picture of that name, and it moves: who came back is there once. */
  async seen(who: Who): Promise<void> {
    const tile = `figure[aria-label="${who}"] video`;
    let before = Number.POSITIVE_INFINITY;
    await waitFor(
      `${who}’s picture`,
      async () => {
        const now = await framesDecoded(this.pages[OTHER[who]], tile);
        const isMoving = now > before + 2;
        before = Math.min(before, now);
        return isMoving;
      },
      BACK_MS,
    );
  }

  /** How wide the other sees that one's camera now; undefined while there is no picture. */
  async seenWidth(who: Who): Promise<number | undefined> {
    const width: number = await this.pages[OTHER[who]].evaluate(
      `document.querySelector('figure[aria-label="${who}"] video')?.videoWidth ?? 0`,
    );
    return width || undefined;
  }

  async isHeard(who: Who): Promise<boolean> {
    const tones = [TONE_HZ[who], ABSENT_HZ];
    const page = this.pages[OTHER[who]];
    const [tone = -200, absent = -200] = await freshToneLevels(page, 'audio', tones);
    return tone > AUDIBLE_DB && tone - absent > CLEAR_DB;
  }

  heard(who: Who): Promise<unknown> {
    return waitFor(`${who}’s voice`, () => this.isHeard(who), BACK_MS);
  }

  /** One after the other, so that each has the processor to itself. */
  async allHeard(speakers: readonly Who[]): Promise<void> {
    for (const speaker of speakers) await this.heard(speaker);
  }

  /** Lan's page says so in its banner. */
  banner(words: RegExp): Promise<void> {
    const alert = this.pages.Lan.getByRole('alert').filter({ hasText: words });
    return alert.waitFor({ timeout: BACK_MS });
  }

  /** Words of the line's indicator, which a screen reader has even where they are not shown. */
  lineIs(words: RegExp): Promise<void> {
    const status = this.pages.Lan.getByRole('banner').getByRole('status');
    return status.filter({ hasText: words }).waitFor({ timeout: BACK_MS });
  }

  async lan(): Promise<ParticipantView | undefined> {
    const people = await participantsOf(this.#system, this.#conference);
    const [lan, ...twice] = people.filter(({ name }) => name === 'Lan');
    expect(twice).toEqual([]);
    return lan;
  }

  /** Waits until she is so, and once. */
  lanIs(facts: object): Promise<unknown> {
    return waitFor(
      `Lan to be ${JSON.stringify(facts)}`,
      async () => {
        expect(await this.lan()).toMatchObject(facts);
        return true;
      },
      BACK_MS,
    );
  }

  /** Waits until these hear and both see each other, and no trouble is told; how long it took. */
  async recovered(speakers: readonly Who[] = ['Lan', 'Minh']): Promise<Outcome> {
    const sinceMs = performance.now();
    const elapsedMs = () => Math.round(performance.now() - sinceMs);
    const [seenMs, heardMs] = await Promise.all([
      Promise.all([this.seen('Lan'), this.seen('Minh')]).then(elapsedMs),
      this.allHeard(speakers).then(elapsedMs),
    ]);
    await this.pages.Lan.locator('.banner [role=alert]').waitFor({ state: 'detached' });
    return { seenMs, heardMs };
  }

  async leave(): Promise<void> {
    for (const page of Object.values(this.pages))
      await page.getByRole('button', { name: 'Leave' }).click();
  }

  async close(): Promise<void> {
    for (const browser of this.#browsers) await browser.close();
  }

  async #join(
    name: Who,
    { where, pin }: { readonly where: 'office' | 'hall'; readonly pin: string },
  ): Promise<void> {
    const colour = name === 'Lan' ? 'green' : 'red';
    const browser = await startChromium({ where, colour, toneHz: TONE_HZ[name] });
    this.#browsers.push(browser);
    const page = await browser.newPage();
    await page.goto(`${this.#system.browserUrl}/c/giao-ban?name=${name}`);
    await page.getByRole('button', { name: 'Join' }).click();
    await page.getByRole('textbox', { name: 'PIN' }).fill(pin);
    await page.getByRole('button', { name: 'Join' }).click();
    await page.getByRole('button', { name: 'Leave' }).waitFor();
    this.pages[name] = page;
  }
}

/** From the end of a fault. */
export interface Outcome {
  readonly seenMs: number;
  readonly heardMs: number;
}

/** What came of faults, as it is printed. */
export class Outcomes {
  readonly #lines = ['    fault                told                       seen ms heard ms'];

  add(fault: string, told: string, { seenMs, heardMs }: Outcome): void {
    const numbers = [seenMs, heardMs].map(ms => String(ms).padStart(7));
    this.#lines.push(['   ', fault.padEnd(20), told.padEnd(26), ...numbers].join(' '));
  }

  print(): void {
    process.stdout.write(`${this.#lines.join('\n')}\n`);
  }
}
