/** Control characters, and the marks that turn the direction of what follows: a name could look like another. */
const HIDDEN = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

export const PLAIN = 'no control characters and no marks that turn the direction of writing';

export function isPlain(text: string): boolean {
  return !HIDDEN.test(text);
}
