import { pause } from '../call/bench.ts';
import { progress, table } from '../table.ts';
import { type Meeting, openRoomPage } from './contenders.ts';
import { MeasuredPage, type Memory } from './figures.ts';

const MINUTE_MS = 60_000;

/** The room page's memory, minute by minute, after a forced collection. */
export async function measureGrowth(
  meeting: Meeting,
  pictures: number,
  minutes: number,
): Promise<string> {
  const { page, close } = await openRoomPage(meeting, pictures);
  const measured = await MeasuredPage.open(page);
  const rows: string[][] = [];
  for (let minute = 0; minute <= minutes; minute += 1) {
    progress(`minute ${minute} of ${minutes}`);
    if (minute > 0) await pause(MINUTE_MS);
    rows.push(row(minute, await measured.memory()));
  }
  await close();
  const head = ['minute', 'heap', 'DOM nodes', 'listeners', 'renderers, resident'];
  return `The room page with ${pictures} pictures:\n\n${table(head, rows)}`;
}

function row(minute: number, { heapMib, nodes, listeners, rendererMib }: Memory): string[] {
  return [
    String(minute),
    `${heapMib.toFixed(2)} MiB`,
    String(nodes),
    String(listeners),
    `${rendererMib.toFixed(0)} MiB`,
  ];
}
