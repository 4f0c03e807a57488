import i18next, { type TFunction } from 'i18next';
import { ERROR_WORDS } from '../../../contract/error-words.ts';

/** What went wrong and what to do: in the pages' own words, else those of the table of errors. */
export function problemText({ code, message }: { code: string; message: string }, t: TFunction) {
  const { meaning, nextStep } = wordsOf(code);
  const ofTable = meaning && `${meaning} ${nextStep}`;
  return t(`problems.${code}`, { defaultValue: ofTable ?? t('problems.other', { message }) });
}

/** Why a call ended or did not come about, in plain words; the code itself where there are none. */
export function reasonText(code: string, t: TFunction, usual = code): string {
  return t(`reasons.${code}`, { defaultValue: wordsOf(code).meaning ?? usual });
}

/** What to do about it; empty where nothing is known. */
export function nextStepText(code: string, t: TFunction): string {
  return t(`nextSteps.${code}`, { defaultValue: wordsOf(code).nextStep ?? '' });
}

function wordsOf(code: string): { readonly meaning?: string; readonly nextStep?: string } {
  if (!isKnown(code)) return {};
  const language = i18next.language === 'vi' ? 'vi' : 'en';
  const { meaning, nextStep } = ERROR_WORDS[code];
  return { meaning: meaning[language], nextStep: nextStep[language] };
}

function isKnown(code: string): code is keyof typeof ERROR_WORDS {
  return Object.hasOwn(ERROR_WORDS, code);
}
