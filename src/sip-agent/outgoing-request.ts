/** A request as it goes out, and those that follow from it: its CANCEL, the ACK of its failure. */
import { type AppMessage, appHeader, contentType, otherHeaders } from './drachtio/app-message.ts';
import { writtenHost } from './message/address.ts';
import { headerOf, type SipResponse } from './message/message.ts';
import { headerKey } from './message/names.ts';
import { parseMessage } from './message/parse.ts';
import { type HeaderLine, newBranch, serialize } from './message/serialize.ts';
import { REASONS } from './responses.ts';
import type { Flow } from './transport/flow.ts';

export interface Outgoing {
  readonly method: string;
  readonly uri: string;
  readonly headers: readonly HeaderLine[];
  readonly body: Buffer;
  readonly flow: Flow;
  readonly branch: string;
}

/** Headers that are not copied from the application's message but written by us. */
const OURS = [
  'via',
  'max-forwards',
  'from',
  'to',
  'call-id',
  'cseq',
  'contact',
  'content-type',
  'p-asserted-identity',
];
const DEFAULT_MAX_FORWARDS = '70'; // RFC 3261 §8.1.1.6
/** What a CANCEL and an ACK of a failure share with their INVITE; RFC 3261 §9.1, §17.1.1.3. */
const KEPT_WITH_BRANCH = ['Via', 'Max-Forwards', 'From', 'To', 'Call-ID', 'Route'];

/**
 * The application's request, completed.
 *
 * @param ownHeaders From, To, Call-ID, CSeq and what else the dialog brings
 * @throws Error when there is a body and nobody knows of what type
 */
export function outgoingRequest(
  line: { readonly method: string; readonly uri: string },
  flow: Flow,
  message: AppMessage,
  ownHeaders: readonly HeaderLine[],
): Outgoing {
  const branch = newBranch();
  const sentBy = `${writtenHost(flow.localHost)}:${flow.localPort}`;
  const headers: HeaderLine[] = [
    ['Via', `SIP/2.0/${flow.protocol.toUpperCase()} ${sentBy};rport;branch=${branch}`],
    ['Max-Forwards', appHeader(message, 'max-forwards') ?? DEFAULT_MAX_FORWARDS],
    ...ownHeaders,
    ...otherHeaders(message, OURS),
    ...contentType(message),
  ];
  return { ...line, headers, body: message.body, flow, branch };
}

/** Its bytes. */
export function encode({ method, uri, headers, body }: Outgoing): Buffer {
  return serialize(`${method} ${uri} SIP/2.0`, headers, body);
}

/** A header of it, '' when it is not there. */
export function headerValue({ headers }: Outgoing, name: string): string {
  const key = headerKey(name);
  return headers.find(([other]) => headerKey(other) === key)?.[1] ?? '';
}

export function seqOf(outgoing: Outgoing): number {
  return Number(headerValue(outgoing, 'CSeq').split(' ')[0]);
}

/** Credentials that the ACK of a 2xx repeats; RFC 3261 §22.1. */
export function credentialsOf({ headers }: Outgoing): HeaderLine[] {
  return headers.filter(([name]) => /^(?:proxy-)?authorization$/i.test(name));
}

/** The CANCEL of an INVITE, with what the application adds to it; RFC 3261 §9.1. */
export function cancelOf(invite: Outgoing, message?: AppMessage): Outgoing {
  const added = message ? otherHeaders(message, OURS) : [];
  const headers = [...branchHeaders(invite, 'CANCEL'), ...added];
  return { ...invite, method: 'CANCEL', headers, body: Buffer.alloc(0) };
}

/** The ACK of a 3xx-6xx: the INVITE's branch, the response's To; RFC 3261 §17.1.1.3. */
export function ackOfFailure(invite: Outgoing, response: SipResponse): Outgoing {
  const headers = branchHeaders(invite, 'ACK').map(line =>
    line[0] === 'To' ? (['To', headerOf(response, 'to') ?? line[1]] as const) : line,
  );
  return { ...invite, method: 'ACK', headers, body: Buffer.alloc(0) };
}

/** What the application hears when the network says nothing; RFC 3261 §8.1.3.1. */
export function syntheticResponse(outgoing: Outgoing, status: 408 | 503): SipResponse {
  const copied = outgoing.headers.filter(([name]) =>
    ['Via', 'From', 'To', 'Call-ID', 'CSeq'].includes(name),
  );
  const data = serialize(`SIP/2.0 ${status} ${REASONS[status]}`, copied, Buffer.alloc(0));
  const parsed = parseMessage(data);
  if (!parsed.ok || parsed.message.kind !== 'response') throw new Error('own response unreadable');
  return parsed.message;
}

function branchHeaders(invite: Outgoing, method: string): HeaderLine[] {
  const copied = invite.headers.filter(([name]) => KEPT_WITH_BRANCH.includes(name));
  return [...copied, ['CSeq', `${seqOf(invite)} ${method}`]];
}
