/** Marks that Vietnamese letters carry, once they are taken apart. */
const MARKS = /\p{M}/gu;

/** Text as it is compared in searches: without diacritics and case, `đ` as `d`. */
export function searchText(...parts: readonly string[]): string {
  const bare = parts.join(' ').normalize('NFD').replace(MARKS, '').toLowerCase();
  return bare.replaceAll('đ', 'd').replace(/\s+/g, ' ').trim();
}
