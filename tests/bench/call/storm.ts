import { progress, quantile, table, wholeMs } from '../table.ts';
import { type CallBench, hangUpAll, haveCodecs, pause, siteName } from './bench.ts';

const ROUNDS = 5;
const BETWEEN_ROUNDS_MS = 3000;

/** All codecs dial in the same moment. */
export async function measureStorm(bench: CallBench, count: number): Promise<string> {
  await haveCodecs(bench, count);
  const rounds: string[][] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    progress(`${count} at once, round ${round} of ${ROUNDS}`);
    const { answersMs, picturesMs } = await dialAll(bench, count);
    rounds.push([
      String(round),
      wholeMs(quantile(answersMs, 0.5)),
      wholeMs(quantile(answersMs, 1)),
      wholeMs(quantile(picturesMs, 1)),
    ]);
    await hangUpAll(bench);
    await pause(BETWEEN_ROUNDS_MS);
  }
  const head = ['round', 'INVITE → 200, p50', 'slowest of all', 'last picture in the browser'];
  return `${count} codecs dial in the same moment:\n\n${table(head, rounds)}`;
}

async function dialAll({ codecs, conference, watcher }: CallBench, count: number) {
  const all = Array.from({ length: count }, (_, codec) => codec);
  const answered = await Promise.all(all.map(codec => codecs.call(codec, conference.number)));
  const picturesMs = await Promise.all(
    answered.map(async ({ inviteAtMs }, codec) => {
      return (await watcher.firstFrameMs(siteName(codec), inviteAtMs)) - inviteAtMs;
    }),
  );
  return { answersMs: answered.map(({ inviteToAnswerMs }) => inviteToAnswerMs), picturesMs };
}
