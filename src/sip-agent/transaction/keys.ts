import { tagIn } from '../message/address.ts';
import { cseqOf, headerOf, type SipMessage, type SipRequest } from '../message/message.ts';
import { MAGIC_COOKIE, topVia } from '../message/via.ts';
import { canonicalHost } from '../transport/host.ts';

/**
 * What a request's server transaction is found by: branch, sent-by and method,
 * where ACK and CANCEL look for the INVITE's; RFC 3261 §17.2.3. Devices older
 * than that get a key of Call-ID, From tag, CSeq and sent-by.
 */
export function serverKey(request: SipRequest, method = methodForMatching(request)): string {
  const via = topVia(request);
  const sentBy = `${canonicalHost(via?.host ?? '')}:${via?.port ?? ''}`;
  const branch = via?.params.get('branch') ?? '';
  if (branch.startsWith(MAGIC_COOKIE) && branch.length > MAGIC_COOKIE.length)
    return `${branch}|${sentBy}|${method}`;
  const callId = headerOf(request, 'call-id');
  return `${callId}|${tagIn(request, 'from')}|${cseqOf(request)?.number}|${sentBy}|${method}`;
}

/** What a response's client transaction is found by; RFC 3261 §17.1.3. */
export function clientKey(branch: string, method: string): string {
  return `${branch}|${method}`;
}

export function responseKey(response: SipMessage): string {
  return clientKey(topVia(response)?.params.get('branch') ?? '', cseqOf(response)?.method ?? '');
}

function methodForMatching(request: SipRequest): string {
  return request.method === 'ACK' ? 'INVITE' : request.method;
}
