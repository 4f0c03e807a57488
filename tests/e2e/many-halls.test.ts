import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ConferenceView } from '../../src/contract/conferences.ts';
import type { HealthView, ParticipantDetailView } from '../../src/contract/rest.ts';
import { usageOf } from '../bench/processes.ts';
import { startChromium, type TestChromium } from '../support/chromium.ts';
import type { ColourName } from '../support/picture.ts';
import { speech } from '../support/sip-phone/sound.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { waitFor } from '../support/wait-for.ts';
import { addConference, expectNothingLeft, participantsOf } from './district.ts';
import { type Hall, Halls, oldMedia, quietMedia, report } from './halls.ts';

/** The largest district, two of whose communes still have codecs that know only H.263. */
const HALLS = 24;
const OLD_HALLS = 2;
const COLOURS: readonly ColourName[] = ['red', 'blue', 'yellow', 'magenta'];
const MEASURED_MS = 4000;
const ENGINES = ['stage', 'janus', 'rtpengine', 'sip-agent', 'gateway'] as const;
/** H.264 as all of the new ones take it, and H.263. */
const GROUPS = 2;
/** Whoever talks sees another, and all others see the same. */
const MOST_CANVASES_OF_A_GROUP = 2;

describe(`${HALLS} halls dial in at once`, () => {
  let system: TestSystem;
  let conference: ConferenceView;
  let halls: Halls;
  const all: Hall[] = [];
  let lan: TestChromium;
  let lanPage: Page;

  beforeAll(async () => {
    system = await startSystem();
    conference = await addConference(system, { name: 'Giao ban', number: '1001', alias: 'hop' });
    halls = new Halls(system);
    const quiet = COLOURS.map(colour => quietMedia(colour));
    const old = oldMedia('green');
    for (let index = 0; index < HALLS; index++) {
      const media = index < OLD_HALLS ? old : (quiet[index % quiet.length] ?? old);
      const talks = index === HALLS - 1;
      const own = talks ? { ...media, audio: speech() } : media;
      all.push(await halls.open(nameOf(index), `xa-${index}`, own));
    }
    lan = await startChromium({ where: 'office', colour: 'green' });
  });

  afterAll(async () => {
    halls?.close();
    for (const one of [lan, system]) await one?.close();
  });

  const details = async () =>
    (await participantsOf(system, conference)) as unknown as ParticipantDetailView[];
  const get = (path: string) => {
    const { publicHost, http } = system.settings;
    const headers = { authorization: `Bearer ${system.adminToken}` };
    return fetch(`http://${publicHost}:${http.port}${path}`, { headers });
  };
  const metric = async (name: string) => {
    const text = await (await get('/metrics')).text();
    return Number(new RegExp(`^\\w*${name} (\\S+)$`, 'm').exec(text)?.[1]);
  };
  const printLoad = async (what: string) => {
    const cpuSec = () => ENGINES.map(name => usageOf([system.engine(name).pid ?? 0]).cpuSec);
    const shown = () => all.map(({ screen }) => screen.pictures).toSorted((a, b) => a - b);
    const [before, shownBefore, begunMs] = [cpuSec(), shown(), performance.now()];
    await sleep(MEASURED_MS);
    const pictures = (shown()[0] ?? 0) - (shownBefore[0] ?? 0);
    const seconds = (performance.now() - begunMs) / 1000;
    const after = cpuSec();
    const shares = ENGINES.map(
      (name, at) => `${name} ${(((after[at] ?? 0) - (before[at] ?? 0)) / seconds).toFixed(2)}`,
    );
    const together = after.reduce((sum, sec, at) => sum + sec - (before[at] ?? 0), 0) / seconds;
    report(what, `${shares.join(', ')} of a core, together ${together.toFixed(2)}`);
    const rate = (pictures / seconds).toFixed(1);
    const given = `load level ${await metric('stage_load_level')}`;
    report(what, `${rate} pictures a second in the hall with the fewest, ${given}`);
  };

  test('all are connected, and each is shown to the others with a picture', async () => {
    const begunMs = performance.now();
    const answered = await Promise.all(all.map(({ codec }) => codec.call('1001')));
    const times = answered.map(one => one.inviteToAnswerMs).toSorted((a, b) => a - b);
    report('INVITE to answer', `median ${ms(times[HALLS / 2])}, longest ${ms(times.at(-1))}`);
    await waitFor(
      'all pictures',
      async () => (await details()).filter(one => one.hasVideo).length === HALLS,
      30_000,
    );
    await waitFor(
      'a picture in every hall',
      () => all.every(({ screen }) => screen.pictures > 25),
      30_000,
    );
    report('pictures in every hall after', ms(performance.now() - begunMs));
  });

  test('codecs that take the same share a composed picture: at most two for a group', async () => {
    const canvases = await metric('stage_canvases');
    report('composed pictures', `${canvases}, of ${await metric('stage_decoders')} cameras`);
    // The cameras of old codecs are encoded anew for browsers, one by one.
    expect(canvases).toBeGreaterThanOrEqual(GROUPS + OLD_HALLS);
    expect(canvases).toBeLessThanOrEqual(MOST_CANVASES_OF_A_GROUP * GROUPS + OLD_HALLS);
  });

  test('what it costs', async () => {
    await printLoad(`${HALLS} halls`);
    const health = (await (await get('/healthz')).json()) as HealthView;
    report('stage', health.engines.stage?.detail ?? '');
    expect(health.status).toBe('ok');
    expect(health.engines.stage?.detail).toMatch(/^composing takes \d+ % of its CPU budget/);
    expect(await metric('stage_budget_used_ratio')).toBeGreaterThan(0);
  });

  test('how a camera comes in can be asked for', async () => {
    const speaker = nameOf(HALLS - 1);
    const picture = await waitFor(
      '25 pictures a second',
      async () => {
        const seen = (await details()).find(({ name }) => name === speaker)?.picture;
        return seen?.fps !== undefined && Math.abs(seen.fps - 25) <= 3 && seen;
      },
      20_000,
    );
    expect(picture).toMatchObject({ decoded: true, width: 640, height: 360 });
    expect(picture.lossRatio).toBeLessThan(0.05);
    const old = (await details()).find(({ name }) => name === nameOf(0))?.picture;
    report('of an old codec', JSON.stringify(old));
    expect(old?.bitrateBps).toBeGreaterThan(0);
  });

  test('one laptop sees them all', async () => {
    lanPage = await lan.newPage();
    const begunMs = performance.now();
    await lanPage.goto(`${system.browserUrl}/c/hop?name=Lan&join=1`);
    await waitFor('all pictures', async () => (await picturesOf(lanPage)) === HALLS, 60_000);
    report('all pictures in the laptop after', ms(performance.now() - begunMs));
    await printLoad(`${HALLS} halls and a laptop`);
  });

  test('after all have left nothing is left anywhere', async () => {
    await lanPage.close();
    await halls.hangUp();
    await expectNothingLeft(system);
    await waitFor('no canvas', async () => (await metric('stage_canvases')) === 0);
  });
});

/** How many of the others' pictures a page shows. */
async function picturesOf(page: Page): Promise<number> {
  const widths = await page
    .locator('video[data-participant-id]')
    .evaluateAll(videos =>
      videos.map(video => (video as unknown as { videoWidth: number }).videoWidth),
    );
  return widths.filter(width => width > 0).length;
}

function nameOf(index: number): string {
  return `Xã ${String(index + 1).padStart(2, '0')}`;
}

function ms(durationMs = Number.NaN): string {
  return `${Math.round(durationMs)} ms`;
}
