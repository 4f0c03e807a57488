/** Damaged SDP: `node tests/fuzz/sdp.ts --runs 1000000 --seed 7`. */
import { fixtureNames, lateAnswerNames, readLateAnswer, readOffer } from '../unit/sdp/corpus.ts';
import { readArguments, runSubject } from './command-line.ts';
import { mutate, pick } from './mutate.ts';
import type { FuzzSubject } from './runner.ts';
import { brokenRule } from './sdp-rules.ts';

const TEXTS = [...fixtureNames().map(readOffer), ...lateAnswerNames().map(readLateAnswer)];

export const subject: FuzzSubject = {
  name: 'sdp',
  next: random => mutate(pick(random, TEXTS), random),
  check: brokenRule,
};

if (import.meta.main) runSubject(subject, readArguments(process.argv.slice(2)));
