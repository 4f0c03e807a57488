import { afterEach, beforeEach, expect, test } from 'vitest';
import { buildReport } from '../../../src/stage/rtp/rtcp.ts';
import { waitFor } from '../../support/wait-for.ts';
import { aTmmbr } from '../../unit/stage/feedback.ts';
import { colourClip } from './clip.ts';
import { BROWSER_SSRC, Rig, type TestEndpoint } from './rig.ts';
import { look } from './seen.ts';

const MINUTE_MS = 60_000;
const REPORT_INTERVAL_MS = 1_000;
const HEAVY_LOSS = 0.3;
const WIDE = 'h264 1280x720@25 1500k mode1';
const NARROW_BPS = 384_000;

let rig: Rig;
let timer: NodeJS.Timeout | undefined;
beforeEach(async () => {
  rig = await Rig.start();
});
afterEach(async () => {
  clearInterval(timer);
  await rig.close();
});

const groups = async () => (await rig.status()).canvases.map(({ group }) => group);

/** Two halls that see two lively browsers composed. */
async function twoHalls(): Promise<readonly [TestEndpoint, TestEndpoint]> {
  for (const colour of ['red', 'green'] as const) {
    const camera = await rig.addBrowser(colour);
    camera.play(colourClip(colour, { look: 'lively' }), { ssrc: BROWSER_SSRC, payloadType: 107 });
  }
  const feedback = { nack: false, tmmbr: true };
  const halls = [await rig.addEndpoint('a', { feedback }), await rig.addEndpoint('b')] as const;
  await rig.layOut('speaker');
  await rig.speakers('red');
  for (const { id } of halls)
    await waitFor(`${id} to see the speaker`, async () => (await rig.showing(id)) === 'red');
  expect(await groups()).toEqual([WIDE]);
  return halls;
}

/** Reports from now on that so much is lost. */
function reportLoss({ phone }: TestEndpoint, lossRatio: number): void {
  clearInterval(timer);
  timer = setInterval(() => {
    const newest = phone.received.at(-1);
    if (!newest) return;
    const block = {
      ssrc: newest.ssrc,
      fractionLost: Math.round(lossRatio * 256),
      totalLost: 0,
      highestSeq: newest.seq,
      jitter: 0,
      lastSenderReport: 0,
      delaySinceSenderReport: 0,
    };
    phone.sendRtcp(buildReport(0xee, 'hall', undefined, block));
  }, REPORT_INTERVAL_MS);
}

test('loss moves a hall to a smaller picture, and nobody else', {
  timeout: MINUTE_MS,
}, async () => {
  const [a, b] = await twoHalls();
  const askedMs = performance.now();
  reportLoss(a, HEAVY_LOSS);
  await waitFor('another group', async () => (await groups()).length === 2, 20_000);
  process.stdout.write(`loss told after ${Math.round(performance.now() - askedMs)} ms\n`);
  expect(await groups()).toContain(WIDE);
  const small = await waitFor(
    'a smaller picture',
    async () => {
      const seen = await look(a.phone);
      return seen.height < 720 && seen;
    },
    30_000,
  );
  expect(small.complaints).toEqual([]);
  expect((await look(b.phone)).height).toBe(720);
  const { canvases } = await rig.status();
  expect(canvases.find(({ group }) => group === WIDE)?.receivers).toBe(1);
  // One more is open while a hall goes on to yet a smaller one.
  expect(canvases.reduce((sum, { receivers }) => sum + receivers, 0)).toBe(2);
});

test('a limit asked for by TMMBR holds at once', { timeout: MINUTE_MS }, async () => {
  const [a, b] = await twoHalls();
  const askedMs = performance.now();
  const { ssrc } = await waitFor('its packets', () => a.phone.received[0]);
  a.phone.sendRtcp(aTmmbr([ssrc, NARROW_BPS, 0]));
  const isNarrow = async () => (await groups()).find(group => group !== WIDE);
  const narrow = await waitFor('the narrow group', isNarrow);
  process.stdout.write(`TMMBR told after ${Math.round(performance.now() - askedMs)} ms\n`);
  expect(Number(/ (\d+)k /.exec(narrow)?.[1])).toBeLessThanOrEqual(NARROW_BPS / 1_000);
  const seen = await waitFor('the small picture', async () => {
    const picture = await look(a.phone);
    return picture.height < 720 && picture;
  });
  expect(narrow).toContain(`${seen.width}x${seen.height}`);
  expect(await rig.showing('b')).toBe('red');
  expect((await look(b.phone)).height).toBe(720);
});

test('a camera passed on is composed when the line becomes too narrow for it', {
  timeout: MINUTE_MS,
}, async () => {
  const camera = await rig.addBrowser('red');
  camera.play(colourClip('red'), { ssrc: BROWSER_SSRC, payloadType: 107 });
  const a = await rig.addEndpoint('a', { feedback: { nack: false, tmmbr: true } });
  await waitFor('the camera', async () => (await rig.showing('a')) === 'red');
  expect(await groups()).toEqual([]);
  const { ssrc } = await waitFor('its packets', () => a.phone.received[0]);
  a.phone.sendRtcp(aTmmbr([ssrc, 128_000, 0]));
  await waitFor('a canvas', async () => (await groups()).length === 1);
  const seen = await waitFor('a small picture', async () => {
    const picture = await look(a.phone);
    return picture.height < 360 && picture;
  });
  expect(seen.complaints).toEqual([]);
});
