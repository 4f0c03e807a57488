/**
 * A text as it is searched in and sorted by: small letters without marks, the same in every
 * database. “Xã Đồng Hới” is `xa dong hoi`.
 */
export function folded(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replaceAll('đ', 'd')
    .replace(/\s+/g, ' ')
    .trim();
}

/** What to look for with LIKE and `\` as its escape: one pattern a word. */
export function searchPatterns(query: string): string[] {
  return folded(query)
    .split(' ')
    .filter(word => word !== '')
    .map(word => `%${word.replace(/[\\%_]/g, '\\$&')}%`);
}
