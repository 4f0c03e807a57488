import { progress, table } from '../table.ts';
import { type CallBench, ENGINES, engineUsage, hangUpAll, haveCodecs, pause } from './bench.ts';
import { startWatcher, type Watcher } from './watcher.ts';

const CODECS = 24;
const LAPTOPS = 3;
const SETTLE_MS = 10_000;
const WINDOW_MS = 20_000;

/** What a district's largest meeting costs where all halls see each other, alone and with laptops. */
export async function measureComposed(bench: CallBench): Promise<string> {
  await haveCodecs(bench, CODECS);
  await layOutGrid(bench);
  for (let codec = 0; codec < CODECS; codec += 1) {
    await bench.codecs.call(codec, bench.conference.number);
  }
  await bench.watcher.leave();
  const rows = [await measure(bench, `${CODECS} codecs`)];
  for (const looks of [false, true]) {
    const laptops: Watcher[] = [];
    try {
      for (let n = 1; n <= LAPTOPS; n += 1)
        laptops.push(
          await startWatcher(bench.system, bench.conference.alias, { name: `Lan ${n}`, looks }),
        );
      const what = looks ? 'that watch all of them here' : 'that send cameras and hear';
      rows.push(await measure(bench, `and ${LAPTOPS} laptops ${what}`));
    } finally {
      for (const laptop of laptops) await laptop.close();
    }
  }
  await hangUpAll(bench);
  return [
    `${CODECS} codecs (360p25, PCMA), each sees all others in one composed picture of 720p25.`,
    'Share of one core; pictures a second at the codec that gets the fewest, and packets of sound at all',
    'of them, of 50 a second:',
    '',
    table(['', ...ENGINES, 'together', 'pictures', 'sound'], rows),
  ].join('\n');
}

async function layOutGrid({ system, conference }: CallBench): Promise<void> {
  const found = await system.api(`/conferences?q=${conference.number}`);
  const { items } = found.body as { items: readonly { id: string }[] };
  const path = `/conferences/${items[0]?.id}/layout`;
  const { status } = await system.api(path, { method: 'PUT', body: { layout: 'grid' } });
  if (status >= 300) throw new Error(`layout not changed: ${status}`);
}

async function measure(bench: CallBench, what: string): Promise<string[]> {
  progress(what);
  await pause(SETTLE_MS);
  const before = await snapshot(bench);
  await pause(WINDOW_MS);
  const after = await snapshot(bench);
  const seconds = (after.atMs - before.atMs) / 1000;
  const cores = after.engines.map(
    ({ cpuSec }, at) => (cpuSec - (before.engines[at]?.cpuSec ?? 0)) / seconds,
  );
  const rates = after.received.picturesByCodec.map(
    (count, at) => (count - (before.received.picturesByCodec[at] ?? 0)) / seconds,
  );
  const heard = after.received.audio.packets - before.received.audio.packets;
  return [
    what,
    ...cores.map(share => share.toFixed(2)),
    cores.reduce((sum, share) => sum + share, 0).toFixed(2),
    `${Math.min(...rates).toFixed(1)} / s`,
    `${(heard / CODECS / seconds).toFixed(1)} / s`,
  ];
}

async function snapshot({ system, codecs }: CallBench) {
  return {
    atMs: performance.now(),
    engines: engineUsage({ system }),
    received: await codecs.received(),
  };
}
