import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { CORE_OFFICE_HOST } from '../../support/bed/namespaces.ts';
import { allowOfficeUdp, plugOffice, setOfficeLoss } from '../../support/bed/office-link.ts';
import { SlowLine } from '../../support/bed/slow-line.ts';
import { type Coturn, startCoturn } from '../../support/coturn.ts';
import { startSystem, type TestSystem } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import { expectNothingLeft } from '../district.ts';
import { Outcomes, TwoLaptops, type Who } from './two-laptops.ts';

const TURN_SECRET = 'shared-with-coturn';

describe('a laptop holds on', () => {
  let system: TestSystem;
  let coturn: Coturn;
  let slowLine: SlowLine;
  let laptops: TwoLaptops;
  const outcomes = new Outcomes();

  beforeAll(async () => {
    coturn = await startCoturn(CORE_OFFICE_HOST, TURN_SECRET);
    slowLine = await SlowLine.open({ delayMs: 450 });
    system = await startSystem({
      DIEMCAU_ROOMS_TURN_URLS: `turn:${CORE_OFFICE_HOST}:3478?transport=tcp`,
      DIEMCAU_ROOMS_TURN_SECRET: TURN_SECRET,
    });
    laptops = await TwoLaptops.open(system);
  });

  afterAll(async () => {
    outcomes.print();
    for (const one of [laptops, slowLine, coturn, system]) await one?.close();
  });

  afterEach(() => {
    slowLine.use(false);
    plugOffice(true);
    allowOfficeUdp(true);
  });

  const recovers = async (fault: string, told: string, speakers?: Who[]) =>
    outcomes.add(fault, told, await laptops.recovered(speakers));
  const button = (name: string) => laptops.pages.Lan.getByRole('button', { name });
  const pause = (ms: number) => laptops.pages.Minh.waitForTimeout(ms);
  const killed = (name: string) => {
    const { pid } = system.engine(name);
    if (pid === undefined) throw new Error(`${name} does not run`);
    process.kill(pid, 'SIGKILL');
  };

  test('5 % loss: the line is called weak, and both go on', async () => {
    await laptops.lineIs(/Good line/);
    setOfficeLoss(5);
    await laptops.lineIs(/a little of what/);
    await recovers('5 % loss', 'weak line');
  });

  /**
   * What the room server sends stays on the cable, so that this is the round trip that Chromium
   * measures. A delay that comes suddenly looks like a line that got narrow, too, and that is worse.
   */
  test('450 ms round trip: the line is called slow or narrow, and both go on', async () => {
    slowLine.use(true);
    await laptops.lineIs(/slow line|your picture/i);
    await recovers('450 ms round trip', 'slow or narrow line');
  });

  test('the line dead for 5 s: it goes on over the same connection', async () => {
    const before = await laptops.lan();
    setOfficeLoss(100);
    await pause(5000);
    setOfficeLoss(0);
    await recovers('line dead for 5 s', '');
    await laptops.lanIs({ id: before?.id, chair: true });
  });

  test('the cable out for 30 s: back as the same person, muted and a chair', async () => {
    await button('Mute').click();
    await button('Raise hand').click();
    await laptops.lanIs({ muted: true, handRaised: true });
    const before = await laptops.lan();
    plugOffice(false);
    await laptops.banner(/no network.*neither hear nor see you/s);
    await pause(30_000);
    plugOffice(true);
    await recovers('cable out for 30 s', 'no network', ['Minh']);
    await laptops.lanIs({ id: before?.id, muted: true, chair: true, handRaised: true });
    await waitFor('silence', async () => !(await laptops.isHeard('Lan')));
    await button('Unmute').click();
    await laptops.heard('Lan');
  });

  test('Janus killed: back by itself, and the hand is still up', async () => {
    killed('janus');
    await laptops.banner(/joining again|cannot let you in yet/);
    await recovers('Janus killed', 'joining again');
    await laptops.lanIs({ muted: false, chair: true, handRaised: true });
  });

  test('the gateway killed: back by itself, and the hand is still up', async () => {
    killed('gateway');
    await laptops.banner(/cannot be reached.*neither hear nor see you/s);
    await recovers('gateway killed', 'server cannot be reached');
    await laptops.lanIs({ muted: false, chair: true, handRaised: true });
  });

  test('a firewall that lets no UDP through any more: over the TURN relay', async () => {
    allowOfficeUdp(false);
    await pause(5000);
    await recovers('no UDP', '');
    expect(coturn.output()).toMatch(/ALLOCATE processed, success/);
  });

  test('nothing is left afterwards', async () => {
    await laptops.leave();
    await expectNothingLeft(system);
  });
});
