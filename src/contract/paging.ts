/** Lists of `/api/v1`: a part of them, in an order, of what matches. */
import { z } from 'zod';

const MAX_ITEMS = 500;

/**
 * What every list takes in its address. `sort` is a field's name, with `-` before it for
 * the other direction; each list says which it knows, and which it has when nothing is said.
 */
export function listQuery<const Field extends string>(
  fields: readonly [Field, ...Field[]],
  usual: NoInfer<Direction<Field>> = fields[0],
) {
  const directions = fields.flatMap((field): Direction<Field>[] => [field, `-${field}`]);
  const Sort: z.ZodType<Direction<Field>> = z.enum(directions).default(usual as never);
  return z.strictObject({
    /** Words that have to be in it, without regard to diacritics and case. */
    q: z.string().trim().max(100).optional(),
    sort: Sort,
    limit: z.coerce.number().int().min(1).max(MAX_ITEMS).default(50),
    offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
  });
}

type Direction<Field extends string> = Field | `-${Field}`;

/** A part of a list; `total` counts all that match. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), total: z.number().int() });
}

export interface Page<Item> {
  readonly items: Item[];
  readonly total: number;
}

/** Grows by one with every change; who changes something says which one was seen. */
export const Version = z.number().int().min(1);

export const IdParam = z.strictObject({ id: z.string().min(1).max(100) });
