/** Times and amounts as people write them, in the language of the page. */

export function dateTime(atMs: number, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'short', timeStyle: 'short' }).format(atMs);
}

export function clockTime(atMs: number, language: string, withSeconds = false): string {
  const second = withSeconds ? ({ second: '2-digit' } as const) : {};
  const format = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', ...second } as const;
  return new Intl.DateTimeFormat(language, format).format(atMs);
}

export function longDate(atMs: number, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'full' }).format(atMs);
}

const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
];

/** Like “3 minutes ago” or “in 2 hours”. */
export function fromNow(atMs: number, nowMs: number, language: string): string {
  const apartMs = atMs - nowMs;
  const [unit, sizeMs] = UNITS.find(([, size]) => Math.abs(apartMs) >= size) ?? ['second', 1000];
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  return format.format(Math.round(apartMs / sizeMs), unit);
}

/** Like `1:02:03` or `2:03`. */
export function duration(ms: number): string {
  const totalSec = Math.max(0, Math.floor(ms / 1000));
  const [hours, minutes, seconds] = [
    Math.floor(totalSec / 3600),
    Math.floor(totalSec / 60) % 60,
    totalSec % 60,
  ];
  const two = (value: number) => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}

export function bitrate(bps: number, language: string): string {
  const [value, unit] = bps >= 1_000_000 ? [bps / 1_000_000, 'Mbit/s'] : [bps / 1000, 'kbit/s'];
  return `${number(value, language, 1)} ${unit}`;
}

export function bytes(size: number, language: string): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = size > 0 ? Math.min(units.length - 1, Math.floor(Math.log10(size) / 3)) : 0;
  return `${number(size / 1000 ** power, language, 1)} ${units[power]}`;
}

export function percent(ratio: number, language: string): string {
  const format = { style: 'percent', maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(language, format).format(ratio);
}

export function number(value: number, language: string, digits = 0): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value);
}
