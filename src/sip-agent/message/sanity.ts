import { addressIn, isRequestUri, tagIn } from './address.ts';
import { contactUri } from './contact.ts';
import {
  callIdOf,
  cseqOf,
  headerList,
  headerOf,
  type SipRequest,
  type SipResponse,
  type WithHeaders,
} from './message.ts';
import { topVia } from './via.ts';

export interface Fault {
  readonly status: 400 | 416 | 505;
  /** For the Warning header, which no program reads. */
  readonly text: string;
}

const SCHEMES = /^(?:sips?|tel):/i;
/** What names a dialog; a bar in it would part the tokens of the application protocol. RFC 3261 §25.1. */
const IDENTIFIERS = [
  callIdOf,
  (message: WithHeaders) => tagIn(message, 'from') ?? '-',
  (message: WithHeaders) => tagIn(message, 'to') ?? '-',
];
const NAME = /^[^\s|]+$/;
const MANDATORY = ['via', 'from', 'to', 'call-id', 'cseq'] as const;
const SINGLE = ['from', 'to', 'call-id', 'cseq', 'max-forwards', 'content-length'] as const;
/** Requests that make a dialog must say where the peer is reached in it; RFC 3261 §8.1.1.8. */
const NEED_CONTACT = ['INVITE', 'SUBSCRIBE'];

/** Whether a response could find its way back at all. */
export function isAnswerable(request: SipRequest): boolean {
  return MANDATORY.every(key => headerOf(request, key) !== undefined);
}

/** What makes a request unfit to be handled; undefined when nothing does. RFC 3261 §8.1.1, §8.2. */
export function faultOf(request: SipRequest): Fault | undefined {
  if (request.version !== 'SIP/2.0') return { status: 505, text: 'unknown version' };
  const text = headerFault(request) ?? valueFault(request) ?? contactFault(request);
  if (text !== undefined) return { status: 400, text };
  // What is no URI at all was found above.
  return SCHEMES.test(request.uri) ? undefined : { status: 416, text: 'unknown scheme' };
}

/** Whether a response says clearly enough what it answers and who says it; others are dropped. */
export function isReadable(response: SipResponse): boolean {
  const hasTo = addressIn(response, 'to') !== undefined;
  return hasTo && cseqOf(response) !== undefined && isNamed(response);
}

function isNamed(message: WithHeaders): boolean {
  return IDENTIFIERS.every(read => NAME.test(read(message)));
}

function headerFault(request: SipRequest): string | undefined {
  const missing = MANDATORY.find(key => !headerOf(request, key));
  if (missing) return `missing ${missing}`;
  const repeated = SINGLE.find(key => request.headers.filter(h => h.key === key).length > 1);
  return repeated && `more than one ${repeated}`;
}

function valueFault(request: SipRequest): string | undefined {
  if (!isRequestUri(request.uri)) return 'bad request-uri';
  if (!topVia(request)) return 'bad via';
  const cseq = cseqOf(request);
  if (!cseq) return 'bad cseq';
  if (cseq.method !== request.method) return 'cseq method differs';
  // Without a tag it is of RFC 2543, whose devices are still there; RFC 3261 §12.1.1.
  if (!addressIn(request, 'from')) return 'bad from';
  if (!addressIn(request, 'to')) return 'bad to';
  if (!isNamed(request)) return 'bad call-id or tag';
  return undefined;
}

function contactFault(request: SipRequest): string | undefined {
  const contacts = headerList(request, 'contact');
  const isInDialog = tagIn(request, 'to') !== undefined;
  if (NEED_CONTACT.includes(request.method) && !isInDialog && contactUri(request) === undefined)
    return 'missing contact';
  // RFC 3261 §20: a question mark must stand in brackets.
  if (contacts.some(value => !value.includes('<') && value.includes('?'))) return 'bad contact';
  if (request.method !== 'REGISTER' || !contacts.includes('*')) return undefined;
  // RFC 3261 §10.2.2: `*` unregisters, and nothing else.
  return contacts.length > 1 || Number(headerOf(request, 'expires')) !== 0
    ? 'contact * needs expires 0'
    : undefined;
}
