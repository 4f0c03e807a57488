/** Cells as people and spreadsheets write them, as the contract has them. */
import { bare } from './columns.ts';

/** What a cell says; undefined when it says nothing that can be. */
export type ReadValue<T> = (text: string) => T | undefined;

/** A number as it was typed: Excel's `1001.0` is 1001. */
export function digits(text: string): string {
  const compact = text.replace(/[\s.\u00a0]+(?=\d{3}\b)/g, '').trim();
  return /^\d+[.,]0+$/.test(text.trim()) ? text.trim().replace(/[.,]0+$/, '') : compact;
}

/** `8.49E+10`: digits are lost. */
export function isMangled(text: string): boolean {
  return /^\d+(?:[.,]\d+)?E\+?\d+$/i.test(text.trim());
}

/**
 * A telephone number. A spreadsheet that takes it for a number drops the zero in front: those of
 * Viet Nam have ten digits (mobile) or eleven (fixed, 02…).
 */
export function phone(text: string): string {
  const number = text.trim().replace(/[.,]0+$/, '');
  return /^[35789]\d{8}$/.test(number) || /^2\d{9}$/.test(number) ? `0${number}` : number;
}

/** Words for each of some values. */
export function oneOf<const T extends string>(
  words: Readonly<Record<T, readonly string[]>>,
): ReadValue<T> {
  const known = new Map(
    (Object.keys(words) as T[]).flatMap(value =>
      [value, ...words[value]].map(word => [bare(word), value] as const),
    ),
  );
  return text => known.get(bare(text));
}

/** How layouts are called in files. */
export const LAYOUT_WORDS = {
  auto: ['tự động'],
  speaker: ['người nói', 'người phát biểu'],
  grid: ['lưới', 'chia đều'],
  lecture: ['hội trường', 'giảng bài'],
  'hq-speaker': ['chủ trì và người nói', 'chủ tọa và người nói'],
  full: ['toàn màn hình'],
} as const;

const UNITS: readonly (readonly [RegExp, number])[] = [
  [/^(?:g|gb|gbps|gbits)$/, 1_000_000_000],
  [/^(?:m|mb|mbps|mbits|mega)$/, 1_000_000],
  [/^(?:k|kb|kbps|kbits)$/, 1_000],
  [/^(?:bps|bits)$/, 1],
];

/** `10`, `10 Mbps`, `512k`; a number alone is in Mbit/s, and what is too large for that in bit/s. */
export function speedBps(text: string): number | undefined {
  const [, amount = '', unit = ''] = /^([\d.,]+)\s*([a-z/]*)$/i.exec(text.trim()) ?? [];
  const value = Number(amount.replace(',', '.'));
  if (amount === '' || !Number.isFinite(value)) return undefined;
  const name = unit.toLowerCase().replace('/s', 's').replace('bits', 'bits');
  if (name === '') return Math.round(value >= 64_000 ? value : value * 1_000_000);
  const scale = UNITS.find(([pattern]) => pattern.test(name))?.[1];
  return scale === undefined ? undefined : Math.round(value * scale);
}

export const yesOrNo = (text: string): boolean | undefined => {
  const word = YES_OR_NO(text);
  return word === undefined ? undefined : word === 'yes';
};

const YES_OR_NO = oneOf({
  yes: ['có', 'x', '1', 'true', 'y', 'đúng', 'bật', 'on'],
  no: ['không', '0', 'false', 'n', 'sai', 'tắt', 'off'],
});

/** Things in one cell, each on its own line or with `;` or `,` between them. */
export function list(text: string): string[] {
  const parts = text.split(/[;,\n\r]+/).map(part => part.trim());
  return parts.filter(part => part !== '');
}

/** `2026-12-01T07:30`, `2026-12-01 7:30` or as it is written in Viet Nam, `01/12/2026 7:30`. */
export function localTime(text: string): string | undefined {
  const time = text.trim().replace(/h(\d{2})$/i, ':$1');
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})[T ]+(\d{1,2}):(\d{2})/.exec(time);
  const vi = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})[T, ]+(\d{1,2}):(\d{2})/.exec(time);
  const [year, month, day, hour, minute] = iso
    ? iso.slice(1)
    : [vi?.[3], vi?.[2], vi?.[1], vi?.[4], vi?.[5]];
  if (!year || !month || !day || !hour || !minute) return undefined;
  const two = (part: string) => part.padStart(2, '0');
  const written = `${year}-${two(month)}-${two(day)}T${two(hour)}:${minute}`;
  const back = new Date(`${written}Z`);
  return !Number.isNaN(back.getTime()) && back.toISOString().startsWith(written)
    ? written
    : undefined;
}

/** Takes off what `export-table.ts` put before a cell that a spreadsheet would take for a formula. */
export function withoutGuard(text: string): string {
  return /^'+[=+\-@\t\r]/.test(text) ? text.slice(1) : text;
}
