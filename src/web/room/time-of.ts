/** A time of day as people say it, with the day when it is not today. */
export function timeOf(atMs: number, language: string, nowMs = Date.now()): string {
  const isToday = new Date(atMs).toDateString() === new Date(nowMs).toDateString();
  const day = isToday ? {} : ({ day: 'numeric', month: 'numeric' } as const);
  const format = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', ...day });
  return format.format(atMs);
}
