/** Why a call ended, in plain words: what the call log's `verdict.reason` means to people. */
import { CALL_ENDS } from './call-ends.ts';
import { ERROR_WORDS, type ErrorWords } from './error-words.ts';
import type { Words } from './words.ts';

/** Reasons that are neither ends of a call as others see it, nor errors. */
const OTHER_ENDS: Readonly<Record<string, Words>> = {
  crash: {
    vi: 'Hệ thống bị dừng đột ngột giữa cuộc gọi. Xem nhật ký của máy chủ vào lúc đó.',
    en: 'The system was stopped without warning during the call. Look at the server’s log of that time.',
  },
};

const UNKNOWN: Words = {
  vi: 'Cuộc gọi đã kết thúc vì một lý do chưa có lời giải thích. Xem các bản tin của cuộc gọi.',
  en: 'The call ended for a reason that has no words yet. Look at its messages.',
};

/** What happened and what to do next; those of the error where a call's end has none of its own. */
export function verdictWords(reason: string): Words {
  const errors: Readonly<Record<string, ErrorWords>> = ERROR_WORDS;
  const error = errors[reason];
  return CALL_ENDS[reason] ?? OTHER_ENDS[reason] ?? (error && inOneText(error)) ?? UNKNOWN;
}

function inOneText({ meaning, nextStep }: ErrorWords): Words {
  return { vi: `${meaning.vi} ${nextStep.vi}`, en: `${meaning.en} ${nextStep.en}` };
}
