/** A response of the application, with all that the server adds to it. */
import {
  type AppMessage,
  appHeaders,
  contentType,
  otherHeaders,
  ownContact,
  withoutLocalhost,
} from './drachtio/app-message.ts';
import { headerList, type SipRequest } from './message/message.ts';
import { headerKey } from './message/names.ts';
import { type HeaderLine, serialize } from './message/serialize.ts';
import type { Pending } from './pending-requests.ts';
import { copiedHeaders } from './responses.ts';

/** Headers that come from the request, or that are written elsewhere in the response. */
const OURS = ['from', 'to', 'call-id', 'cseq', 'contact', 'content-type'];
/** Requests whose 2xx tells the peer where we are in the dialog; RFC 3261 §12.1.1, RFC 3311 §5.2. */
const WITH_CONTACT = ['INVITE', 'SUBSCRIBE', 'UPDATE'];

/**
 * The response as it goes on the wire, and the Contact in it, empty when there is none.
 *
 * @param added headers of ours, in place of the application's
 * @throws Error when there is a body and nobody knows of what type
 */
export function applicationResponse(
  { request, flow, toTag }: Pick<Pending, 'request' | 'flow' | 'toTag'>,
  status: number,
  message: AppMessage,
  added: readonly HeaderLine[] = [],
): { readonly data: Buffer; readonly contact: string } {
  const given = appHeaders(message, 'contact').map(value => withoutLocalhost(value, flow));
  const isReliable = added.some(([name]) => name === 'RSeq');
  const wanted =
    WITH_CONTACT.includes(request.method) && ((status >= 200 && status < 300) || isReliable);
  const contacts = given.length === 0 && wanted ? [ownContact(flow)] : given;
  const headers = [
    ...copiedHeaders(request, flow, status === 100 ? undefined : toTag),
    ...(makesDialog(request, status) ? recordRoutes(request) : []),
    ...contacts.map(value => ['Contact', value] as const),
    ...otherHeaders(message, [...OURS, ...replacedBy(added)]),
    ...added,
    ...contentType(message),
  ];
  const data = serialize(message.startLine, headers, message.body);
  return { data, contact: contacts[0] ?? '' };
}

/** Options that are required are added to those of the application. */
function replacedBy(added: readonly HeaderLine[]): string[] {
  return added.map(([name]) => headerKey(name)).filter(key => key !== 'require');
}

function makesDialog(request: SipRequest, status: number): boolean {
  return ['INVITE', 'SUBSCRIBE'].includes(request.method) && status > 100 && status < 300;
}

function recordRoutes(request: SipRequest): HeaderLine[] {
  return headerList(request, 'record-route').map(route => ['Record-Route', route] as const);
}
