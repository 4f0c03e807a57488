import type { TracedMessage } from '../calls/ports.ts';
import { redactSdp } from '../sdp/index.ts';

/** More than a normal call of a day has; the first ones tell most. */
const MAX_MESSAGES = 60;
const MAX_TEXT_CHARS = 12_000;

/** What proves who somebody is; RFC 3261 §20.7, §20.28, and their answers. */
const SECRET_HEADER =
  /^((?:proxy-)?authorization|(?:www|proxy)-authenticate|authentication-info)\s*:.*(?:\r?\n[ \t].*)*/gim;

/** The messages of one call as this program saw them, secrets taken out. */
export class Ladder {
  readonly #messages: TracedMessage[] = [];

  get messages(): readonly TracedMessage[] {
    return this.#messages;
  }

  received(raw: string): void {
    this.#note('in', raw);
  }

  /** The server adds the rest of the headers. */
  sent(startLine: string, body = ''): void {
    this.#note('out', body === '' ? startLine : `${startLine}\r\n\r\n${body}`);
  }

  #note(direction: TracedMessage['direction'], raw: string): void {
    if (this.#messages.length >= MAX_MESSAGES) return;
    const text = redactSip(raw).slice(0, MAX_TEXT_CHARS);
    const [summary = ''] = text.split(/\r?\n/, 1);
    this.#messages.push({ atMs: Date.now(), direction, summary, text });
  }
}

/** A SIP message without credentials, its SDP without keys and names. */
export function redactSip(raw: string): string {
  const [head = '', ...bodies] = raw.split('\r\n\r\n');
  const body = bodies.join('\r\n\r\n');
  const cleanHead = head.replace(SECRET_HEADER, '$1: [redacted]');
  return body === '' ? cleanHead : `${cleanHead}\r\n\r\n${redactSdp(body)}`;
}
