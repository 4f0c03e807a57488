/**
 * Makes strange SDP regular before it is parsed: what devices send and no
 * parser takes. Only layout is touched, never a value's meaning.
 */

/** One `x=` line each, joined by CRLF; wrapped lines are put back on theirs. */
export function tidySdp(text: string): string {
  const lines: string[] = [];
  for (const raw of text.replaceAll('\0', '').split(/\r\n|\n|\r/)) {
    const line = raw.trim();
    if (line === '') continue;
    if (/^[a-z]\s*=/i.test(line)) lines.push(tidyLine(line));
    else if (lines.length > 0) lines.push(`${lines.pop()}${joint(lines.at(-1), line)}${line}`);
  }
  return `${lines.join('\r\n')}\r\n`;
}

function tidyLine(line: string): string {
  const type = line.charAt(0).toLowerCase();
  const value = line.slice(line.indexOf('=') + 1).trim();
  if (type === 's' && value === '') return 's=-';
  return `${type}=${value.replace(/[ \t]+/g, ' ')}`;
}

/** A wrapped fmtp goes on after its semicolon; anything else after a space. */
function joint(_before: string | undefined, rest: string): string {
  return rest.startsWith(';') ? '' : ' ';
}
