/** Finding by words that are typed as they come, without marks and capitals. */

/** Small letters without marks, so that “tan phu” finds “Tân Phú”. */
export function searchable(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').replace(/[đĐ]/g, 'd').toLowerCase();
}

/** Whether all words of what was typed are in a text. */
export function matches(typed: string, text: string): boolean {
  const inText = searchable(text);
  return searchable(typed)
    .split(/\s+/)
    .every(word => inText.includes(word));
}
