import type { OfferedMedia } from './types.ts';
import { isSlides } from './video.ts';

/** A line of ours beside the peer's answer to it. */
export interface MatchedLine {
  readonly ours: OfferedMedia;
  readonly theirs: OfferedMedia;
}

/**
 * The answer's lines in the offer's places. They stand there already if the peer
 * keeps to RFC 3264 §6; lines that do not are looked for by their kind, missing
 * ones are closed, lines never offered are left out.
 */
export function matchLines(
  offered: readonly OfferedMedia[],
  answered: readonly OfferedMedia[],
): MatchedLine[] {
  const left = new Set(answered);
  const inPlace = offered.map((line, index) => {
    const answer = answered[index];
    if (!answer || !answers(line, answer)) return undefined;
    left.delete(answer);
    return answer;
  });
  return offered.map((line, index) => {
    const answer = inPlace[index] ?? [...left].find(other => answers(line, other));
    if (answer) left.delete(answer);
    return { ours: line, theirs: answer ?? closed(line) };
  });
}

function answers(offered: OfferedMedia, answered: OfferedMedia): boolean {
  return offered.kind === answered.kind && isSlides(offered) === isSlides(answered);
}

function closed(line: OfferedMedia): OfferedMedia {
  return { ...line, port: 0, direction: 'inactive', codecs: [], crypto: [] };
}
