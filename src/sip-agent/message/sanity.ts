import { parseAddress, tagOf } from './address.ts';
import { cseqOf, headerList, headerOf, type SipRequest } from './message.ts';
import { topVia } from './via.ts';

export interface Fault {
  readonly status: 400 | 505;
  /** For the Warning header, which no program reads. */
  readonly text: string;
}

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
  return text === undefined ? undefined : { status: 400, text };
}

function headerFault(request: SipRequest): string | undefined {
  const missing = MANDATORY.find(key => !headerOf(request, key));
  if (missing) return `missing ${missing}`;
  const repeated = SINGLE.find(key => request.headers.filter(h => h.key === key).length > 1);
  return repeated && `more than one ${repeated}`;
}

function valueFault(request: SipRequest): string | undefined {
  if (/[\s<>]/.test(request.uri)) return 'bad request-uri';
  if (!topVia(request)) return 'bad via';
  const cseq = cseqOf(request);
  if (!cseq) return 'bad cseq';
  if (cseq.method !== request.method) return 'cseq method differs';
  if (tagOf(headerOf(request, 'from')) === undefined) return 'from without tag';
  if (!parseAddress(headerOf(request, 'to') ?? '')) return 'bad to';
  return undefined;
}

function contactFault(request: SipRequest): string | undefined {
  const contacts = headerList(request, 'contact');
  const [contact] = contacts;
  const isInDialog = tagOf(headerOf(request, 'to')) !== undefined;
  if (NEED_CONTACT.includes(request.method) && !isInDialog && !parseAddress(contact ?? ''))
    return 'missing contact';
  if (request.method !== 'REGISTER' || !contacts.includes('*')) return undefined;
  // RFC 3261 §10.2.2: `*` unregisters, and nothing else.
  return contacts.length > 1 || Number(headerOf(request, 'expires')) !== 0
    ? 'contact * needs expires 0'
    : undefined;
}
