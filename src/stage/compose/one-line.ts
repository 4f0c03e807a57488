/** A letter is on average 0.6 of its size wide. */
const LETTER_WIDTH = 0.6;

/** Composed, and without controls and line breaks. */
export function cleaned(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim();
}

/** About how many letters fit in a width. */
export function lettersIn(width: number, fontSize: number): number {
  return Math.max(4, Math.floor((width * 0.96) / (fontSize * LETTER_WIDTH)));
}

/** A text that is too long ends in `…`. */
export function cutOff(text: string, fits: number): string {
  return text.length <= fits ? text : `${text.slice(0, fits - 1)}…`;
}
