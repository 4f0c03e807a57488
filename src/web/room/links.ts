/** Addresses in what people write. */

/** A piece of a text: words, or an address to click. */
export type TextPiece =
  | { readonly text: string; readonly href?: undefined }
  | { readonly text: string; readonly href: string };

const ADDRESS = /https?:\/\/[^\s<>"“”]+/gi;
const SENTENCE_END = /[.,;:!?'’…)\]}]$/;
const PAIRS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/** The text in pieces, whole when put together; only http and https addresses can be clicked. */
export function pieces(text: string): readonly TextPiece[] {
  const found: TextPiece[] = [];
  let end = 0;
  for (const { 0: match, index } of text.matchAll(ADDRESS)) {
    const address = withoutSentenceEnd(match);
    const href = hrefOf(address);
    if (href === undefined) continue;
    if (index > end) found.push({ text: text.slice(end, index) });
    found.push({ text: address, href });
    end = index + address.length;
  }
  if (end < text.length) found.push({ text: text.slice(end) });
  return found;
}

/** A full stop behind an address is the sentence's; a bracket is when none was opened in it. */
function withoutSentenceEnd(address: string): string {
  let rest = address;
  for (;;) {
    const last = rest.at(-1) ?? '';
    const opening = PAIRS[last];
    const isOfAddress = opening !== undefined && count(rest, opening) >= count(rest, last);
    if (!SENTENCE_END.test(rest) || isOfAddress) return rest;
    rest = rest.slice(0, -1);
  }
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

function hrefOf(address: string): string | undefined {
  return URL.canParse(address) ? new URL(address).href : undefined;
}
