import { ERROR_WORDS } from './error-words.ts';
import type { Words } from './words.ts';

export type { Words } from './words.ts';

/** Ends of calls that are no errors, with what to do next. */
const NORMAL_ENDS: Readonly<Record<string, Words>> = {
  'peer-hangup': {
    vi: 'Điểm cầu đã ngắt cuộc gọi. Gọi lại nếu cần.',
    en: 'The site hung up. Call again if it is needed.',
  },
  'room-hangup': { vi: 'Cuộc họp đã kết thúc.', en: 'The conference has ended.' },
  operator: {
    vi: 'Người điều hành đã ngắt cuộc gọi. Gọi lại nếu cần.',
    en: 'An operator ended the call. Call again if it is needed.',
  },
  cancelled: {
    vi: 'Cuộc gọi đã bị huỷ trước khi có người nghe. Gọi lại nếu cần.',
    en: 'The call was cancelled before it was answered. Call again if it is needed.',
  },
  shutdown: {
    vi: 'Hệ thống đã khởi động lại. Cuộc gọi sẽ được gọi lại nếu cuộc họp còn tiếp tục.',
    en: 'The system was restarted. It calls again if the meeting goes on.',
  },
  crash: {
    vi: 'Hệ thống bị dừng đột ngột giữa cuộc gọi. Xem nhật ký của máy chủ vào lúc đó.',
    en: 'The system was stopped without warning. Look at the server’s log of that time.',
  },
};

const UNKNOWN: Words = {
  vi: 'Một phần của hệ thống không hoạt động. Xem trang tình trạng hệ thống, rồi gọi lại.',
  en: 'A part of this system does not work. Look at the system health, then call again.',
};

const ERRORS: Readonly<Record<string, { readonly meaning: Words; readonly nextStep: Words }>> =
  ERROR_WORDS;

/** How a call to or from a site ended, in plain words, with what to do next. */
export function endWords(code: string): Words {
  const normal = NORMAL_ENDS[code];
  if (normal) return normal;
  const error = ERRORS[code];
  if (!error) return UNKNOWN;
  const { meaning, nextStep } = error;
  return { vi: `${meaning.vi} ${nextStep.vi}`, en: `${meaning.en} ${nextStep.en}` };
}
