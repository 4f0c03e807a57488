import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { waitFor } from '../../support/wait-for.ts';
import type { Camera } from './camera.ts';
import { colourClip } from './clip.ts';
import { BROWSER_SSRC, Rig, type TestEndpoint } from './rig.ts';
import { look, lookAt } from './seen.ts';

const MINUTE_MS = 60_000;
const ROUNDS = 30;
const MIB = 2 ** 20;
const asBrowser = { ssrc: BROWSER_SSRC, payloadType: 107, fps: 10 };

let rig: Rig;
afterEach(() => rig.close());

/** A scene with two cameras composed for one hall. */
async function scene(sceneId: string, colour: 'red' | 'green' | 'blue'): Promise<TestEndpoint> {
  await rig.client.request('scene.open', { sceneId, title: sceneId });
  await rig.client.request('scene.layout', { sceneId, layout: 'speaker' });
  await rig.client.request('scene.speakers', { sceneId, participantIds: ['camera'] });
  const cameras: Camera[] = [];
  for (const id of ['camera', 'other']) {
    const { phone } = await rig.addEndpoint(id, { receives: false }, { sceneId });
    const clip = colourClip(id === 'camera' ? colour : 'yellow', { size: '160x90' });
    phone.play(clip, { ssrc: 0x77, payloadType: 97, fps: 10 });
    cameras.push(phone);
  }
  return rig.addEndpoint('hall', {}, { sceneId });
}

const nothing = { canvases: [], decoders: 0 };
const held = async () => {
  const { canvases, decoders } = await rig.status();
  return { canvases, decoders };
};

describe('scenes', () => {
  beforeEach(async () => {
    rig = await Rig.start({ workers: 2 });
  });

  test('are composed side by side, though their people have the same names', {
    timeout: MINUTE_MS,
  }, async () => {
    const colours = ['red', 'green', 'blue'] as const;
    const halls: TestEndpoint[] = [];
    for (const colour of colours) halls.push(await scene(colour, colour));
    for (const [index, { phone }] of halls.entries())
      await expect
        .poll(
          async () => {
            const seen = await look(phone);
            return lookAt(seen, seen.width / 2, seen.height / 4);
          },
          { timeout: 20_000 },
        )
        .toBe(colours[index]);
    const open = async () => {
      const { canvases, decoders, scenes } = await rig.status();
      const participants = scenes.flatMap(each => each.participants);
      const senders = participants.filter(({ lastRtpAgoMs }) => lastRtpAgoMs !== null).length;
      return { of: canvases.map(({ sceneId }) => sceneId), decoders, senders };
    };
    const patience = { timeout: 5_000 };
    await expect.poll(open, patience).toEqual({ of: [...colours], decoders: 6, senders: 6 });
    await rig.client.request('scene.close', { sceneId: 'green' });
    await expect.poll(open, patience).toEqual({ of: ['red', 'blue'], decoders: 4, senders: 4 });
  });

  test('that come and go leave nothing', { timeout: MINUTE_MS }, async () => {
    const sizes: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const { phone } = await scene('passing', 'red');
      // Some are closed while their encoder is being opened, some in the middle.
      if (round % 3 === 0)
        await waitFor('a picture', () => phone.received.some(({ marker }) => marker));
      if (round % 3 === 1)
        await waitFor('a canvas', async () => (await held()).canvases.length === 1);
      await rig.client.request('scene.close', { sceneId: 'passing' });
      expect(await held()).toEqual(nothing);
      sizes.push((await rig.status()).residentBytes);
    }
    expect((await rig.status()).openSockets).toBe(0);
    const [first, last] = [sizes[4], sizes.at(-1)].map(size => Math.round((size ?? 0) / MIB));
    process.stdout.write(`resident after 5 scenes ${first} MiB, after ${ROUNDS} ${last} MiB\n`);
  });
});

describe('a stage that may take little', () => {
  test('composes fewer pictures, then smaller ones', {
    timeout: MINUTE_MS,
  }, async () => {
    rig = await Rig.start({ cpuBudgetCores: 0.05 });
    for (const colour of ['red', 'green'] as const) {
      const camera = await rig.addBrowser(colour);
      camera.play(colourClip(colour), { ...asBrowser, fps: 25 });
    }
    const { phone } = await rig.addEndpoint('hall');
    await rig.layOut('speaker');
    const fps = async () => (await rig.status()).canvases[0]?.fps ?? 0;
    const level = async () => (await rig.status()).load.level;
    await waitFor('pictures', async () => (await fps()) > 13);
    await waitFor('the first step', async () => (await level()) >= 1, 20_000);
    await waitFor('half of the pictures', async () => {
      const now = await fps();
      return now > 0 && now <= 13;
    });
    await waitFor('the second step', async () => (await level()) >= 2, 20_000);
    await waitFor('a smaller picture', async () => (await look(phone)).height <= 448, 20_000);
    const { budgetUsed } = (await rig.status()).load;
    expect(budgetUsed).toBeGreaterThan(1);
    await waitFor('the third step', async () => (await level()) === 3, 20_000);
    expect((await look(phone)).complaints).toEqual([]); // whoever has a canvas keeps it
  });
});
