import { isSame } from './merge.ts';

/** One field of what was changed, before and after. */
export interface FieldChange {
  readonly field: string;
  readonly before: string;
  readonly after: string;
}

/** What differs between two states of a thing, field by field; all of it when one is missing. */
export function changesBetween(before: unknown, after: unknown): FieldChange[] {
  const [old, now] = [asRecord(before), asRecord(after)];
  const fields = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  return fields
    .filter(field => !isSame(old[field], now[field]))
    .map(field => ({ field, before: text(old[field]), after: text(now[field]) }));
}

function asRecord(value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  return value === undefined || value === null ? {} : { '': value };
}

function text(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
