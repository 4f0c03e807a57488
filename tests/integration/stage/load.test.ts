import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { seqDiff } from '../../../src/stage/rtp/packet.ts';
import { sleep } from '../../../src/util/abort.ts';
import { waitFor } from '../../support/wait-for.ts';
import { colourClip } from './clip.ts';
import type { Rig, TestEndpoint } from './rig.ts';
import { spawnStage } from './spawn-stage.ts';

const ENDPOINTS = 24;
const MEASURED_MS = 5_000;
/** Linux counts CPU time in these; sysconf(_SC_CLK_TCK). */
const CLOCK_TICK_MS = 10;

let child: ChildProcess;
let rig: Rig;

beforeEach(async () => {
  ({ child, rig } = await spawnStage());
});
afterEach(() => rig.close());

function cpuMs(): number {
  const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * CLOCK_TICK_MS;
}

test(`${ENDPOINTS} endpoints of 360p25 pass without loss; prints what that costs`, async () => {
  const clip = colourClip('green');
  const endpoints: TestEndpoint[] = [];
  for (let i = 0; i < ENDPOINTS; i++) {
    const endpoint = await rig.addEndpoint(`e${i}`);
    endpoint.phone.play(clip, { ssrc: 1_000 + i, payloadType: 97 });
    endpoints.push(endpoint);
  }
  await rig.speakers('e0', 'e1');
  await rig.people({ id: 'laptop', kind: 'browser' });
  for (const { id } of endpoints)
    await waitFor(`${id} to see the speaker`, async () =>
      ['e0', 'e1'].includes((await rig.showing(id)) ?? ''),
    );
  const [beforeMs, begunMs] = [cpuMs(), Date.now()];
  await sleep(MEASURED_MS);
  const cores = (cpuMs() - beforeMs) / (Date.now() - begunMs);
  const { residentBytes } = await rig.status();
  process.stdout.write(
    `stage, ${ENDPOINTS} endpoints: ${cores.toFixed(3)} core, ${Math.round(residentBytes / 2 ** 20)} MiB\n`,
  );
  for (const { phone, feed } of endpoints)
    for (const received of [phone.received, feed.received]) {
      expect(received.length).toBeGreaterThan(100);
      const holes = received.filter(
        ({ seq }, index) => index > 0 && seqDiff(seq, received[index - 1]?.seq ?? 0) !== 1,
      );
      expect(holes).toEqual([]);
    }
});
