/**
 * Makes strange SDP regular before it is parsed: what devices send and no
 * parser takes. Only layout is touched, never a value's meaning.
 */

/** The types of RFC 8866 §5; parameters of a wrapped fmtp (`CIF=1`, `V=2`) are not among them. */
const TYPED_LINE = /^[a-z]\s*=/;
const MEDIA_LINE = /^m\s*=\s*\S+\s+\d/;
/** `a=fmtp:97 profile-level…`: from here on only a semicolon separates. */
const FMTP_WITH_VALUE = /^a=fmtp:\s?\d+ \S/;
const ODD_SPACE = /\s\s|[^\S ]/;
/** Characters at which a value goes on without a space. */
const GLUE = '-=;,:/';

/** One `x=` line each, joined by CRLF; wrapped lines are put back on theirs. */
export function tidySdp(text: string): string {
  const lines: string[] = [];
  let pieces: string[] = [];
  for (const raw of withoutControls(text).split(/\r\n|\n|\r/)) {
    const piece = raw.trim();
    if (piece === '') continue;
    if (startsLine(piece, pieces.at(-1))) {
      if (pieces.length > 0) lines.push(tidyLine(pieces.join('')));
      pieces = [piece];
    } else if (pieces.length > 0) {
      pieces.push(joint(pieces, piece) + piece);
    }
  }
  if (pieces.length > 0) lines.push(tidyLine(pieces.join('')));
  return `${lines.join('\r\n')}\r\n`;
}

function withoutControls(text: string): string {
  return text.replace(/[^\P{Cc}\t\r\n]/gu, '');
}

/** `m=6;max_n=30` after a semicolon is the rest of an fmtp (FEC of Cisco), not a medium. */
function startsLine(piece: string, before: string | undefined): boolean {
  if (!TYPED_LINE.test(piece)) return false;
  return !(piece.startsWith('m') && before?.endsWith(';') && !MEDIA_LINE.test(piece));
}

/** A wrapped fmtp goes on as if it had not been wrapped; other values after a space. */
function joint(pieces: readonly string[], rest: string): string {
  const before = pieces.at(-1) ?? '';
  if (GLUE.includes(before.slice(-1)) || GLUE.includes(rest.charAt(0))) return '';
  return FMTP_WITH_VALUE.test(pieces[0] ?? '') ? '' : ' ';
}

function tidyLine(line: string): string {
  const type = line.charAt(0);
  const untidy = line.slice(line.indexOf('=') + 1).trim();
  const value = ODD_SPACE.test(untidy) ? untidy.replace(/\s+/g, ' ') : untidy;
  if (type === 's' && value === '') return 's=-';
  return `${type}=${type === 'a' ? tidyAttribute(value) : value}`;
}

/** `rtpmap : 97 …` → `rtpmap:97 …`. */
function tidyAttribute(value: string): string {
  if (!value.includes(' :') && !value.includes(': ')) return value;
  return value.replace(/^([\w-]+) ?: ?/, '$1:');
}
