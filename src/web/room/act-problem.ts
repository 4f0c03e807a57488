import { ERROR_WORDS } from '../../contract/error-words.ts';

export interface ProblemWords {
  readonly meaning: string;
  readonly nextStep: string;
}

/**
 * Why an act of a chair was refused and what to do, in the words of the error table.
 *
 * @param code one of the error table; another one is a fault of ours
 */
export function problemOf(code: string, language: string): ProblemWords {
  const known = Object.entries(ERROR_WORDS).find(([one]) => one === code)?.[1];
  const { meaning, nextStep } = known ?? ERROR_WORDS.internal;
  const inWords = language.startsWith('vi') ? 'vi' : 'en';
  return { meaning: meaning[inWords], nextStep: nextStep[inWords] };
}
