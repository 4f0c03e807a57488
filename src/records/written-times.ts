import { WALL_TIME_ZONE } from '../contract/record-name.ts';
import type { RecordLanguage } from '../contract/records.ts';

const LOCALES: Readonly<Record<RecordLanguage, string>> = { vi: 'vi-VN', en: 'en-GB' };

/** Like `26/11/2026 08:05`. */
export function dateAndTime(atMs: number, language: RecordLanguage): string {
  const day = format(atMs, language, { day: '2-digit', month: '2-digit', year: 'numeric' });
  return `${day} ${timeOfDay(atMs, language)}`;
}

/** Like `08:05`. */
export function timeOfDay(atMs: number, language: RecordLanguage): string {
  return format(atMs, language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
}

function format(atMs: number, language: RecordLanguage, parts: Intl.DateTimeFormatOptions): string {
  const how = { ...parts, timeZone: WALL_TIME_ZONE };
  return new Intl.DateTimeFormat(LOCALES[language], how).format(atMs);
}
