import { progress, quantile, table, wholeMs } from '../table.ts';
import { type CallBench, haveCodecs, siteName } from './bench.ts';

/** One call after another: how long until it is answered, how long until a laptop sees it. */
export async function measureAnswers(bench: CallBench, calls: number): Promise<string> {
  await haveCodecs(bench, 1);
  const answersMs: number[] = [];
  const picturesMs: number[] = [];
  for (let call = 0; call < calls; call += 1) {
    progress(`call ${call + 1} of ${calls}`);
    const { inviteAtMs, inviteToAnswerMs } = await bench.codecs.call(0, bench.conference.number);
    answersMs.push(inviteToAnswerMs);
    picturesMs.push((await bench.watcher.firstFrameMs(siteName(0), inviteAtMs)) - inviteAtMs);
    await bench.codecs.hangUp(0);
    await bench.watcher.gone(siteName(0));
  }
  const row = (name: string, values: readonly number[]) => [
    name,
    ...[0.5, 0.95, 1].map(share => wholeMs(quantile(values, share))),
  ];
  return table(
    [`${calls} calls, one after another`, 'p50', 'p95', 'slowest'],
    [row('INVITE → 200', answersMs), row('INVITE → first picture in the browser', picturesMs)],
  );
}
